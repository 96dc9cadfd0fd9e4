import type { ContentPart } from '@signalbox/event-model';
import type { DerivedEvent } from '../derivation.ts';
import { eventId } from '../reading/identifiers.ts';
import { toContent } from '../reading/messages.ts';
import type { ModelCall } from './model-calls.ts';
import { actorOf, parentEventId, toEvent, type Scene } from './scene.ts';
import { valueLine } from './text-limits.ts';
import type { ToolCall } from './tool-calls.ts';

/** Calls and results of the trace's tools. A call resumed from another trace gives its result only. */
export function toolEvents(scene: Scene, calls: readonly ToolCall[]): DerivedEvent[] {
  return calls.flatMap((call) => {
    const events = call.resumed ? [] : [callEvent(scene, call)];
    const result = resultEvent(scene, call);
    return result === null ? events : [...events, result];
  });
}

function callEvent(scene: Scene, call: ToolCall): DerivedEvent {
  const args = valueLine(call.args);
  return toEvent(scene, {
    id: call.id,
    type: 'tool_call',
    span: call.anchor,
    parentId: parentEventId(scene, call.proposal !== null && call.deferred ? call.proposal.call.span : call.anchor),
    actor: actorOf(call.anchor),
    target: { kind: 'tool', name: call.name },
    status: call.status,
    startNs: call.startNs,
    endNs: call.endNs,
    summary: args === '' ? call.name : `${call.name} ${args}`,
    tool: call.name,
    convention: call.anchor.facts.convention,
    basis: call.spans.length > 0 ? 'declared' : 'inferred',
    content: () => ({
      kind: 'tool_call',
      callId: call.callId,
      arguments: argumentContent(call),
      description: call.spans[0]?.facts.tool?.description ?? null,
    }),
  });
}

const NOT_CAPTURED_HINT =
  'The sender reported no content; most SDKs capture it with an option or environment variable.';

function argumentContent(call: ToolCall): ContentPart {
  return call.args === undefined ? { kind: 'not_captured', hint: NOT_CAPTURED_HINT } : toContent(call.args);
}

function resultEvent(scene: Scene, call: ToolCall): DerivedEvent | null {
  const basis = resultBasis(call);
  if (basis === null) return null;
  const span = call.spans.at(-1) ?? call.anchor;
  const failed = call.failure !== null;
  const endNs = call.endNs ?? call.startNs;
  return toEvent(scene, {
    id: eventId(scene.traceId, 'tool_result', call.id),
    type: 'tool_result',
    span,
    parentId: call.resumed ? parentEventId(scene, call.anchor) : call.id,
    actor: { kind: 'tool', name: call.name },
    target: actorOf(call.anchor),
    status: failed ? 'error' : 'completed',
    startNs: endNs,
    endNs,
    summary: resultLine(call, span.facts.tool?.result),
    tool: call.name,
    convention: call.anchor.facts.convention,
    basis,
    content: () => ({
      kind: 'tool_result',
      callId: call.callId,
      result: resultContent(call),
      error: call.failure?.message ?? null,
    }),
  });
}

/** Whether a result was reported by an execution or only shows in a later prompt; null when there is none. */
function resultBasis(call: ToolCall): 'declared' | 'inferred' | null {
  const span = call.spans.at(-1);
  if (call.status === 'rejected') return null;
  if (span?.facts.tool?.unanswered !== undefined) return null;
  if (span !== undefined) return span.pending || span.facts.interrupts.length > 0 ? null : 'declared';
  return call.status === 'completed' && call.answeredBy !== null ? 'inferred' : null;
}

function resultLine(call: ToolCall, result: unknown): string {
  if (call.failure !== null) return `${call.name} failed: ${call.failure.message}`;
  const answered = call.answeredBy?.tail.answers.find((answer) => answer.callId === call.callId)?.text;
  const line = valueLine(result ?? answered);
  return line === '' ? `${call.name} finished` : line;
}

function resultContent(call: ToolCall): ContentPart {
  const result = call.spans.at(-1)?.facts.tool?.result;
  if (result !== undefined && result !== null) return toContent(result);
  return (
    answeredContent(call.answeredBy, call.callId) ?? {
      kind: 'not_captured',
      hint: call.failure === null ? NOT_CAPTURED_HINT : null,
    }
  );
}

function answeredContent(model: ModelCall | null, callId: string | null): ContentPart | null {
  if (model === null || callId === null) return null;
  for (const message of model.prompt()) {
    for (const part of message.parts) {
      if (part.kind === 'tool_result' && part.callId === callId) return part.result;
    }
  }
  return null;
}
