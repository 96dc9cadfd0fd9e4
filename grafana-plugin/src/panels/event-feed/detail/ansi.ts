import type { ContentPart } from '@signalbox/event-model';

/** Colours, cursor moves and window titles, as programs write them for a terminal. */
// eslint-disable-next-line no-control-regex
const CODES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_])/g;

/** A program's output as plain text. */
export function stripAnsi(text: string): string {
  return text.includes('\u001b') ? text.replace(CODES, '') : text;
}

/** A piece of content with its texts made plain; everything else stays as it is. */
export function plainPart(part: ContentPart): ContentPart {
  return part.kind === 'text' || part.kind === 'truncated' ? { ...part, text: stripAnsi(part.text) } : part;
}
