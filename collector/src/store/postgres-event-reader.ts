import type pg from 'pg';
import type { EventReader } from '../api/event-reader.ts';
import { readEvent, readHistory } from './event-queries.ts';
import { createContentReader } from '../ingest/event-content.ts';
import type { RunLoader } from '../ingest/run-loader.ts';
import { traceIdOf } from '../telemetry/time.ts';
import { readChain, readRun, readRuns } from './run-queries.ts';
import { readSession, readSessions } from './session-queries.ts';

/** The {@link EventReader} on PostgreSQL; bodies and views are derived again by `load`. */
export function createPostgresEventReader(pool: pg.Pool, load: RunLoader): EventReader {
  const contentOf = createContentReader(load);
  return {
    history: (query) => readHistory(pool, query),
    runs: (query) => readRuns(pool, query),
    run: (id) => readRun(pool, id),
    sessions: (query) => readSessions(pool, query),
    session: (id) => readSession(pool, id),
    async parts(id, limit) {
      const traceIds = (await readChain(pool, id, limit)).map(traceIdOf);
      const derivations = await load(traceIds);
      return traceIds.flatMap((traceId) => {
        const derivation = derivations.get(traceId);
        return derivation === undefined ? [] : [{ traceId, derivation }];
      });
    },
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
