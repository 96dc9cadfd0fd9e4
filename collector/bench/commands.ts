import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { commandStorm } from '../src/testing/command-storm.ts';
import { BENCH_PASSWORD, type BenchCollector } from './bench-collector.ts';
import type { Figure } from './figures.ts';

const COMMANDS = 10_000;
const KILLS = 100;
const AT_ONCE = 8;

/**
 * Ten thousand tasks for an agent whose process is killed a hundred times meanwhile: how many a second from the order to
 * the agent's word that they are done, against two commits of a bare row for each. Throws when one of them was not
 * carried out, or twice.
 */
export async function benchCommands(collector: BenchCollector, url: string): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-storm-'));
  const pool = new pg.Pool({ connectionString: url, max: AT_ONCE });
  try {
    const headers = await signIn(collector.api);
    const started = performance.now();
    const { ordered, did, states } = await commandStorm({
      api: collector.api,
      headers,
      pool,
      journal: path.join(folder, 'journal'),
      traceId: randomBytes(16).toString('hex'),
      commands: COMMANDS,
      kills: KILLS,
    });
    const ours = COMMANDS / ((performance.now() - started) / 1000);
    const once = new Set(did);
    if (did.length !== COMMANDS || once.size !== COMMANDS || ordered.some((id) => !once.has(id)))
      throw new Error(`${did.length} tasks were done, ${once.size} of them different, ${ordered.length} were ordered`);
    return [
      {
        name: 'commands, each carried out once',
        ours,
        yardstick: await bareRate(pool),
        unit: 'commands/s',
        note: `${COMMANDS} over ${KILLS} kills of the agent's process, ${JSON.stringify(states)}; yardstick: two commits of a bare row`,
      },
    ];
  } finally {
    await pool.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function signIn(api: string): Promise<Record<string, string>> {
  const answer = await fetch(`${api}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ password: BENCH_PASSWORD }),
  });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const session = await fetch(`${api}/api/session`, { headers: { cookie } });
  const { csrfToken } = (await session.json()) as { csrfToken: string };
  return { cookie, 'x-signalbox-csrf': csrfToken };
}

async function bareRate(pool: pg.Pool): Promise<number> {
  await pool.query('create table bare_command (id int primary key, state text)');
  const started = performance.now();
  for (let at = 0; at < COMMANDS; at += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, more) => {
        await pool.query("insert into bare_command values ($1, 'queued')", [at + more]);
        await pool.query("update bare_command set state = 'effective' where id = $1", [at + more]);
      }),
    );
  }
  const rate = COMMANDS / ((performance.now() - started) / 1000);
  await pool.query('drop table bare_command');
  return rate;
}
