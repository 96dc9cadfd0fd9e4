import type { DerivedEvent } from '../derivation.ts';

const OPENERS = new Set(['agent_started', 'node_started', 'tool_call', 'model_request']);
const CLOSERS = new Set([
  'agent_completed',
  'agent_failed',
  'node_completed',
  'node_failed',
  'tool_result',
  'model_response',
]);
/** Events that stand where the event they hang under stands. */
const ANSWERS = new Set([...CLOSERS, 'agent_message', 'error', 'approval_decision']);
/** Deeper nesting than any agent has; broken senders may make rings. */
const DEPTH_LIMIT = 64;

/** The events of a run as a tree, in the order a reader expects where times are equal. */
export class EventPlaces {
  /** By time; at one time what was open closes from the inside out, then calls open from the outside in. */
  readonly inOrder: readonly DerivedEvent[];
  readonly #byId: ReadonlyMap<string, DerivedEvent>;
  readonly #prompts: ReadonlyMap<string, DerivedEvent>;
  readonly #failed: ReadonlySet<string>;

  constructor(events: readonly DerivedEvent[]) {
    this.#byId = new Map(events.map((event) => [event.id, event]));
    const prompts = events.filter((event) => event.type === 'agent_message' && this.startedBy(event) !== null);
    this.#prompts = new Map(prompts.map((event) => [event.parentId ?? '', event]));
    const results = events.filter(({ type, status }) => type === 'tool_result' && status === 'error');
    this.#failed = new Set(results.map(({ parentId }) => parentId ?? ''));
    const ranked = events.map((event) => ({ event, ...this.#rank(event) }));
    ranked.sort(
      (a, b) =>
        order(a.event.startedAt, b.event.startedAt) ||
        a.turn - b.turn ||
        a.place - b.place ||
        order(a.event.id, b.event.id),
    );
    this.inOrder = ranked.map(({ event }) => event);
  }

  parent(event: DerivedEvent): DerivedEvent | null {
    return this.#byId.get(event.parentId ?? '') ?? null;
  }

  /** The start of the agent that a prompt began. */
  startedBy(message: DerivedEvent): DerivedEvent | null {
    const start = this.parent(message);
    return start?.type === 'agent_started' && message.tool === null ? start : null;
  }

  /** The prompt an agent was started with. */
  promptOf(start: DerivedEvent): DerivedEvent | null {
    return this.#prompts.get(start.id) ?? null;
  }

  /** Id under which replies know a call: of the agent's start where its prompt is the call. */
  opener(event: DerivedEvent): string {
    return event.type === 'agent_message' ? (event.parentId ?? event.id) : event.id;
  }

  /** True when the failed call has a result that tells of the error. */
  hasResult(error: DerivedEvent): boolean {
    return this.#failed.has(error.parentId ?? '');
  }

  /** How many calls are open around an event: those it is inside of, its own and the one it answers left out. */
  callsAround(event: DerivedEvent, calls: ReadonlySet<string>): number {
    const own = ANSWERS.has(event.type) ? this.parent(event) : event;
    let count = 0;
    let above = own === null ? null : this.parent(own);
    for (let depth = 0; above !== null && depth < DEPTH_LIMIT; depth++) {
      if (calls.has(this.#prompts.get(above.id)?.id ?? above.id)) count++;
      above = this.parent(above);
    }
    return count;
  }

  #rank(event: DerivedEvent): { turn: number; place: number } {
    const depth = this.#depth(event);
    if (!CLOSERS.has(event.type)) return { turn: 1, place: OPENERS.has(event.type) ? depth : depth + 0.5 };
    const opened = this.parent(event)?.startedAt;
    return opened === event.startedAt ? { turn: 2, place: -depth } : { turn: 0, place: -depth };
  }

  #depth(event: DerivedEvent): number {
    let depth = 0;
    for (let above = this.parent(event); above !== null && depth < DEPTH_LIMIT; above = this.parent(above)) depth++;
    return depth;
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
