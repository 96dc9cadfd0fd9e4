import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Command, CommandKind, CommandState, Principal } from '@signalbox/event-model';
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

/** States a command can come from, by the state it goes to. A state once left never comes back. */
const FROM: Readonly<Record<CommandState, readonly CommandState[]>> = {
  queued: [],
  delivered: ['queued'],
  acked: ['queued', 'delivered'],
  effective: ['queued', 'delivered', 'acked'],
  refused: ['queued', 'delivered', 'acked'],
  // What was read back can still be contradicted by what comes later.
  failed: ['queued', 'delivered', 'acked', 'effective'],
  expired: ['queued'],
};

/** Moves a command on; null when it is past that state. */
export async function advanceCommand(
  client: pg.PoolClient,
  id: string,
  step: { state: CommandState; evidence: string | null; problem: string | null },
): Promise<Command | null> {
  const { rowCount } = await client.query(
    `update commands set state = $2, problem = coalesce($3, problem) where id = $1 and state = any($4)`,
    [id, step.state, step.problem, FROM[step.state]],
  );
  if (rowCount === 0) return null;
  await client.query(
    `insert into command_history (command_id, seq, state, evidence)
     select $1, max(seq) + 1, $2, $3 from command_history where command_id = $1`,
    [id, step.state, step.evidence],
  );
  return readCommand(client, id);
}
