import type { DerivedEvent } from '../derivation.ts';
import { oneLine } from '../derive/text-limits.ts';

const REASON_LENGTH = 500;
/** Deeper nesting than any agent has; broken senders may make rings. */
const DEPTH_LIMIT = 64;

/** Why a plan was changed, as far as what came before tells. */
export interface Cause {
  text: string | null;
  eventId: string | null;
}

/** Finds causes among the events of one run. */
export class CauseFinder {
  readonly #events: readonly DerivedEvent[];
  readonly #byId: ReadonlyMap<string, DerivedEvent>;

  constructor(events: readonly DerivedEvent[]) {
    this.#events = events;
    this.#byId = new Map(events.map((event) => [event.id, event]));
  }

  /**
   * What made an agent change its plan: the last error since its revision before, else the last answer with words. The
   * reason is what the agent said after that error, else the error's own words.
   */
  causeOf(revision: DerivedEvent, since: string | null): Cause {
    const agent = revision.actor.name;
    const window = this.#events.filter((event) => since === null || event.startedAt > since);
    const error = window.findLast(
      (event) => event.type === 'error' && event.startedAt <= revision.startedAt && this.#isInside(event, agent),
    );
    const answer = window.findLast(
      (event) =>
        event.type === 'model_response' &&
        event.target?.name === agent &&
        this.#askedAt(event) <= revision.startedAt &&
        answerText(event) !== '',
    );
    const text = answer === undefined ? null : answerText(answer);
    if (error === undefined) return { text, eventId: answer?.id ?? null };
    const isAfter = answer !== undefined && answer.startedAt >= error.startedAt;
    return { text: isAfter ? text : oneLine(error.summary, REASON_LENGTH), eventId: error.id };
  }

  /** A streamed answer may end after the tool it called: what counts is when the model was asked. */
  #askedAt(response: DerivedEvent): string {
    return this.#byId.get(response.parentId ?? '')?.startedAt ?? response.startedAt;
  }

  /** True for errors an agent can know of: its own, and those of what it called. */
  #isInside(event: DerivedEvent, agent: string): boolean {
    let at: DerivedEvent | undefined = event;
    for (let depth = 0; at !== undefined && depth < DEPTH_LIMIT; depth++) {
      if (at.actor.name === agent || at.target?.name === agent) return true;
      at = this.#byId.get(at.parentId ?? '');
    }
    return false;
  }
}

/** Words of an answer; its tool calls and thoughts are none. */
function answerText(event: DerivedEvent): string {
  const content = event.content();
  if (content.kind !== 'model_response') return '';
  const words = content.messages.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.kind === 'content' && part.content.kind === 'text' ? [part.content.text] : [])),
  );
  return oneLine(words.join(' ').trim(), REASON_LENGTH);
}
