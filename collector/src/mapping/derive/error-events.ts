import type { Actor } from '@signalbox/event-model';
import type { DerivedEvent } from '../derivation.ts';
import type { FailureFacts } from '../facts.ts';
import { NO_MESSAGE } from '../reading/failure.ts';
import { eventId } from '../reading/identifiers.ts';
import { byLogTime, type LogEntry } from './entries.ts';
import { modelRequestId } from './model-calls.ts';
import { actorOf, containerEventId, parentEventId, toEvent, type Scene } from './scene.ts';
import { ancestors, type SpanView } from './span-view.ts';

/** OpenTelemetry severity number from which a log record is an error. */
const ERROR_SEVERITY = 17;

/** Root causes: failed spans whose message no failed span inside them gave already, and errors logged alone. */
export function errorEvents(scene: Scene): DerivedEvent[] {
  const failed = scene.view.spans.filter((span) => span.role !== 'structure' && span.facts.failure !== null);
  const inside = messagesInside(failed);
  const causes = failed.filter((span) => {
    const own = comparable(span.facts.failure?.message ?? '');
    return !(inside.get(span) ?? []).some((message) => repeats(own, message));
  });
  const distinct = withoutRetries(causes);
  const messages = failed.map((span) => comparable(span.facts.failure?.message ?? ''));
  return [...distinct.map((span) => spanError(scene, span)), ...logErrors(scene, messages)];
}

/** A model call that an agent tries again and again fails for one cause: the first attempt tells it. */
function withoutRetries(causes: readonly SpanView[]): SpanView[] {
  const seen = new Set<string>();
  return causes.filter((span) => {
    if (span.role !== 'model' || span.agentSpan === null) return true;
    const cause = `${span.agentSpan.spanId} ${span.facts.model?.name ?? ''} ${comparable(span.facts.failure?.message ?? '')}`;
    if (seen.has(cause)) return false;
    seen.add(cause);
    return true;
  });
}

function messagesInside(failed: readonly SpanView[]): Map<SpanView, string[]> {
  const inside = new Map<SpanView, string[]>();
  for (const span of failed) {
    const message = comparable(span.facts.failure?.message ?? '');
    for (const above of ancestors(span)) {
      const known = inside.get(above);
      if (known === undefined) inside.set(above, [message]);
      else if (!known.includes(message)) known.push(message);
    }
  }
  return inside;
}

function comparable(message: string): string {
  return message
    .replace(/^(\w*Error|\w*Exception):\s*/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Wrappers add words around a cause: either text may contain the other. */
function repeats(outer: string, inner: string): boolean {
  return outer === NO_MESSAGE || inner === NO_MESSAGE || outer.includes(inner) || inner.includes(outer);
}

function spanError(scene: Scene, span: SpanView): DerivedEvent {
  const failure = statedFailure(span);
  const tool = span.role === 'tool' ? span.facts.title : null;
  const model = span.role === 'model' ? (span.facts.model?.name ?? null) : null;
  return toEvent(scene, {
    id: eventId(scene.traceId, 'error', span.spanId),
    type: 'error',
    span,
    parentId: ownEventId(scene, span),
    actor: errorActor(span),
    status: 'error',
    startNs: span.endNs === 0n ? span.startNs : span.endNs,
    endNs: span.endNs === 0n ? span.startNs : span.endNs,
    summary: failure.message,
    model,
    tool,
    convention: span.facts.convention,
    basis: 'declared',
    content: () => ({ kind: 'error', ...failure }),
  });
}

/** A cause without words of its own is told by the nearest failed span around it. */
function statedFailure(span: SpanView): FailureFacts {
  const own = span.facts.failure ?? { message: NO_MESSAGE, errorType: null, stack: null };
  if (own.message !== NO_MESSAGE) return own;
  for (const above of ancestors(span)) {
    const failure = above.facts.failure;
    if (failure !== null && failure.message !== NO_MESSAGE) return failure;
  }
  return own;
}

function errorActor(span: SpanView): Actor {
  if (span.role === 'tool') return { kind: 'tool', name: span.facts.title };
  if (span.role === 'model') return { kind: 'model', name: span.facts.model?.name ?? 'model' };
  if (span.role === 'node') return { kind: 'node', name: span.facts.title };
  return actorOf(span);
}

/** The event of the failed span itself, where it has one. */
function ownEventId(scene: Scene, span: SpanView): string | null {
  if (span.role === 'model') return modelRequestId(scene, span);
  if (span.role === 'tool' || span.role === 'agent' || span.role === 'node') return containerEventId(scene, span);
  return parentEventId(scene, span);
}

function logErrors(scene: Scene, known: readonly string[]): DerivedEvent[] {
  const seen = new Set<string>();
  const events: DerivedEvent[] = [];
  for (const log of [...scene.logs].sort(byLogTime)) {
    const message = comparable(log.text);
    // What a record reports of a call fails that call.
    if (log.spanId !== null || (log.facts?.reports.length ?? 0) > 0) continue;
    if (log.severity < ERROR_SEVERITY || seen.has(message)) continue;
    if (message !== '' && known.some((other) => repeats(other, message))) continue;
    seen.add(message);
    events.push(logError(scene, log));
  }
  return events;
}

function logError(scene: Scene, log: LogEntry): DerivedEvent {
  const failure: FailureFacts = {
    message: log.text === '' ? NO_MESSAGE : log.text,
    errorType: log.errorType,
    stack: null,
  };
  return toEvent(scene, {
    id: eventId(scene.traceId, 'error', 'log', log.key),
    type: 'error',
    span: null,
    parentId: null,
    actor: { kind: 'service', name: log.service ?? 'unknown' },
    status: 'error',
    startNs: log.timeNs,
    endNs: log.timeNs,
    summary: failure.message,
    convention: log.facts?.convention ?? 'log',
    basis: 'declared',
    content: () => ({ kind: 'error', ...failure }),
  });
}
