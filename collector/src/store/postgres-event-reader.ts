import type { EventContent, EventRow } from '@signalbox/event-model';
import type pg from 'pg';
import type { EventReader } from '../api/event-reader.ts';
import { readEvent, readHistory } from './event-queries.ts';
import { readRun, readRuns } from './run-queries.ts';

/** The {@link EventReader} on PostgreSQL; `contentOf` derives the bodies of one event. */
export function createPostgresEventReader(
  pool: pg.Pool,
  contentOf: (row: EventRow) => Promise<EventContent | undefined>,
): EventReader {
  return {
    history: (query) => readHistory(pool, query),
    runs: (query) => readRuns(pool, query),
    run: (id) => readRun(pool, id),
    async event(id) {
      const row = await readEvent(pool, id);
      if (!row) return undefined;
      return { ...row, content: (await contentOf(row)) ?? { kind: 'generic', fields: {} } };
    },
    async ping() {
      await pool.query('select 1');
    },
  };
}
