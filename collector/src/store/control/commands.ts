import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Command, CommandKind, Principal } from '@signalbox/event-model';
import type { CommandRef } from '../../control/control-store.ts';
import { commandJson, toCommand, type CommandJson } from './control-rows.ts';

/** A command before it is stored. */
export interface NewCommand {
  kind: CommandKind;
  runtime: string;
  target: string;
  runId: string | null;
  approvalId: string | null;
  payload: Record<string, unknown>;
  by: Principal;
  idempotencyKey: string;
  requestHash: string;
  /** SQL time; null for none. */
  expiresAt: Date | null;
}

/** Who asked, as idempotency keys are told apart. */
export function askerOf(by: Principal): string {
  return `${by.via}:${by.login}`;
}

/** Stores a command with its first state; null when the same asker used the key before. */
export async function insertCommand(client: pg.PoolClient, given: NewCommand): Promise<Command | null> {
  const id = randomUUID();
  const { rowCount } = await client.query(
    `insert into commands (id, asked_by, idempotency_key, request_hash, kind, runtime, target, run_id, approval_id, payload,
       requested_by, state, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'queued', $12)
     on conflict (asked_by, idempotency_key) do nothing`,
    [
      id,
      askerOf(given.by),
      given.idempotencyKey,
      given.requestHash,
      given.kind,
      given.runtime,
      given.target,
      given.runId,
      given.approvalId,
      JSON.stringify(given.payload),
      JSON.stringify(given.by),
      given.expiresAt,
    ],
  );
  if (rowCount === 0) return null;
  await client.query("insert into command_history (command_id, seq, state) values ($1, 0, 'queued')", [id]);
  return readCommand(client, id);
}

type Queryable = pg.Pool | pg.PoolClient;

/** A command by id. */
export async function readCommand(db: Queryable, id: string): Promise<Command | null> {
  const [command] = await readCommands(db, 'c.id = $1', [id]);
  return command ?? null;
}

/** The command an asker made with a key before, and what was asked then. */
export async function findByKey(
  db: Queryable,
  by: Principal,
  key: string,
): Promise<{ command: Command; requestHash: string } | null> {
  const { rows } = await db.query<{ id: string; request_hash: string }>(
    'select id, request_hash from commands where asked_by = $1 and idempotency_key = $2',
    [askerOf(by), key],
  );
  const [row] = rows;
  const command = row ? await readCommand(db, row.id) : null;
  return row && command ? { command, requestHash: row.request_hash } : null;
}

/** Commands that fit a condition on `c`, oldest first. */
export async function readCommands(db: Queryable, where: string, values: unknown[]): Promise<Command[]> {
  const { rows } = await db.query<{ command: CommandJson }>(
    `select ${commandJson('c')} as command from commands c where ${where} order by c.created_at, c.id limit 1000`,
    values,
  );
  return rows.map((row) => toCommand(row.command));
}

/** Commands that are still under way at some targets. */
export async function readOpenRefs(pool: pg.Pool, runtime: string, targets: readonly string[]): Promise<CommandRef[]> {
  const { rows } = await pool.query<CommandRef>(
    `select id, state, target from commands
     where runtime = $1 and target = any($2) and state in ('queued', 'delivered', 'acked')
     order by kind <> 'stop', created_at, id limit 20000`,
    [runtime, targets],
  );
  return rows;
}
