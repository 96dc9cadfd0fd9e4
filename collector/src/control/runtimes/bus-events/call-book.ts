import { asText } from '../../../mapping/reading/coerce.ts';
import type { ToolCall } from '../ag-ui/conversation.ts';
import type { HeardEvent } from './heard-event.ts';

const MOST_RUNS = 1_000;
const MOST_CALLS = 200;

interface Call {
  name: string;
  /** Pieces by their place in the stream: an entry that is read twice is one piece. */
  pieces: Map<string, string>;
}

/** Tool calls of runs that go on, so that a question can show the arguments of the call it is about. */
export class CallBook {
  readonly #runs = new Map<string, Map<string, Call>>();

  note({ id, runKey, event }: HeardEvent): void {
    const callId = asText(event['toolCallId']);
    if (callId === null || !/^TOOL_CALL_(START|ARGS|CHUNK)$/.test(event.type)) return;
    const calls = this.#callsOf(runKey);
    const call = calls.get(callId) ?? { name: '', pieces: new Map<string, string>() };
    if (!calls.has(callId) && calls.size >= MOST_CALLS) return;
    calls.set(callId, call);
    call.name = asText(event['toolCallName']) ?? call.name;
    const delta = asText(event['delta']);
    if (delta !== null) call.pieces.set(id, delta);
  }

  callsOf(runKey: string): ToolCall[] {
    return [...(this.#runs.get(runKey) ?? [])].map(([id, { name, pieces }]) => ({
      id,
      name,
      args: [...pieces.values()].join(''),
    }));
  }

  forget(runKey: string): void {
    this.#runs.delete(runKey);
  }

  #callsOf(runKey: string): Map<string, Call> {
    const known = this.#runs.get(runKey);
    if (known) return known;
    if (this.#runs.size >= MOST_RUNS) this.#runs.delete(this.#runs.keys().next().value ?? '');
    const calls = new Map<string, Call>();
    this.#runs.set(runKey, calls);
    return calls;
  }
}
