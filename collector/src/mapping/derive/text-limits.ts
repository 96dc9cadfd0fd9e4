import type { ContentPart, EventContent, Message } from '@signalbox/event-model';
import { canonicalJson } from '../reading/coerce.ts';

/** Longest text an event carries whole, in characters; beyond it readers get the beginning and the size. */
const LONGEST_TEXT = 1_048_576;
const CUT_TEXT = 65_536;

/** One line of at most `length` characters; line breaks and runs of blanks become one blank. */
export function oneLine(text: string, length: number): string {
  // Only the beginning can matter: cutting first keeps the cost flat for huge bodies.
  const line = text
    .slice(0, length * 4)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= length ? line : `${wholeCharacters(line, length - 1)}…`;
}

/** A cut must not split a surrogate pair: half of one is no valid text for the database. */
function wholeCharacters(text: string, length: number): string {
  const cut = text.slice(0, length);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** A value as a short text for feed rows. */
export function valueLine(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : plainJson(value);
}

function plainJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return canonicalJson(value);
  }
}

/** The part with over-long text cut and marked. */
export function limitPart(part: ContentPart): ContentPart {
  const text = part.kind === 'text' ? part.text : part.kind === 'json' ? plainJson(part.value) : '';
  if (text.length <= LONGEST_TEXT) return part;
  return { kind: 'truncated', text: wholeCharacters(text, CUT_TEXT), bytes: Buffer.byteLength(text), part: null };
}

function limitMessage(message: Message): Message {
  return {
    ...message,
    parts: message.parts.map((part) => {
      if (part.kind === 'tool_call') return { ...part, arguments: limitPart(part.arguments) };
      if (part.kind === 'tool_result') return { ...part, result: limitPart(part.result) };
      return { ...part, content: limitPart(part.content) };
    }),
  };
}

function limitOptional(part: ContentPart | null): ContentPart | null {
  return part === null ? null : limitPart(part);
}

/** The bodies of an event with every over-long text cut and marked. */
export function limitContent(content: EventContent): EventContent {
  switch (content.kind) {
    case 'user_input':
      return { ...content, text: limitPart(content.text) };
    case 'model_request':
    case 'model_response':
      return { ...content, messages: content.messages.map(limitMessage) };
    case 'tool_call':
      return { ...content, arguments: limitPart(content.arguments) };
    case 'tool_result':
      return { ...content, result: limitPart(content.result) };
    case 'approval_request':
      return { ...content, approval: { ...content.approval, arguments: limitPart(content.approval.arguments) } };
    case 'approval_decision':
      return { ...content, answer: limitOptional(content.answer) };
    case 'lifecycle':
      return { ...content, input: limitOptional(content.input), output: limitOptional(content.output) };
    default:
      return content;
  }
}
