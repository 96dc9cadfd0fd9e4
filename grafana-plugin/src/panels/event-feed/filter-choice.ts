import type { EventFilter, EventRow } from '@signalbox/event-model';

/** What the reader narrowed the feed to. */
export interface FilterChoice {
  type: string[];
  status: string[];
  actor: string[];
  run: string;
  /** Only what went wrong. */
  errors: boolean;
  q: string;
}

/** No narrowing at all. */
export const NO_CHOICE: FilterChoice = { type: [], status: [], actor: [], run: '', errors: false, q: '' };

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
  const status = choice.errors ? ERROR_STATUSES : choice.status;
  if (status.length > 0) filter.status = status;
  if (choice.run) filter.run = choice.run;
  if (choice.q.trim()) filter.q = choice.q.trim();
  return filter;
}

/** True when the choice narrows nothing. */
export function isEmptyChoice(choice: FilterChoice): boolean {
  return Object.keys(choiceToFilter(choice)).length === 0;
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
export function toggleValue(values: readonly string[], value: string): string[] {
  return values.includes(value) ? values.filter((candidate) => candidate !== value) : [...values, value];
}

function increase(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}
