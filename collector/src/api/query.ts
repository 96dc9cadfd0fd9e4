import type { EventFilter } from '@signalbox/event-model';
import type { HistoryPosition } from './event-reader.ts';
import { ProblemError } from './problem.ts';

/** Query parameters as they stand in the URL. */
export type Query = URLSearchParams;

const UUID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;
const TEXT_LIMIT = 500;
const LIST_LIMIT = 100;
const PAGE_DEFAULT = 100;
const PAGE_LIMIT = 1000;
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

function invalid(name: string, expected: string): ProblemError {
  return new ProblemError(400, 'invalid_request', `The parameter "${name}" must be ${expected}.`);
}

/** One text parameter; undefined when absent or empty. */
export function textOf(query: Query, name: string): string | undefined {
  const value = query.get(name) ?? '';
  if (value.length > TEXT_LIMIT) throw invalid(name, `at most ${TEXT_LIMIT} characters`);
  if (value.includes('\0')) throw invalid(name, 'text without NUL characters');
  return value === '' ? undefined : value;
}

/** A comma separated list, or the parameter repeated; undefined when absent. */
export function listOf(query: Query, name: string): string[] | undefined {
  const values = query.getAll(name).flatMap((value) => value.split(','));
  const wanted = values.map((value) => value.trim()).filter((value) => value !== '');
  if (wanted.length > LIST_LIMIT || wanted.some((value) => value.length > TEXT_LIMIT || value.includes('\0'))) {
    throw invalid(name, `a list of at most ${LIST_LIMIT} values`);
  }
  return wanted.length === 0 ? undefined : wanted;
}

/** A UUID or trace id in the form the database uses. */
export function uuidOf(name: string, value: string): string {
  if (!UUID.test(value)) throw invalid(name, 'a UUID or a trace id of 32 hex digits');
  const hex = value.replaceAll('-', '').toLowerCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** RFC 3339 or epoch milliseconds, as RFC 3339 UTC with nanoseconds (so that texts compare like times). */
export function timeOf(query: Query, name: string): string | undefined {
  const value = textOf(query, name);
  if (value === undefined) return undefined;
  if (/^\d{1,14}$/.test(value)) return new Date(Number(value)).toISOString().replace('Z', '000000Z');
  const parsed = Date.parse(value);
  if (!RFC3339.test(value) || Number.isNaN(parsed)) throw invalid(name, 'a time: RFC 3339 or milliseconds since 1970');
  const fraction = /\.(\d+)/.exec(value)?.[1] ?? '000';
  return `${new Date(parsed).toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z`;
}

/** Page size, 1 to 1000. */
export function limitOf(query: Query): number {
  const value = textOf(query, 'limit');
  if (value === undefined) return PAGE_DEFAULT;
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_LIMIT)
    throw invalid('limit', `a whole number from 1 to ${PAGE_LIMIT}`);
  return limit;
}

/** Direction of history; newest first unless asked otherwise. */
export function orderOf(query: Query): 'newest' | 'oldest' {
  const value = textOf(query, 'order') ?? 'newest';
  if (value !== 'newest' && value !== 'oldest') throw invalid('order', '"newest" or "oldest"');
  return value;
}

/** The filter shared by history and live stream. */
export function filterOf(query: Query): EventFilter {
  const run = textOf(query, 'run');
  const entries: [keyof EventFilter, string | string[] | undefined][] = [
    ['run', run === undefined ? undefined : uuidOf('run', run)],
    ['session', textOf(query, 'session')],
    ['q', textOf(query, 'q')],
    ['from', timeOf(query, 'from')],
    ['to', timeOf(query, 'to')],
    ['type', listOf(query, 'type')],
    ['status', listOf(query, 'status')],
    ['actor', listOf(query, 'actor')],
    ['workflow', listOf(query, 'workflow')],
    ['model', listOf(query, 'model')],
    ['tool', listOf(query, 'tool')],
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** A page cursor as clients hold it. */
export function encodePage(position: HistoryPosition | undefined): string | null {
  return position ? Buffer.from(`h.${position.startedNs}.${position.id}`).toString('base64url') : null;
}

/** Reads a page cursor back; undefined when absent. */
export function pageOf(query: Query): HistoryPosition | undefined {
  const value = textOf(query, 'cursor');
  if (value === undefined) return undefined;
  const [kind, ns, id, rest] = Buffer.from(value, 'base64url').toString('utf8').split('.');
  const good = kind === 'h' && rest === undefined && /^-?\d{1,19}$/.test(ns ?? '') && UUID.test(id ?? '');
  if (!good) throw invalid('cursor', 'a "nextCursor" of an earlier answer');
  return { startedNs: BigInt(ns ?? 0), id: id ?? '' };
}

/** The query of a request's URL. */
export function queryOf(url: string | undefined): Query {
  return new URL(url ?? '/', 'http://localhost').searchParams;
}
