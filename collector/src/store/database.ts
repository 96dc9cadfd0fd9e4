import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { StartError } from '../lifecycle/start-error.ts';

/** Oldest server version supported, as `server_version_num`. */
const OLDEST_SERVER = 140_000;
const MIGRATION_LOCK = 7_466_001;
const INT8_OID = 20;

/** Connections by purpose, so that a slow reader can never starve a writer. */
export interface Database {
  write: pg.Pool;
  read: pg.Pool;
  live: pg.Pool;
  /** People's decisions and orders: they must go through whatever ingest does. */
  control: pg.Pool;
  /** Stops and what brings orders to agents: they never wait behind other orders for a connection. */
  urgent: pg.Pool;
  close(): Promise<void>;
}

/** Opens the pools; connects lazily. Errors of idle connections are dropped: the next query reconnects. */
export function openDatabase(url: string): Database {
  const write = pool(url, { name: 'signalbox-write', max: 3, queryMs: 30_000 });
  const read = pool(url, { name: 'signalbox-api', max: 6, queryMs: 15_000 });
  const live = pool(url, { name: 'signalbox-live', max: 3, queryMs: 5_000 });
  const control = pool(url, { name: 'signalbox-control', max: 4, queryMs: 5_000, waitMs: 10_000 });
  const urgent = pool(url, { name: 'signalbox-urgent', max: 3, queryMs: 5_000, waitMs: 10_000 });
  const pools = [write, read, live, control, urgent];
  return {
    write,
    read,
    live,
    control,
    urgent,
    close: async () => {
      await Promise.all(pools.map((each) => each.end()));
    },
  };
}

interface PoolLimits {
  name: string;
  max: number;
  queryMs: number;
  /** How long to wait for a connection. */
  waitMs?: number;
}

function pool(url: string, { name, max, queryMs, waitMs = 2000 }: PoolLimits): pg.Pool {
  const made = new pg.Pool({
    connectionString: url,
    application_name: name,
    max,
    connectionTimeoutMillis: waitMs,
    // The client-side limit is what returns when the server itself hangs; the server-side one frees the server.
    query_timeout: queryMs + 2000,
    statement_timeout: queryMs,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    types: { getTypeParser: parserFor },
  });
  made.on('error', () => undefined);
  made.on('connect', (client) => client.on('error', () => undefined));
  return made;
}

function parserFor(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === INT8_OID && format !== 'binary') return (value) => BigInt(value);
  return pg.types.getTypeParser(oid, 'text') as (value: string) => unknown;
}

/**
 * Checks the server and brings the schema up to date, under a lock so that many collectors may start at once.
 * Throws {@link StartError} when the server cannot be reached, is too old, or runs a newer schema than ours.
 */
export async function prepareDatabase(database: Database): Promise<void> {
  let client: pg.PoolClient;
  try {
    client = await database.write.connect();
  } catch (cause) {
    throw unreachable(cause);
  }
  try {
    await checkVersion(client);
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await migrate(client);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    client.release();
  }
}

/** Sets a value that collectors on this database share. */
export async function setMeta(pool: pg.Pool, key: string, value: string): Promise<void> {
  await pool.query(
    'insert into meta (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value',
    [key, value],
  );
}

/** A value that belongs to the database as a whole; the empty text when there is none. */
export async function readMeta(pool: pg.Pool, key: 'epoch' | 'redaction_key'): Promise<string> {
  const { rows } = await pool.query<{ value: string }>('select value from meta where key = $1', [key]);
  return rows[0]?.value ?? '';
}

function unreachable(cause: unknown): StartError {
  const code = (cause as { code?: string }).code ?? '';
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'nothing listens there',
    ENOTFOUND: 'its host name is unknown',
    '28P01': 'it refused the password',
    '28000': 'it refused the account',
    '3D000': 'the database named in it does not exist',
  };
  const reason = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new StartError(
    `PostgreSQL at DATABASE_URL cannot be used: ${reason}. Check the address, or unset DATABASE_URL to use the embedded database.`,
    { cause },
  );
}

async function checkVersion(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
  const version = Number(rows[0]?.server_version_num ?? 0);
  if (version >= OLDEST_SERVER) return;
  const spelled = `${Math.floor(version / 10_000)}.${version % 10_000}`;
  throw new StartError(
    `PostgreSQL ${spelled} is too old: Signalbox needs version 14 or newer. Upgrade the server, or unset DATABASE_URL to use the embedded database.`,
  );
}

async function migrate(client: pg.PoolClient): Promise<void> {
  await client.query(
    'create table if not exists schema_migrations (version integer primary key, applied_at timestamptz not null default now())',
  );
  const { rows } = await client.query<{ version: number | null }>(
    'select max(version) as version from schema_migrations',
  );
  const current = rows[0]?.version ?? 0;
  const folder = path.join(import.meta.dirname, 'migrations');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const newest = Number.parseInt(files.at(-1) ?? '0', 10);
  if (current > newest) {
    throw new StartError(
      `The database has schema ${current}, this collector knows ${newest}: start a newer collector, or give this one another database.`,
    );
  }
  for (const file of files) {
    const version = Number.parseInt(file, 10);
    if (version > current) await applyMigration(client, version, readFileSync(path.join(folder, file), 'utf8'));
  }
}

async function applyMigration(client: pg.PoolClient, version: number, sql: string): Promise<void> {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query('insert into schema_migrations (version) values ($1)', [version]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback').catch(() => undefined);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`Database schema ${version} could not be applied: ${reason}.`, { cause });
  }
}
