import type { Message, MessagePart } from '@signalbox/event-model';
import { asFields, asList, asStructure, asText, type Fields } from './coerce.ts';
import { callPart, readPart, roleName, toContent } from './messages.ts';

/*
 * LangChain serialises objects as `{lc: 1, type: "constructor", id: [..., class], kwargs}`. The
 * instrumentation's own `llm.*` attributes lose system prompts given as blocks and the ids of tool calls; the
 * serialised form keeps both, unless a length limit cut it.
 */

const CLASS_ROLES: Record<string, string> = {
  SystemMessage: 'system',
  HumanMessage: 'user',
  AIMessage: 'assistant',
  AIMessageChunk: 'assistant',
  ToolMessage: 'tool',
  FunctionMessage: 'tool',
};

/** Fields of a LangChain object: the `kwargs` of the constructor form, or of Python's dumps `{type, data}` and plain. */
export function unwrapLangChain(value: unknown): { className: string | null; fields: Fields } | null {
  const object = asFields(value);
  if (object === null) return null;
  const kwargs = asFields(object['kwargs']);
  if (kwargs !== null && Array.isArray(object['id'])) return { className: asText(object['id'].at(-1)), fields: kwargs };
  const data = asFields(object['data']);
  if (data !== null && asText(object['type']) !== null && 'content' in data)
    return { className: null, fields: { type: object['type'], ...data } };
  return { className: null, fields: object };
}

const PAIR_ROLES = new Set(['human', 'user', 'ai', 'assistant', 'system']);

/** LangChain takes `["user", "text"]` for a message. */
function isPair(value: unknown): value is [string, string] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  return PAIR_ROLES.has(asText(value[0]) ?? '') && asText(value[1]) !== null;
}

/** A LangChain message in constructor or plain form, or a pair; null when the value is none. */
export function readLangChainMessage(value: unknown): Message | null {
  if (isPair(value)) return { role: roleName(value[0]), name: null, parts: contentParts(value[1]) };
  const unwrapped = unwrapLangChain(value);
  if (unwrapped === null) return null;
  const { className, fields } = unwrapped;
  const named = className === null ? undefined : CLASS_ROLES[className];
  const role = named ?? plainRole(fields);
  if (role === null) return null;
  const name = asText(fields['name']);
  if (role === 'tool') {
    const result = toContent(asStructure(fields['content']));
    return { role, name, parts: [{ kind: 'tool_result', callId: asText(fields['tool_call_id']), tool: name, result }] };
  }
  return { role, name, parts: [...contentParts(fields['content']), ...callParts(fields)] };
}

function plainRole(fields: Fields): string | null {
  const role = asText(fields['role']) ?? asText(fields['type']);
  return role === null || !('content' in fields) ? null : roleName(role);
}

function contentParts(content: unknown): MessagePart[] {
  if (content === undefined || content === null || content === '') return [];
  return Array.isArray(content) ? content.map(readPart) : [{ kind: 'content', content: toContent(content) }];
}

function callParts(fields: Fields): MessagePart[] {
  const parsed = asList(fields['tool_calls']);
  const raw = asList(asFields(fields['additional_kwargs'])?.['tool_calls']);
  return (parsed.length > 0 ? parsed : raw).map(asFields).flatMap((call) => {
    if (call === null) return [];
    const inner = asFields(call['function']);
    const tool = asText(call['name']) ?? asText(inner?.['name']) ?? 'unknown';
    return [callPart(tool, call['args'] ?? inner?.['arguments'], asText(call['id']))];
  });
}

/** Messages of an LLM span's `input.value`, `{messages: [[...]]}`, or of a graph's, `{messages: [...]}`. */
export function readLangChainPrompt(input: unknown): Message[] {
  const batches = asList(asFields(input)?.['messages']);
  const list = Array.isArray(batches[0]) && !isPair(batches[0]) ? batches[0] : batches;
  return list.map(readLangChainMessage).filter((message): message is Message => message !== null);
}

/** Messages of an LLM span's `output.value`: `{generations: [[{message}]]}`. */
export function readLangChainAnswer(output: unknown): Message[] {
  const batches = asList(asFields(output)?.['generations']);
  const list = Array.isArray(batches[0]) ? batches[0] : batches;
  return list
    .map((generation) => readLangChainMessage(asFields(generation)?.['message']))
    .filter((message): message is Message => message !== null);
}

/** A tool span's `output.value`: the ToolMessage inside, if it is one. */
export function readToolMessage(output: unknown): Fields | null {
  const inner = asFields(output)?.['output'] ?? output;
  const unwrapped = unwrapLangChain(inner);
  if (unwrapped === null) return null;
  const isMessage = unwrapped.className === 'ToolMessage' || 'tool_call_id' in unwrapped.fields;
  return isMessage ? unwrapped.fields : null;
}
