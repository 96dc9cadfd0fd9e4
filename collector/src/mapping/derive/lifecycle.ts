import type { EventContent, EventStatus } from '@signalbox/event-model';
import type { DerivedEvent } from '../derivation.ts';
import { eventId } from '../reading/identifiers.ts';
import type { ApprovalRequest } from './approval-requests.ts';
import { containerEventId, parentEventId, toEvent, type Scene } from './scene.ts';
import type { SpanView } from './span-view.ts';

/** Input or output of an agent or node, as its span states it. */
export function lifecycleContent(span: SpanView | null, side: 'input' | 'output'): EventContent {
  const part = span?.facts.io?.[side]() ?? null;
  return { kind: 'lifecycle', input: side === 'input' ? part : null, output: side === 'output' ? part : null };
}

/** Start and end events of the agents. Workflows are the run itself and give none. */
export function agentEvents(scene: Scene, requests: readonly ApprovalRequest[]): DerivedEvent[] {
  const open = new Set(requests.filter((request) => request.resolution === null).flatMap((request) => request.keys));
  return scene.view.spans
    .filter((span) => span.role === 'agent')
    .flatMap((span) => {
      const status = agentStatus(span, open);
      const started = startEvent(scene, span, status);
      const isOver = (status === 'completed' || status === 'error') && span.facts.interrupts.length === 0;
      return isOver ? [started, endEvent(scene, span, status === 'error')] : [started];
    });
}

function agentStatus(span: SpanView, openKeys: ReadonlySet<string>): EventStatus {
  if (span.pending) return 'in_progress';
  if (span.facts.interrupts.some((interrupt) => interrupt.keys.some((key) => openKeys.has(key)))) return 'waiting';
  return span.facts.failure === null ? 'completed' : 'error';
}

function startEvent(scene: Scene, span: SpanView, status: EventStatus): DerivedEvent {
  return toEvent(scene, {
    id: containerEventId(scene, span),
    type: 'agent_started',
    span,
    parentId: parentEventId(scene, span),
    actor: { kind: 'agent', name: span.facts.title },
    status,
    startNs: span.startNs,
    endNs: span.pending ? null : span.endNs,
    summary: span.facts.title,
    convention: span.facts.convention,
    basis: span.inferred ? 'inferred' : 'declared',
    content: () => lifecycleContent(span, 'input'),
  });
}

function endEvent(scene: Scene, span: SpanView, failed: boolean): DerivedEvent {
  return toEvent(scene, {
    id: eventId(scene.traceId, 'agent_ended', span.spanId),
    type: failed ? 'agent_failed' : 'agent_completed',
    span,
    parentId: containerEventId(scene, span),
    actor: { kind: 'agent', name: span.facts.title },
    status: failed ? 'error' : 'completed',
    startNs: span.endNs,
    endNs: span.endNs,
    summary: failed ? `${span.facts.title} failed: ${span.facts.failure?.message ?? ''}` : span.facts.title,
    convention: span.facts.convention,
    basis: 'declared',
    content: () => lifecycleContent(span, 'output'),
  });
}
