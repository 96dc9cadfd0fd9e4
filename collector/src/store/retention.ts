import type pg from 'pg';

const EVERY_MS = 3_600_000;

/** Deletes what is older than `days`: whole partitions, and the rows of runs that stand outside them. */
export async function dropOldRuns(pool: pg.Pool, days: number): Promise<void> {
  const { rows } = await pool.query<{ bucket: string }>(
    'select distinct bucket::text as bucket from runs where bucket < current_date - $1::integer',
    [days],
  );
  for (const { bucket } of rows) {
    const suffix = bucket.replaceAll('-', '');
    for (const table of ['events', 'log_records', 'spans']) await pool.query(`drop table if exists ${table}_${suffix}`);
    await pool.query('delete from correlations where bucket = $1', [bucket]);
    await pool.query('delete from trace_states where bucket = $1', [bucket]);
    await pool.query('delete from runs where bucket = $1', [bucket]);
  }
  await pool.query(`delete from rollup_minute where minute < current_date - $1::integer`, [days]);
  await pool.query(
    `delete from agui_threads t where changed_at < current_date - $1::integer and not exists
       (select from agui_runs r where r.agent = t.agent and r.thread_id = t.thread_id
          and r.status in ('sent', 'open', 'paused'))`,
    [days],
  );
  await pool.query(
    `delete from agui_runs where ended_at < current_date - $1::integer and status not in ('sent', 'open', 'paused')`,
    [days],
  );
  // A series that fell silent gives its place to a new one.
  await pool.query(`delete from metric_latest where received_at < current_date - $1::integer`, [days]);
}

/** Runs {@link dropOldRuns} now and every hour; returns the way to end it. */
export function keepRetention(pool: pg.Pool, days: number, report: (error: unknown) => void): () => void {
  const run = (): void => void dropOldRuns(pool, days).catch(report);
  run();
  const timer = setInterval(run, EVERY_MS).unref();
  return () => clearInterval(timer);
}
