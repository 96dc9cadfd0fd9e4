import type { Message } from '@signalbox/event-model';
import type { Attributes } from '../../../telemetry/attributes.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';
import {
  asFields,
  asStructure,
  asText,
  structureOf,
  toPlain,
  toPlainFields,
  type Fields,
} from '../../reading/coerce.ts';
import { callPart, readInstructions, readMessage, readMessages, toContent } from '../../reading/messages.ts';

/*
 * Six places where GenAI content sits, newest first: attributes, span events with one message
 * each, the details event, `gen_ai.prompt`, indexed `gen_ai.prompt.N.*`. Log records are read beside this file and
 * joined by span id later.
 */

/** Name of the event that carries whole conversations. */
export const DETAILS_EVENT = 'gen_ai.client.inference.operation.details';
const MESSAGE_EVENT = /^gen_ai\.(system|user|assistant|tool)\.message$/;

/** Role named by a per-message event; null for other events. */
export function eventRole(name: string): string | null {
  return MESSAGE_EVENT.exec(name)?.[1] ?? null;
}

/** The prompt of a model or agent span. */
export function readPrompt(span: SpanRecord): Message[] {
  const direct = attributePrompt(span.attributes);
  if (direct.length > 0) return direct;
  const fromEvents = span.events.flatMap((event) => {
    if (event.name === DETAILS_EVENT) return attributePrompt(event.attributes);
    const role = eventRole(event.name);
    return role === null ? [] : readEventMessage(role, toPlainFields(event.attributes));
  });
  if (fromEvents.length > 0) return fromEvents;
  const listed = listedEvents(span.attributes);
  if (listed.length > 0) return listed.flatMap((event) => readListed(event));
  const prompt = structureOf(span.attributes, 'gen_ai.prompt');
  if (prompt !== undefined) return readMessages(asFields(prompt)?.['messages'] ?? prompt);
  return readIndexed(span.attributes, 'gen_ai.prompt.');
}

/** System instructions and input messages of attributes, of a span or of a details event or log. */
export function attributePrompt(attributes: Attributes): Message[] {
  const messages = readMessages(structureOf(attributes, 'gen_ai.input.messages'));
  const instructions = readInstructions(structureOf(attributes, 'gen_ai.system_instructions'));
  return messages.length === 0 ? [] : [...instructions, ...messages];
}

/** The answer of a model or agent span. */
export function readAnswer(span: SpanRecord): Message[] {
  const direct = attributeAnswer(span.attributes);
  if (direct.length > 0) return direct;
  const fromEvents = span.events.flatMap((event) => {
    if (event.name === DETAILS_EVENT) return attributeAnswer(event.attributes);
    return event.name === 'gen_ai.choice' ? readChoice(toPlainFields(event.attributes)).messages : [];
  });
  if (fromEvents.length > 0) return fromEvents;
  const listed = listedEvents(span.attributes).filter((event) => event['event.name'] === 'gen_ai.choice');
  if (listed.length > 0) return listed.flatMap((event) => readChoice(event).messages);
  const completion = structureOf(span.attributes, 'gen_ai.completion');
  if (completion !== undefined) return readMessages(completion).map((message) => asAnswer(message));
  return readIndexed(span.attributes, 'gen_ai.completion.');
}

/** Pydantic AI before version 3 wrote the per-message events as a list into one attribute. */
function listedEvents(attributes: Attributes): Fields[] {
  const events = structureOf(attributes, 'events');
  if (!Array.isArray(events)) return [];
  return events.map(asFields).filter((event): event is Fields => asText(event?.['event.name']) !== null);
}

function readListed(event: Fields): Message[] {
  const role = eventRole(asText(event['event.name']) ?? '');
  return role === null ? [] : readEventMessage(role, event);
}

/** Output messages of attributes, of a span or of a details event or log. */
export function attributeAnswer(attributes: Attributes): Message[] {
  return readMessages(structureOf(attributes, 'gen_ai.output.messages')).map((message) => asAnswer(message));
}

function asAnswer(message: Message): Message {
  return message.role === 'user' ? { ...message, role: 'assistant' } : message;
}

/** A per-message event or log body: `{content, tool_calls?, id?}`. */
export function readEventMessage(role: string, fields: Fields): Message[] {
  const content = asStructure(fields['content']);
  const message = readMessage({ ...fields, role, content: content ?? fields['content'] });
  return message === null ? [] : [message];
}

/** A choice: `{index, finish_reason, message: {content, tool_calls} | text | blocks}`. */
export function readChoice(fields: Fields): { messages: Message[]; finishReason: string | null } {
  const stated = asStructure(fields['message']);
  const inner = asFields(stated);
  const body = inner ?? (stated === undefined ? fields : { content: stated });
  const message = readMessage({ ...body, role: 'assistant' });
  return { messages: message === null ? [] : [message], finishReason: asText(fields['finish_reason']) };
}

/** Indexed keys of old OpenLLMetry: `gen_ai.prompt.0.role`, `….content`, `….tool_calls.0.name`. */
function readIndexed(attributes: Attributes, prefix: string): Message[] {
  const byIndex = new Map<number, Fields>();
  for (const [key, value] of attributes.entries()) {
    const match = key.startsWith(prefix) ? /^(\d{1,6})\.(.+)$/.exec(key.slice(prefix.length)) : null;
    if (match === null) continue;
    const fields = byIndex.get(Number(match[1])) ?? {};
    fields[match[2] ?? ''] = toPlain(value);
    byIndex.set(Number(match[1]), fields);
  }
  return [...byIndex].sort(([a], [b]) => a - b).flatMap(([, fields]) => indexedMessage(fields, prefix));
}

function indexedMessage(fields: Fields, prefix: string): Message[] {
  const role = asText(fields['role']) ?? (prefix === 'gen_ai.prompt.' ? 'user' : 'assistant');
  const message = readMessage({ role, content: fields['content'], tool_call_id: fields['tool_call_id'] });
  if (message === null) return [];
  for (let at = 0; ; at++) {
    const tool = asText(fields[`tool_calls.${at}.name`]);
    if (tool === null) return [message];
    message.parts.push(callPart(tool, fields[`tool_calls.${at}.arguments`], asText(fields[`tool_calls.${at}.id`])));
  }
}

/** Content for the bodies of agent runs. */
export function messagesContent(messages: readonly Message[]): ReturnType<typeof toContent> {
  return messages.length === 0 ? toContent(null) : { kind: 'json', value: messages };
}
