import type pg from 'pg';
import type { HistoryPosition } from '../api/event-reader.ts';

/** Conditions joined with `and`, their values numbered as they come. */
export class Conditions {
  readonly texts: string[] = [];
  readonly values: unknown[] = [];

  /** Adds a condition; each `?` in it stands for the next value. */
  add(text: string, ...values: unknown[]): void {
    let at = 0;
    this.texts.push(text.replace(/\?/g, () => `$${this.values.push(values[at++])}`));
  }

  /** Adds a condition on a substring of `expression`, whatever the letter case. */
  contains(expression: string, words: string): void {
    this.add(`${expression} ilike ?`, `%${words.replace(/[\\%_]/g, (special) => `\\${special}`)}%`);
  }

  get where(): string {
    return this.texts.length === 0 ? 'true' : this.texts.join(' and ');
  }
}

/** What is read: rows that have `started_ns` and `id`, which order them. */
export interface PageQuery {
  table: 'events' | 'runs';
  columns: string;
  order: 'newest' | 'oldest';
  limit: number;
  after: HistoryPosition | undefined;
}

/** Reads one page by keyset: deep pages cost what the first one costs. */
export async function readPage<Row extends pg.QueryResultRow & { started_ns: bigint; id: string }>(
  pool: pg.Pool,
  query: PageQuery,
  conditions: Conditions,
): Promise<{ rows: Row[]; next: HistoryPosition | undefined }> {
  const [comparison, direction] = query.order === 'newest' ? ['<', 'desc'] : ['>', 'asc'];
  if (query.after) {
    const { startedNs, id } = query.after;
    conditions.add(`(started_ns, id) ${comparison} (?::bigint, ?::uuid)`, startedNs.toString(), id);
  }
  const { rows } = await pool.query<Row>(
    `select ${query.columns} from ${query.table} where ${conditions.where}
     order by started_ns ${direction}, id ${direction} limit ${query.limit + 1}`,
    conditions.values,
  );
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    rows: page,
    next: rows.length > query.limit && last ? { startedNs: last.started_ns, id: last.id } : undefined,
  };
}
