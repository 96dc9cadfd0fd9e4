import { StringDecoder } from 'node:string_decoder';
import { asFields, asList, asNumber, asText, type Fields } from '../../../mapping/reading/coerce.ts';
import type { OllamaAnswer } from './call-record.ts';

/** More of an answer is passed on, but not kept. */
const MOST_CHARS = 4 * 1024 * 1024;

/** Reads an answer of Ollama as it streams by: NDJSON, or one JSON object. Nothing it meets can stop the stream. */
export class AnswerReader {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #kept = 0;
  readonly #answer: OllamaAnswer = {
    text: '',
    thinking: '',
    toolCalls: [],
    finishReason: null,
    inputTokens: null,
    outputTokens: null,
    error: null,
  };

  push(chunk: Buffer): void {
    if (this.#kept > MOST_CHARS) return;
    this.#rest += this.#decoder.write(chunk);
    this.#kept += chunk.length;
    const lines = this.#rest.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
  }

  /** The answer; `error` when the gateway itself ended it. */
  end(error: string | null): OllamaAnswer {
    this.#line(this.#rest);
    this.#rest = '';
    return error === null ? this.#answer : { ...this.#answer, error };
  }

  #line(line: string): void {
    const fields = line.trim() === '' ? null : parse(line);
    if (fields === null) return;
    // `/api/chat` answers in a message, `/api/generate` beside it.
    const message = asFields(fields['message']) ?? { ...fields, content: fields['response'] };
    this.#answer.text += asText(message['content']) ?? '';
    this.#answer.thinking += asText(message['thinking']) ?? '';
    for (const call of asList(message['tool_calls'])) this.#toolCall(asFields(call));
    this.#answer.error ??= asText(fields['error']);
    this.#answer.finishReason ??= asText(fields['done_reason']);
    this.#answer.inputTokens ??= asNumber(fields['prompt_eval_count']);
    this.#answer.outputTokens ??= asNumber(fields['eval_count']);
  }

  #toolCall(call: Fields | null): void {
    const called = asFields(call?.['function']);
    const name = asText(called?.['name']);
    if (name !== null)
      this.#answer.toolCalls.push({ id: asText(call?.['id']), name, arguments: called?.['arguments'] });
  }
}

function parse(line: string): Fields | null {
  try {
    return asFields(JSON.parse(line));
  } catch {
    return null;
  }
}
