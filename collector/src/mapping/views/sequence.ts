import type { Actor, SequenceMessage, SequenceParticipant, SequenceView } from '@signalbox/event-model';
import { runIdOf } from '../../telemetry/time.ts';
import type { DerivedEvent } from '../derivation.ts';
import { oneLine } from '../derive/text-limits.ts';
import { findLoops } from './loops.ts';
import { EventPlaces } from './event-places.ts';
import type { RunPart } from './run-part.ts';

/** Messages in one answer. */
export const MESSAGE_LIMIT = 10_000;
const LABEL_LENGTH = 160;

/** A message before it has a place. */
interface Arrow {
  event: DerivedEvent;
  kind: SequenceMessage['kind'];
  from: Actor;
  to: Actor;
}

/** Who said what to whom in a run, in order of time. */
export function toSequenceView({ traceId, derivation }: RunPart, limit = MESSAGE_LIMIT): SequenceView {
  const { events, run } = derivation;
  const places = new EventPlaces(events);
  const cast = new Cast(run, places);
  const arrows = places.inOrder.flatMap((event) => cast.arrowOf(event));
  const shown = arrows.slice(0, limit);
  const indexes = new Map<string, number>();
  const opened = new Set(arrows.filter(({ kind }) => kind === 'call').map(({ event }) => event.id));
  const messages = shown.map((arrow, index) => {
    if (arrow.kind === 'call' || arrow.kind === 'approval') indexes.set(places.opener(arrow.event), index);
    return toMessage(arrow, {
      index,
      replyTo: replyTo(arrow, indexes),
      depth: places.callsAround(arrow.event, opened),
    });
  });
  return {
    runId: runIdOf(traceId),
    participants: participantsOf(shown),
    messages,
    loops: findLoops(shown.map(likeness)),
    truncated: arrows.length > limit,
  };
}

const REPLIES = new Set<SequenceMessage['kind']>(['return', 'decision', 'error']);

function replyTo({ kind, event }: Arrow, indexes: ReadonlyMap<string, number>): number | null {
  return REPLIES.has(kind) ? (indexes.get(event.parentId ?? '') ?? null) : null;
}

function toMessage(
  { event, kind, from, to }: Arrow,
  place: Pick<SequenceMessage, 'index' | 'replyTo' | 'depth'>,
): SequenceMessage {
  return {
    index: place.index,
    eventId: event.id,
    kind,
    from: participantId(from),
    to: participantId(to),
    label: oneLine(event.summary, LABEL_LENGTH),
    at: event.startedAt,
    status: event.status,
    replyTo: place.replyTo,
    depth: place.depth,
  };
}

function participantId({ kind, name }: Actor): string {
  return `${kind}:${name}`;
}

function participantsOf(arrows: readonly Arrow[]): SequenceParticipant[] {
  const found = new Map<string, SequenceParticipant>();
  for (const actor of arrows.flatMap(({ from, to }) => [from, to])) {
    const id = participantId(actor);
    if (!found.has(id)) found.set(id, { id, actor: { kind: actor.kind, name: actor.name } });
  }
  return [...found.values()];
}

/** What makes two messages the same to somebody who looks for repetition: everything but their words. */
function likeness({ event, kind, from, to }: Arrow): string {
  const outcome = event.status === 'error' || event.status === 'rejected' ? event.status : '';
  return JSON.stringify([participantId(from), participantId(to), kind, event.type, event.tool, event.model, outcome]);
}

const CALLS = new Set(['model_request', 'tool_call']);
const RETURNS = new Set(['model_response', 'tool_result']);
const STARTS = new Set(['agent_started', 'node_started']);
const ENDS = new Set(['agent_completed', 'agent_failed', 'node_completed', 'node_failed']);

/** Gives every event its arrow. */
class Cast {
  readonly #run: RunPart['derivation']['run'];
  readonly #places: EventPlaces;

  constructor(run: RunPart['derivation']['run'], places: EventPlaces) {
    this.#run = run;
    this.#places = places;
  }

  /** The arrow an event is, or none where another event tells the same. */
  arrowOf(event: DerivedEvent): Arrow[] {
    const { type } = event;
    if (STARTS.has(type)) return this.#start(event);
    if (ENDS.has(type)) return this.#end(event);
    if (type === 'error') return this.#error(event);
    return [this.#spoken(event)];
  }

  #spoken(event: DerivedEvent): Arrow {
    const { type, actor } = event;
    const from = this.#person(actor);
    const to = event.target === null ? from : this.#person(event.target);
    if (type === 'plan_update') return { event, kind: 'note', from, to: from };
    if (type === 'approval_request') return { event, kind: 'approval', from, to };
    if (type === 'approval_decision') return { event, kind: 'decision', from, to };
    if (CALLS.has(type)) return { event, kind: 'call', from, to };
    if (RETURNS.has(type)) return { event, kind: 'return', from, to };
    if (type === 'agent_message' && this.#places.startedBy(event) !== null) return { event, kind: 'call', from, to };
    return { event, kind: event.target === null ? 'self' : 'message', from, to };
  }

  /** A prompt tells who called an agent; without one its place does. Outermost agents are called by nobody. */
  #start(event: DerivedEvent): Arrow[] {
    if (this.#places.promptOf(event) !== null) return [];
    const from = this.#callerOf(event);
    return from === null ? [] : [{ event, kind: 'call', from, to: event.actor }];
  }

  #end(event: DerivedEvent): Arrow[] {
    const start = this.#places.parent(event);
    const to = start === null ? null : (this.#places.promptOf(start)?.actor ?? this.#callerOf(start));
    return to === null ? [] : [{ event, kind: 'return', from: event.actor, to }];
  }

  /** A failed tool says so in its result; a failed model call has no answer but its error. */
  #error(event: DerivedEvent): Arrow[] {
    if (this.#places.hasResult(event)) return [];
    const failed = this.#places.parent(event);
    const to = failed !== null && CALLS.has(failed.type) ? failed.actor : event.actor;
    return [{ event, kind: 'error', from: event.actor, to }];
  }

  #callerOf(event: DerivedEvent): Actor | null {
    const parent = this.#places.parent(event);
    if (parent !== null) return parent.type === 'tool_call' ? (parent.target ?? parent.actor) : parent.actor;
    const { workflow } = this.#run;
    return event.type === 'node_started' && workflow !== null ? { kind: 'workflow', name: workflow } : null;
  }

  /** The person is called by the run's own user name wherever somebody only says "user". */
  #person(actor: Actor): Actor {
    return actor.kind === 'user' && actor.name === 'user' && this.#run.user !== null
      ? { kind: 'user', name: this.#run.user }
      : actor;
  }
}
