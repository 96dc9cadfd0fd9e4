import { z } from 'zod';
import type { HistoryPosition } from '../event-reader.ts';

/*
 * Building blocks of the parameters in paths and queries. Messages finish the sentence `The parameter "x" must be …`.
 */

const UUID = /^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$/;
const TIME = /^(\d{1,14}|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2}))$/;
const TEXT_LIMIT = 500;
const LIST_LIMIT = 100;

/** Any text, not too long; NUL is no character of the database's texts. */
export const text = z
  .string()
  .max(TEXT_LIMIT, { error: `at most ${TEXT_LIMIT} characters` })
  .refine((value) => !value.includes('\0'), { error: 'text without NUL characters' });

/** Several texts, separated by commas or given one by one. */
export const list = z
  .array(text, { error: `a list of at most ${LIST_LIMIT} values` })
  .max(LIST_LIMIT, { error: `a list of at most ${LIST_LIMIT} values` });

/** An id as clients write it, answered in the form the database uses. */
export const uuid = z
  .string()
  .regex(UUID, { error: 'a UUID or a trace id of 32 hex digits' })
  .transform((value) => {
    const hex = value.replaceAll('-', '').toLowerCase();
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  });

const TIME_EXPECTED = 'a time: RFC 3339 or milliseconds since 1970';

/** A moment, answered as RFC 3339 UTC with nanoseconds (so that texts compare like times). */
export const time = z
  .string()
  .regex(TIME, { error: TIME_EXPECTED })
  .transform((value, context) => {
    const parsed = toNanosecondTime(value);
    if (parsed === null) context.issues.push({ code: 'custom', message: TIME_EXPECTED, input: value });
    return parsed ?? '';
  });

function toNanosecondTime(value: string): string | null {
  const parsed = /^\d+$/.test(value) ? Number(value) : Date.parse(value);
  if (!Number.isFinite(parsed) || Math.abs(parsed) > 8.64e15) return null;
  const fraction = /^\d+$/.test(value) ? String(parsed % 1000).padStart(3, '0') : (/\.(\d+)/.exec(value)?.[1] ?? '');
  return `${new Date(parsed).toISOString().slice(0, -5)}.${fraction.padEnd(9, '0')}Z`;
}

/** A whole number within bounds. */
export function whole(least: number, most: number, name = 'a whole number') {
  const error = `${name} from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

/** Page size. */
export const limit = whole(1, 1000).default(100);

/** One of a few words. */
export function choice<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: words.map((word) => `"${word}"`).join(' or ') });
}

/** Direction of history. */
export const order = choice(['newest', 'oldest']).default('newest');

const CURSOR_EXPECTED = 'a "nextCursor" of an earlier answer';

/** A page cursor as clients hold it, read back. */
export const cursor = z.string().transform((value, context): HistoryPosition => {
  const position = readPosition(value);
  if (position === null) context.issues.push({ code: 'custom', message: CURSOR_EXPECTED, input: value });
  return position ?? { startedNs: 0n, id: '' };
});

function readPosition(value: string): HistoryPosition | null {
  const [kind, ns, id, rest] = Buffer.from(value, 'base64url').toString('utf8').split('.');
  const isGood = kind === 'h' && rest === undefined && /^-?\d{1,19}$/.test(ns ?? '') && UUID.test(id ?? '');
  return isGood ? { startedNs: BigInt(ns ?? 0), id: id ?? '' } : null;
}

/** A page cursor as clients hold it. */
export function encodePage(position: HistoryPosition | undefined): string | null {
  return position ? Buffer.from(`h.${position.startedNs}.${position.id}`).toString('base64url') : null;
}

/** The filter shared by history and live stream. */
export const eventFilter = {
  run: z.exactOptional(uuid).describe('Run: UUID or trace id.'),
  session: z.exactOptional(text),
  type: z.exactOptional(list).describe('Event types.'),
  status: z.exactOptional(list).describe('Event statuses.'),
  actor: z.exactOptional(list).describe('Names of actors.'),
  workflow: z.exactOptional(list),
  model: z.exactOptional(list),
  tool: z.exactOptional(list),
  q: z.exactOptional(text).describe("Words that must all occur in the event's text, in any letter case."),
  from: z.exactOptional(time).describe('Earliest start, inclusive: RFC 3339 or milliseconds since 1970.'),
  to: z.exactOptional(time).describe('Latest start, exclusive: RFC 3339 or milliseconds since 1970.'),
} as const;
