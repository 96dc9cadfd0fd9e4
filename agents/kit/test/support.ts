import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** What `run.mjs` hands to each test file about the one collector all of them use. */
export const collector = {
  http: setting('KIT_TEST_HTTP'),
  api: setting('KIT_TEST_API'),
  readKey: setting('KIT_TEST_READ_KEY'),
  password: setting('KIT_TEST_PASSWORD'),
  database: setting('KIT_TEST_DATABASE'),
  /** API of a second collector on the same database, which wants `ingestKey` from agents. */
  guarded: setting('KIT_TEST_GUARDED'),
  ingestKey: setting('KIT_TEST_INGEST_KEY'),
  /** Whether this row measures; the others only show that it works. */
  isFull: process.env['KIT_TEST_FULL'] === '1',
  repository: setting('KIT_TEST_REPOSITORY'),
};

/** A stored log record. */
export interface LogRow {
  run_id: string;
  span_id: string;
  event_name: string;
  attributes: Record<string, unknown>;
}

/** The parts of an event the tests look at. */
export interface EventView {
  type: string;
  status: string;
  traceId: string;
  spanId: string | null;
  actor: { kind: string; name: string };
  tool: string | null;
  summary: string;
}

interface PgClient {
  connect(): Promise<void>;
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
  end(): Promise<void>;
}

/** Packages of the collector, which the kit itself does not need. */
const requireOfCollector = createRequire(path.join(collector.repository, 'collector', 'package.json'));

/** Log rows of one trace as they stand in the database. */
export async function logRows(traceId: string): Promise<LogRow[]> {
  const { Client } = requireOfCollector('pg') as { Client: new (url: string) => PgClient };
  const client = new Client(collector.database);
  await client.connect();
  const { rows } = await client.query(
    "select run_id, span_id, event_name, attributes from log_records where replace(run_id::text, '-', '') = $1 order by time_ns",
    [traceId],
  );
  await client.end();
  return rows as LogRow[];
}

/** Events of one trace as readers get them. */
export async function eventsOf(traceId: string): Promise<EventView[]> {
  const answer = await fetch(`${collector.api}/api/events?run=${traceId}&limit=1000&order=oldest`, {
    headers: { authorization: `Bearer ${collector.readKey}` },
  });
  assert.equal(answer.status, 200);
  return ((await answer.json()) as { events: EventView[] }).events;
}

/** Asks until `good` holds, for at most `limitMs`; answers the last reading. */
export async function eventually<T>(read: () => Promise<T>, good: (value: T) => boolean, limitMs = 8000): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const value = await read();
    if (good(value) || Date.now() > deadline) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** How an agent process ended. */
export interface Ended {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  tookMs: number;
}

/** Runs one of `agents/*.ts` as a process of its own. */
export function runAgent(name: string, environment: Record<string, string>, nodeArgs: string[] = []): Promise<Ended> {
  const script = fileURLToPath(new URL(`agents/${name}.js`, import.meta.url));
  const started = Date.now();
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', ...environment };
    const child = execFile(
      process.execPath,
      [...nodeArgs, script],
      { env, timeout: 25_000 },
      (_error, stdout, stderr) =>
        resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr, tookMs: Date.now() - started }),
    );
  });
}

function setting(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: start the tests with npm test`);
  return value;
}
