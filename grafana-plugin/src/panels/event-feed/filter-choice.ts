import type { EventFilter, EventRow } from '@signalbox/event-model';
import { durationMs } from '../../shared/time.ts';

/** Fields by which events can be told to be alike. */
export const LIKE_FIELDS = ['type', 'actor', 'tool', 'run'] as const;

/** Name of such a field. */
export type LikeField = (typeof LIKE_FIELDS)[number];

/** Events that are out of sight because they are like one the reader had enough of. */
export interface Hidden {
  field: LikeField;
  value: string;
}

/** What the reader narrowed the feed to. */
export interface FilterChoice {
  type: string[];
  status: string[];
  actor: string[];
  tool: string[];
  run: string;
  /** Only what went wrong. */
  errors: boolean;
  q: string;
  /** Only what took at least this long, in milliseconds; 0 for everything. */
  minMs: number;
  hidden: Hidden[];
}

/** No narrowing at all. */
export const NO_CHOICE: FilterChoice = {
  type: [],
  status: [],
  actor: [],
  tool: [],
  run: '',
  errors: false,
  q: '',
  minMs: 0,
  hidden: [],
};

/** How often each value occurs among the rows at hand. */
export interface Facets {
  type: Map<string, number>;
  status: Map<string, number>;
  actor: Map<string, number>;
  run: Map<string, number>;
  errors: number;
}

/** Statuses the "errors" filter stands for. */
export const ERROR_STATUSES = ['error'];

/** The reader's choice as the collector understands it. */
export function choiceToFilter(choice: FilterChoice): EventFilter {
  const filter: EventFilter = {};
  if (choice.type.length > 0) filter.type = choice.type;
  if (choice.actor.length > 0) filter.actor = choice.actor;
  if (choice.tool.length > 0) filter.tool = choice.tool;
  const status = choice.errors ? ERROR_STATUSES : choice.status;
  if (status.length > 0) filter.status = status;
  if (choice.run) filter.run = choice.run;
  if (choice.q.trim()) filter.q = choice.q.trim();
  return filter;
}

/** True when the choice narrows nothing. */
export function isEmptyChoice(choice: FilterChoice): boolean {
  return Object.keys(choiceToFilter(choice)).length === 0 && !narrowsHere(choice);
}

/** Whether the choice takes out events the collector sends: it knows neither durations nor exclusions. */
export function narrowsHere(choice: Pick<FilterChoice, 'minMs' | 'hidden'>): boolean {
  return choice.minMs > 0 || choice.hidden.length > 0;
}

/** Takes out what only this side can: short events and those like hidden ones. What still runs may yet take long. */
export function narrowHere(
  rows: readonly EventRow[],
  choice: Pick<FilterChoice, 'minMs' | 'hidden'>,
): readonly EventRow[] {
  if (!narrowsHere(choice)) return rows;
  return rows.filter((row) => {
    if (choice.hidden.some(({ field, value }) => likeValue(row, field) === value)) return false;
    return choice.minMs === 0 || isOpen(row) || (durationMs(row.startedAt, row.endedAt) ?? 0) >= choice.minMs;
  });
}

/** What an event has in a field; null when it has nothing there. */
export function likeValue(row: EventRow, field: LikeField): string | null {
  const values = { type: row.type, actor: row.actor.name, tool: row.tool, run: row.runId };
  return values[field];
}

/** Narrows the choice to events like one. */
export function onlyLike(choice: FilterChoice, like: Hidden): FilterChoice {
  const hidden = choice.hidden.filter((other) => other.field !== like.field);
  return like.field === 'run'
    ? { ...choice, hidden, run: like.value }
    : { ...choice, hidden, [like.field]: [like.value] };
}

/** Takes events like one out of sight; asking for them at the same time would show nothing, so that is dropped. */
export function hideLike(choice: FilterChoice, like: Hidden): FilterChoice {
  const others = choice.hidden.filter((other) => other.field !== like.field || other.value !== like.value);
  const next = { ...choice, hidden: [...others, like] };
  if (like.field === 'run') return { ...next, run: choice.run === like.value ? '' : choice.run };
  return { ...next, [like.field]: choice[like.field].filter((value) => value !== like.value) };
}

/**
 * The rows that still fit. A filtered stream carries only what fits, so the revision that takes a row out of it (a
 * running call ends) comes over the unfiltered one.
 */
export function keepFitting(
  rows: readonly EventRow[],
  unfiltered: readonly EventRow[],
  filter: EventFilter,
): readonly EventRow[] {
  if (rows === unfiltered) return rows.filter((row) => fitsFilter(row, filter));
  if (!filter.status || filter.status.length === 0) return rows;
  const newest = new Map(unfiltered.map((row) => [row.id, row]));
  return rows.filter((row) => {
    const other = newest.get(row.id);
    return fitsFilter(other && other.revision > row.revision ? other : row, filter);
  });
}

/** Whether a row fits the lists of a filter; text is left to the server, which searches more than the row shows. */
export function fitsFilter(row: EventRow, filter: EventFilter): boolean {
  const lists: [string[] | undefined, string][] = [
    [filter.type, row.type],
    [filter.status, row.status],
    [filter.actor, row.actor.name],
    [filter.tool, row.tool ?? ''],
  ];
  const fitsRun = !filter.run || filter.run === row.runId;
  return fitsRun && lists.every(([wanted, value]) => !wanted || wanted.length === 0 || wanted.includes(value));
}

/** Counts the values of the rows at hand. */
export function countFacets(rows: readonly EventRow[]): Facets {
  const facets: Facets = { type: new Map(), status: new Map(), actor: new Map(), run: new Map(), errors: 0 };
  for (const row of rows) {
    increase(facets.type, row.type);
    increase(facets.status, row.status);
    increase(facets.actor, row.actor.name);
    increase(facets.run, row.runId);
    if (ERROR_STATUSES.includes(row.status)) facets.errors++;
  }
  return facets;
}

/** Adds a value to a list, or takes it out. */
export function toggleValue<T extends string>(values: readonly T[], value: T): T[] {
  return values.includes(value) ? values.filter((candidate) => candidate !== value) : [...values, value];
}

function isOpen(row: EventRow): boolean {
  return row.status === 'in_progress' || row.status === 'waiting';
}

function increase(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}
