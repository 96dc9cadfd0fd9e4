import type { ContentPart, EventContent } from '@signalbox/event-model';

/** Characters of one text sent with the event itself; the rest is fetched by `?part=`. */
const INLINE_LIMIT = 256 * 1024;
const PREVIEW = 32 * 1024;

/** The content with its large texts cut to a preview; each names the part that streams the whole. */
export function withParts(content: EventContent): EventContent {
  return cut(content, '') as EventContent;
}

function cut(value: unknown, path: string): unknown {
  if (Array.isArray(value)) return value.map((item, at) => cut(item, `${path}/${at}`));
  if (typeof value !== 'object' || value === null) return value;
  if (isLargeText(value)) {
    const { text } = value;
    return { kind: 'truncated', text: text.slice(0, PREVIEW), bytes: Buffer.byteLength(text), part: path };
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cut(inner, `${path}/${key}`)]));
}

function isLargeText(value: object): value is { kind: 'text'; text: string } {
  const part = value as Partial<ContentPart> & { text?: unknown };
  return part.kind === 'text' && typeof part.text === 'string' && part.text.length > INLINE_LIMIT;
}

/** The whole text at a path that {@link withParts} gave; undefined when there is none. */
export function findPart(content: EventContent, path: string): string | undefined {
  let value: unknown = content;
  for (const step of path.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  const part = value as { kind?: unknown; text?: unknown } | undefined;
  return part?.kind === 'text' && typeof part.text === 'string' ? part.text : undefined;
}
