import type { Actor } from '@signalbox/event-model';
import type { DerivedEvent } from '../derivation.ts';
import { digest, eventId } from '../reading/identifiers.ts';
import { byLogTime, type LogEntry } from './entries.ts';
import type { ModelCall } from './model-calls.ts';
import { actorOf, containerEventId, toEvent, type Scene } from './scene.ts';
import { ancestors, type SpanView } from './span-view.ts';
import type { ToolCall } from './tool-calls.ts';

interface SpokenInput {
  text: string;
  /** Span that was told; null when only a log record says so. */
  span: SpanView | null;
  log: LogEntry | null;
}

/**
 * What people said: the input of every outermost agent or workflow, else the first model call's
 * last message; one event for one text in a trace. Prompts of sub-agents are messages between agents.
 */
export function inputEvents(scene: Scene, models: readonly ModelCall[]): DerivedEvent[] {
  const runs = scene.view.spans.filter(
    (span) => (span.role === 'agent' || span.role === 'workflow') && !span.enclosed && span.complete,
  );
  const isResumed = runs.some((span) => span.facts.input?.isResume === true);
  const spoken = [...runs.flatMap(runInput), ...lonelyInputs(models), ...loggedInputs(scene)];
  if (spoken.length === 0 && !isResumed) spoken.push(...firstModelInput(models));
  const seen = new Set<string>();
  return spoken.flatMap((input) => {
    const identity = inputIdentity(input);
    if (seen.has(identity)) return [];
    seen.add(identity);
    return [inputEvent(scene, input)];
  });
}

function runInput(span: SpanView): SpokenInput[] {
  const input = span.facts.input;
  return input === null || input.isResume || input.userText === null ? [] : [{ text: input.userText, span, log: null }];
}

/** Prompts that products log; told again by the span of the turn, where there is one. */
function loggedInputs(scene: Scene): SpokenInput[] {
  return [...scene.logs]
    .filter((log) => (log.facts?.userText ?? null) !== null)
    .sort(byLogTime)
    .map((log) => ({
      text: log.facts?.userText ?? '',
      span: log.spanId === null ? null : (scene.view.byId.get(log.spanId) ?? null),
      log,
    }));
}

/** Model calls with no agent around them: each prompt may end with a new question of the user. */
function lonelyInputs(models: readonly ModelCall[]): SpokenInput[] {
  return models
    .filter((model) => model.span.complete && !model.span.enclosed)
    .flatMap((model) =>
      model.tail.userText === null ? [] : [{ text: model.tail.userText, span: model.span, log: null }],
    );
}

function firstModelInput(models: readonly ModelCall[]): SpokenInput[] {
  const first = models[0];
  return first?.tail.userText === undefined || first.tail.userText === null
    ? []
    : [{ text: first.tail.userText, span: first.span, log: null }];
}

/** Words kept private are told apart by where they were said. */
function inputIdentity({ span, text, log }: SpokenInput): string {
  return HIDDEN.test(text) ? `hidden ${span?.spanId ?? log?.spanId ?? log?.key ?? ''}` : text;
}

function inputEvent(scene: Scene, { span, text, log }: SpokenInput): DerivedEvent {
  const atNs = span?.startNs ?? log?.timeNs ?? 0n;
  const isHidden = HIDDEN.test(text);
  return toEvent(scene, {
    id: eventId(scene.traceId, 'user_input', digest(inputIdentity({ span, text, log }))),
    type: 'user_input',
    span,
    parentId: null,
    actor: { kind: 'user', name: scene.traceUser ?? 'user' },
    target: spokenTo(span, log),
    status: 'completed',
    startNs: atNs,
    endNs: atNs,
    summary: isHidden ? 'content not captured' : text,
    convention: (span ?? log)?.facts?.convention ?? 'log',
    basis: 'declared',
    content: () => ({
      kind: 'user_input',
      text: isHidden ? { kind: 'not_captured', hint: null } : { kind: 'text', text },
    }),
  });
}

/** What senders write in place of a prompt they were told to keep to themselves. */
const HIDDEN = /^[<[]?redacted[\]>]?$/i;

function spokenTo(span: SpanView | null, log: LogEntry | null): Actor | null {
  if (span !== null) return actorOf(span);
  const agent = log?.facts?.agent ?? null;
  return agent === null ? null : { kind: 'agent', name: agent };
}

/** Prompts from agent to agent: of sub-agents, and of handoffs. */
export function messageEvents(scene: Scene, calls: readonly ToolCall[]): DerivedEvent[] {
  const prompts = scene.view.spans.flatMap((span) => {
    const caller = span.role === 'agent' ? callingAgent(span) : null;
    const text = span.facts.input?.userText ?? null;
    return caller === null || text === null ? [] : [promptEvent(scene, span, caller, text)];
  });
  const handoffs = calls.filter((call) => call.handoffTo !== null && call.status === 'completed' && !call.resumed);
  return [...prompts, ...handoffs.map((call) => handoffEvent(scene, call, call.handoffTo ?? ''))];
}

function callingAgent(span: SpanView): string | null {
  for (const above of ancestors(span)) {
    if (above.role === 'agent') return above.facts.title;
    if (above.facts.agent !== null && above.role === 'tool') return above.facts.agent;
  }
  return null;
}

function promptEvent(scene: Scene, span: SpanView, caller: string, text: string): DerivedEvent {
  return toEvent(scene, {
    id: eventId(scene.traceId, 'agent_message', span.spanId),
    type: 'agent_message',
    span,
    parentId: containerEventId(scene, span),
    actor: { kind: 'agent', name: caller },
    target: { kind: 'agent', name: span.facts.title },
    status: 'completed',
    startNs: span.startNs,
    endNs: span.startNs,
    summary: text,
    convention: span.facts.convention,
    basis: 'inferred',
    content: () => ({ kind: 'generic', fields: { text } }),
  });
}

function handoffEvent(scene: Scene, call: ToolCall, target: string): DerivedEvent {
  const at = call.endNs ?? call.startNs;
  return toEvent(scene, {
    id: eventId(scene.traceId, 'agent_message', call.id),
    type: 'agent_message',
    span: call.anchor,
    parentId: call.id,
    actor: actorOf(call.anchor),
    target: { kind: 'agent', name: target },
    status: 'completed',
    startNs: at,
    endNs: at,
    summary: `hands over to ${target}`,
    tool: call.name,
    convention: call.anchor.facts.convention,
    basis: 'declared',
    content: () => ({ kind: 'generic', fields: { handoffTo: target } }),
  });
}
