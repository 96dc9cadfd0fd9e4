import { asFields, asList, asText, type Fields } from '../../../mapping/reading/coerce.ts';
import { applyPatch } from '../../../mapping/reading/json-patch.ts';
import type { ProtocolEvent } from './protocol-events.ts';
import { StreamFault } from './sse-reader.ts';

/** A message as the protocol has it. */
export type Message = Record<string, unknown>;

/** What a thread holds, and what the next run of it is sent. */
export interface Conversation {
  messages: Message[];
  state: unknown;
}

/** A tool call as messages hold it. */
export interface ToolCall {
  id: string;
  name: string;
  args: string;
}

const MOST_CHARACTERS = 16 * 1024 * 1024;

/** Follows a stream and keeps what the thread holds, as the protocol's own client does. */
export class ConversationLog {
  #messages: Message[];
  #state: unknown;
  #characters = 0;
  #lastMessage: string | null = null;
  #lastCall: string | null = null;

  constructor({ messages, state }: Conversation) {
    this.#messages = messages.map((message) => structuredClone(message));
    this.#state = state;
  }

  get conversation(): Conversation {
    return { messages: this.#messages, state: this.#state };
  }

  /** The calls of tools that the messages show. */
  get calls(): ToolCall[] {
    return this.#messages.flatMap((message) => asList(message['toolCalls']).flatMap(toCall));
  }

  apply(event: ProtocolEvent): void {
    APPLY[event.type]?.(this, event);
    if (this.#characters > MOST_CHARACTERS) throw new StreamFault('the conversation is larger than 16 MiB');
  }

  snapshot(event: ProtocolEvent): void {
    this.#messages = asList(event['messages'])
      .map(asFields)
      .filter((each) => each !== null);
    this.#characters = JSON.stringify(this.#messages).length;
  }

  setState(state: unknown): void {
    this.#state = state;
  }

  patchState(event: ProtocolEvent): void {
    this.#characters += JSON.stringify(event['delta']).length;
    this.#state = applyPatch(this.#state ?? {}, event['delta']);
  }

  /** A piece of a message; the message is begun where nobody began it. */
  say(event: ProtocolEvent, role: string): void {
    const id = asText(event['messageId']) ?? this.#lastMessage;
    if (id === null) return;
    this.#lastMessage = id;
    const message = this.#message(id) ?? this.#add({ id, role, content: '', ...attribution(event) });
    message['content'] = (asText(message['content']) ?? '') + this.#take(event['delta']);
    annotate(message, event);
  }

  call(event: ProtocolEvent): void {
    const id = asText(event['toolCallId']) ?? this.#lastCall;
    if (id === null) return;
    this.#lastCall = id;
    const call = this.#call(id) ?? this.#begin(id, event);
    const fields = asFields(call['function']) ?? {};
    fields['arguments'] = (asText(fields['arguments']) ?? '') + this.#take(event['delta']);
    annotate(call, event);
  }

  /** A result stands after the message that made the call, and after results that are there. */
  result(event: ProtocolEvent): void {
    const toolCallId = asText(event['toolCallId']) ?? '';
    const id = asText(event['messageId']) ?? toolCallId;
    const message: Message = { id, role: 'tool', toolCallId, content: event['content'] ?? '', ...attribution(event) };
    annotate(message, event);
    this.#characters += JSON.stringify(message).length;
    let at = this.#messages.findIndex((each) => callsOf(each).some((call) => call['id'] === toolCallId));
    if (at < 0) at = this.#messages.length - 1;
    do at += 1;
    while (this.#messages[at]?.['role'] === 'tool');
    this.#messages.splice(at, 0, message);
  }

  /** What a model wants to see again in the next run, in a form only its maker reads. */
  seal(event: ProtocolEvent): void {
    const id = asText(event['entityId']);
    const holder = id === null ? undefined : (this.#message(id) ?? this.#call(id));
    if (holder !== undefined) holder['encryptedValue'] = this.#take(event['encryptedValue']);
  }

  #begin(id: string, event: ProtocolEvent): Fields {
    const parent = asText(event['parentMessageId']) ?? id;
    const known = this.#message(parent);
    const owner =
      known?.['role'] === 'assistant'
        ? known
        : this.#add({ id: known === undefined ? parent : id, role: 'assistant', ...attribution(event) });
    const call = { id, type: 'function', function: { name: asText(event['toolCallName']) ?? '', arguments: '' } };
    owner['toolCalls'] = [...asList(owner['toolCalls']), call];
    return call;
  }

  #add(message: Message): Message {
    this.#messages.push(message);
    return message;
  }

  #message(id: string): Message | undefined {
    return this.#messages.findLast((message) => message['id'] === id);
  }

  #call(id: string): Fields | undefined {
    return this.#messages.flatMap(callsOf).findLast((call) => call['id'] === id);
  }

  #take(text: unknown): string {
    const piece = asText(text) ?? '';
    this.#characters += piece.length;
    return piece;
  }
}

type Apply = (log: ConversationLog, event: ProtocolEvent) => void;

const speak: Apply = (log, event) => log.say(event, asText(event['role']) ?? 'assistant');
const think: Apply = (log, event) => log.say(event, 'reasoning');
const call: Apply = (log, event) => log.call(event);

const APPLY: Readonly<Record<string, Apply | undefined>> = {
  TEXT_MESSAGE_START: speak,
  TEXT_MESSAGE_CONTENT: speak,
  TEXT_MESSAGE_END: speak,
  TEXT_MESSAGE_CHUNK: speak,
  REASONING_MESSAGE_START: think,
  REASONING_MESSAGE_CONTENT: think,
  REASONING_MESSAGE_CHUNK: think,
  REASONING_ENCRYPTED_VALUE: (log, event) => log.seal(event),
  TOOL_CALL_START: call,
  TOOL_CALL_ARGS: call,
  TOOL_CALL_END: call,
  TOOL_CALL_CHUNK: call,
  TOOL_CALL_RESULT: (log, event) => log.result(event),
  STATE_SNAPSHOT: (log, event) => log.setState(event['snapshot']),
  STATE_DELTA: (log, event) => log.patchState(event),
  MESSAGES_SNAPSHOT: (log, event) => log.snapshot(event),
};

function attribution(event: ProtocolEvent): Fields {
  const id = asText(event['subagentRunId']);
  return id === null ? {} : { subagentRunId: id };
}

/** What events say about the message or call they build stays with it; the last word counts. */
function annotate(target: Fields, event: ProtocolEvent): void {
  const metadata = asFields(event['metadata']);
  if (metadata !== null) target['metadata'] = { ...asFields(target['metadata']), ...metadata };
}

function callsOf(message: Message): Fields[] {
  return asList(message['toolCalls'])
    .map(asFields)
    .filter((each) => each !== null);
}

function toCall(value: unknown): ToolCall[] {
  const fields = asFields(value);
  const [id, stated] = [asText(fields?.['id']), asFields(fields?.['function'])];
  if (id === null || stated === null) return [];
  return [{ id, name: asText(stated['name']) ?? 'unknown', args: asText(stated['arguments']) ?? '' }];
}
