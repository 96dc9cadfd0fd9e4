import type { ContentPart, Message, MessagePart } from '@signalbox/event-model';
import type { ProposedCall, PromptTail } from '../facts.ts';
import { NOT_KEPT, NOT_KEPT_HINT } from '../../telemetry/not-captured.ts';
import { asFields, asList, asStructure, asText, firstField, type Fields } from './coerce.ts';

/** A value as content: text stays text, a structure keeps its types. */
export function toContent(value: unknown): ContentPart {
  if (value === NOT_KEPT) return { kind: 'not_captured', hint: NOT_KEPT_HINT };
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (value === undefined || value === null) return { kind: 'not_captured', hint: null };
  return { kind: 'json', value };
}

/** A message of one text. */
export function textMessage(role: string, text: string): Message {
  return { role, name: null, parts: [{ kind: 'content', content: { kind: 'text', text } }] };
}

/** A tool-call part from a name and arguments in any spelling. */
export function callPart(tool: string, args: unknown, callId: string | null): MessagePart {
  return { kind: 'tool_call', callId, tool, arguments: toContent(asStructure(args) ?? {}) };
}

const TEXT_TYPES = new Set(['text', 'input_text', 'output_text', 'refusal']);
const CALL_TYPES = new Set(['tool_call', 'tool-call', 'tool_use', 'function_call', 'toolCall', 'server_tool_call']);
const ANSWER_TYPES = new Set([
  'tool_call_response',
  'tool-result',
  'tool_result',
  'function_call_output',
  'function_call_result',
  'server_tool_call_response',
]);
const REASONING_TYPES = new Set(['reasoning', 'thinking']);

/**
 * One part of a message in any spelling met on the wire: OTel GenAI, AI SDK, OpenAI Chat and
 * Responses, Anthropic, LangChain blocks.
 */
export function readPart(value: unknown): MessagePart {
  if (typeof value === 'string') return contentPart(value);
  const part = asFields(value);
  if (part === null) return contentPart(value);
  const type = asText(part['type']) ?? '';
  const wrappedAnswer = asFields(part['toolResult']);
  if (wrappedAnswer !== null) return readAnswer(wrappedAnswer);
  if (CALL_TYPES.has(type) || asFields(part['toolUse']) !== null) return readCall(part);
  return ANSWER_TYPES.has(type) ? readAnswer(part) : readTextPart(part, type);
}

function readTextPart(part: Fields, type: string): MessagePart {
  const text = part['content'] ?? part['text'] ?? part['thinking'] ?? part['reasoning'];
  if (REASONING_TYPES.has(type)) return { kind: 'reasoning', content: toContent(text) };
  if (typeof text === 'string' && (TEXT_TYPES.has(type) || type === '')) return contentPart(text);
  return contentPart(part);
}

function contentPart(value: unknown): MessagePart {
  return { kind: 'content', content: toContent(value) };
}

function readCall(outer: Fields): MessagePart {
  const part = asFields(outer['toolUse']) ?? outer;
  const inner = asFields(part['function']);
  const tool = firstField(part, ['name', 'toolName', 'tool_name']) ?? asText(inner?.['name']) ?? 'unknown';
  const args = part['arguments'] ?? part['input'] ?? part['args'] ?? part['parameters'] ?? inner?.['arguments'];
  return callPart(tool, args, callIdOf(part));
}

/** With the Responses API `id` names the item and `call_id` the call. */
function callIdOf(part: Fields): string | null {
  return firstField(part, ['call_id', 'callId', 'toolCallId', 'tool_call_id', 'toolUseId', 'tool_use_id', 'id']);
}

function readAnswer(part: Fields): MessagePart {
  const result = part['response'] ?? part['result'] ?? part['output'] ?? part['content'];
  return {
    kind: 'tool_result',
    callId: callIdOf(part),
    tool: firstField(part, ['toolName', 'tool_name', 'name']),
    result: toContent(unwrapOutput(result)),
  };
}

/** AI SDK wraps results as `{type: "json" | "text" | "error-text", value}`, OpenAI Agents as `{type: "text", text}`. */
function unwrapOutput(result: unknown): unknown {
  const wrapped = asFields(result);
  if (wrapped === null || typeof wrapped['type'] !== 'string') return asStructure(result);
  return wrapped['value'] ?? wrapped['text'] ?? wrapped;
}

/** One message in any spelling; null when the value is none. */
export function readMessage(value: unknown): Message | null {
  if (typeof value === 'string') return textMessage('user', value);
  const fields = asFields(value);
  if (fields === null) return null;
  const type = asText(fields['type']) ?? '';
  if (
    asText(fields['role']) === null &&
    (CALL_TYPES.has(type) || ANSWER_TYPES.has(type) || REASONING_TYPES.has(type))
  ) {
    return { role: ANSWER_TYPES.has(type) ? 'tool' : 'assistant', name: null, parts: [readPart(fields)] };
  }
  const role = roleName(asText(fields['role']) ?? 'user');
  const parts = messageParts(fields, role);
  return { role, name: asText(fields['name']), parts };
}

function messageParts(fields: Fields, role: string): MessagePart[] {
  const parts = bodyParts(fields['parts'] ?? asStructuredParts(fields['content']));
  for (const call of asList(fields['tool_calls'] ?? fields['toolCalls'])) {
    const stated = asFields(call);
    if (stated !== null) parts.push(readCall(stated));
  }
  const callId = firstField(fields, ['tool_call_id', 'toolCallId', 'id']);
  const only = parts[0];
  if (role === 'tool' && callId !== null && parts.length === 1 && only?.kind === 'content') {
    return [{ kind: 'tool_result', callId, tool: asText(fields['name']), result: only.content }];
  }
  return parts;
}

function bodyParts(body: unknown): MessagePart[] {
  if (Array.isArray(body)) return body.map(readPart);
  return body === undefined || body === null || body === '' ? [] : [contentPart(body)];
}

function asStructuredParts(content: unknown): unknown {
  if (typeof content !== 'string' || !content.startsWith('[{"type"')) return content;
  return asStructure(content);
}

const ROLE_NAMES: Record<string, string> = {
  human: 'user',
  ai: 'assistant',
  model: 'assistant',
  function: 'tool',
  developer: 'system',
};

/** The role under its common name. */
export function roleName(role: string): string {
  return Object.hasOwn(ROLE_NAMES, role) ? (ROLE_NAMES[role] ?? role) : role;
}

/** A conversation in any spelling: an array of messages, one message, or a plain prompt. */
export function readMessages(value: unknown): Message[] {
  const structure = asStructure(value);
  if (structure === undefined || structure === null || structure === '') return [];
  const list = Array.isArray(structure) ? structure : [structure];
  return list.map(readMessage).filter((message): message is Message => message !== null);
}

/** System instructions: an array of parts, or a bare string (OTel openai, Mastra). */
export function readInstructions(value: unknown): Message[] {
  const structure = asStructure(value);
  if (structure === undefined || structure === null || structure === '') return [];
  const parts = (Array.isArray(structure) ? structure : [structure]).map(readPart);
  return [{ role: 'system', name: null, parts }];
}

/** The plain text of a message, thinking and tool traffic left out. */
export function messageText(message: Message): string {
  const texts: string[] = [];
  for (const part of message.parts) {
    if (part.kind === 'content' && part.content.kind === 'text') texts.push(part.content.text);
  }
  return texts.join('\n');
}

/** Every tool call the messages contain. */
export function proposedCalls(messages: readonly Message[]): ProposedCall[] {
  const calls: ProposedCall[] = [];
  for (const message of messages) {
    for (const part of message.parts) {
      if (part.kind !== 'tool_call') continue;
      calls.push({ callId: part.callId, tool: part.tool, args: contentValue(part.arguments) });
    }
  }
  return calls;
}

/** The value inside a content part; undefined when there is none. */
export function contentValue(content: ContentPart): unknown {
  if (content.kind === 'json') return content.value;
  return content.kind === 'text' || content.kind === 'truncated' ? content.text : undefined;
}

/** The small digest of a prompt that other events depend on. */
export function promptTail(messages: readonly Message[]): PromptTail {
  const last = messages.at(-1);
  const lastAssistant = messages.findLastIndex((message) => message.role === 'assistant');
  const text = last === undefined ? '' : messageText(last);
  const answers = toolAnswers(messages.slice(lastAssistant + 1));
  const answered = new Set(answers.map((answer) => answer.callId));
  const calls = proposedCalls(messages.filter((message) => message.role === 'assistant'));
  return {
    captured: messages.length > 0,
    userText: last?.role === 'user' && text.trim() !== '' ? text : null,
    line: text.trim() === '' ? resultLine(last) : text.slice(0, 1000),
    answers,
    // Only these: every prompt repeats the whole conversation, and keeping all of it grows with the square of its length.
    calls: calls.filter((call) => call.callId !== null && answered.has(call.callId)),
  };
}

/** A prompt that ends with a tool's answer shows that answer, also where it has no call id. */
function resultLine(message: Message | undefined): string | null {
  const texts = (message?.parts ?? []).flatMap((part) =>
    part.kind === 'tool_result' ? [resultText(part.result)] : [],
  );
  return texts.length === 0 ? null : texts.join(' · ').slice(0, 1000);
}

function toolAnswers(messages: readonly Message[]): { callId: string; text: string }[] {
  const answers: { callId: string; text: string }[] = [];
  for (const message of messages) {
    for (const part of message.parts) {
      if (part.kind !== 'tool_result' || part.callId === null) continue;
      answers.push({ callId: part.callId, text: resultText(part.result) });
    }
  }
  return answers;
}

function resultText(content: ContentPart): string {
  const value = contentValue(content);
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 1000);
}
