import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';

/** What a storm needs. */
export interface Storm {
  /** Address of the API. */
  api: string;
  /** Headers of a person who may steer. */
  headers: Record<string, string>;
  /** Database of the collector, to see what became of every command. */
  pool: pg.Pool;
  /** A file that does not exist yet. */
  journal: string;
  traceId: string;
  commands: number;
  kills: number;
}

const AT_ONCE = 8;

/**
 * Orders tasks of one agent while its process is killed again and again. Resolves once every command is over, with the
 * ids that were ordered, those the agent did (each time it did it), and how many commands ended in which state.
 */
export async function commandStorm(storm: Storm): Promise<{ ordered: string[]; did: string[]; states: object }> {
  const { api, headers, kills, commands, pool } = storm;
  const run = storm.traceId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  let agent = startAgent(storm);
  await until(async () => (await fetch(`${api}/api/runs/${run}/control`, { headers })).text().then(isSteered));
  const ordered: string[] = [];
  const order = async (at: number): Promise<void> => {
    const answer = await fetch(`${api}/api/runs/${run}/tasks`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ text: `task ${at}`, idempotencyKey: `storm-${storm.traceId}-${at}` }),
    });
    const body = (await answer.json()) as { id: string };
    if (answer.status !== 202) throw new Error(`an order was answered with ${answer.status}: ${JSON.stringify(body)}`);
    ordered.push(body.id);
  };
  for (let at = 0; at < commands; at += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, commands - at) }, (_, more) => order(at + more));
    if (Math.floor(((at + AT_ONCE) * kills) / commands) > Math.floor((at * kills) / commands)) {
      // In the middle of what is under way.
      agent.kill('SIGKILL');
      await once(agent, 'exit');
      agent = startAgent(storm);
    }
    await Promise.all(some);
  }
  await until(async () => (await openIn(pool, run)) === 0);
  agent.kill('SIGKILL');
  await once(agent, 'exit');
  const { rows } = await pool.query<{ state: string; count: number }>(
    "select state, count(*)::int as count from commands where run_id = $1 and kind = 'task.add' group by state",
    [run],
  );
  const states = Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  return { ordered, did: readFileSync(storm.journal, 'utf8').split('\n').slice(0, -1), states };
}

function startAgent({ api, journal, traceId }: Storm): ChildProcess {
  const script = path.join(import.meta.dirname, 'mortal-agent.ts');
  const link = `${api.replace('http', 'ws')}/agent`;
  return spawn(process.execPath, [script, link, journal, traceId], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function isSteered(text: string): boolean {
  return (JSON.parse(text) as { runtime?: string | null }).runtime === 'agent-link';
}

async function openIn(pool: pg.Pool, run: string): Promise<number> {
  const { rows } = await pool.query<{ open: number }>(
    "select count(*)::int as open from commands where run_id = $1 and state in ('queued', 'delivered', 'acked')",
    [run],
  );
  return rows[0]?.open ?? 0;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}
