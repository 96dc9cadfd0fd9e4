import type { Message, MessagePart } from '@signalbox/event-model';
import type { Attributes } from '../../../telemetry/attributes.ts';
import { asStructure, asText, toPlain, type Fields } from '../../reading/coerce.ts';
import { callPart, readPart, roleName, toContent } from '../../reading/messages.ts';

const MOST_MESSAGES = 100_000;

/**
 * OpenInference flattens messages into indexed keys: `llm.input_messages.0.message.role`. One pass
 * over the attributes collects them all.
 */
export function readIndexedMessages(attributes: Attributes, prefix: string): Message[] {
  const messages = new Map<number, Fields>();
  for (const [key, value] of attributes.entries()) {
    if (!key.startsWith(prefix)) continue;
    const at = key.indexOf('.', prefix.length);
    const index = Number(key.slice(prefix.length, at));
    if (at < 0 || !Number.isInteger(index) || index < 0 || index > MOST_MESSAGES) continue;
    const fields = messages.get(index) ?? {};
    fields[key.slice(at + 1).replace(/^message\./, '')] = toPlain(value);
    messages.set(index, fields);
  }
  return [...messages].sort(([a], [b]) => a - b).map(([, fields]) => toMessage(fields));
}

function toMessage(fields: Fields): Message {
  const role = roleName(asText(fields['role']) ?? 'user');
  const name = asText(fields['name']);
  const body = contentParts(fields, role === 'tool');
  if (role !== 'tool') return { role, name, parts: [...body, ...callParts(fields)] };
  const first = body[0];
  const result = first?.kind === 'content' ? first.content : toContent(null);
  return {
    role,
    name,
    parts: [{ kind: 'tool_result', callId: asText(fields['tool_call_id']), tool: name, result }],
  };
}

function contentParts(fields: Fields, structured: boolean): MessagePart[] {
  const parts: MessagePart[] = [];
  const text = asText(fields['content']);
  if (text !== null) parts.push({ kind: 'content', content: toContent(structured ? asJsonObject(text) : text) });
  for (let at = 0; ; at++) {
    const part = group(fields, `contents.${at}.message_content.`);
    if (part === null) return parts;
    parts.push(readPart(part));
  }
}

/** Structured tool answers arrive as JSON text; anything that is no object or array is kept as the words it is. */
function asJsonObject(text: string): unknown {
  const structure = asStructure(text);
  return typeof structure === 'object' && structure !== null ? structure : text;
}

function callParts(fields: Fields): MessagePart[] {
  const parts: MessagePart[] = [];
  for (let at = 0; ; at++) {
    const call = group(fields, `tool_calls.${at}.tool_call.`);
    if (call === null) return parts;
    parts.push(callPart(asText(call['function.name']) ?? 'unknown', call['function.arguments'], asText(call['id'])));
  }
}

function group(fields: Fields, prefix: string): Fields | null {
  const found = Object.entries(fields)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]): [string, unknown] => [key.slice(prefix.length), value]);
  return found.length === 0 ? null : Object.fromEntries(found);
}
