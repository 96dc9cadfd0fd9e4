import pg from 'pg';
import type { Principal } from '@signalbox/event-model';
import type { ControlStore, DecisionOutcome } from '../src/control/control-store.ts';
import { shownHash } from '../src/control/shown-hash.ts';
import { openDatabase } from '../src/store/database.ts';
import { createPostgresControlStore } from '../src/store/control/postgres-control-store.ts';
import type { Figure } from './figures.ts';

const APPROVALS = 1_000;
const RACERS = 200;
const AT_ONCE = 5;
const ACTION = 'publish';
const HASH = shownHash(ACTION, {});

/**
 * Two hundred people at once on each of a thousand approvals: how many answers a second, each of them the truth, against
 * the bare compare-and-set on the same rows. Throws when an approval has not exactly one winner.
 */
export async function benchDecisions(url: string): Promise<Figure[]> {
  const database = openDatabase(url);
  try {
    const store = createPostgresControlStore(database.control);
    const ids = await openAll(store);
    const started = performance.now();
    for (let at = 0; at < ids.length; at += AT_ONCE)
      await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => race(store, id)));
    const ours = (APPROVALS * RACERS) / ((performance.now() - started) / 1000);
    return [
      {
        name: 'decisions, one winner each',
        ours,
        yardstick: await bareRate(url, ids),
        unit: 'answers/s',
        note: `${APPROVALS} approvals, ${RACERS} racers each, with ledger and audit; yardstick: the bare compare-and-set`,
      },
    ];
  } finally {
    await database.close();
  }
}

async function openAll(store: ControlStore): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < APPROVALS; at++) {
    const { approval } = await store.openApproval({
      runtime: 'agent-link',
      target: 'bench/agent',
      externalId: `bench-${at}`,
      traceId: null,
      workflow: null,
      agent: 'bench',
      action: ACTION,
      args: {},
      question: null,
      reason: null,
      risk: 'medium',
      allowedDecisions: ['approve', 'reject'],
      shownHash: HASH,
      votesNeeded: 1,
      timeoutMs: null,
      keys: [],
    });
    ids.push(approval.id);
  }
  return ids;
}

async function race(store: ControlStore, approvalId: string): Promise<void> {
  const outcomes = await Promise.all(Array.from({ length: RACERS }, (_, at) => decide(store, approvalId, at)));
  const winners = outcomes.filter((outcome) => 'command' in outcome && !('refused' in outcome)).length;
  const told = outcomes.filter((outcome) => 'approval' in outcome && outcome.approval.decidedBy !== null).length;
  if (winners !== 1 || told !== RACERS - 1) throw new Error(`${winners} winners, ${told} losers told who won`);
}

function decide(store: ControlStore, approvalId: string, at: number): Promise<DecisionOutcome> {
  const by: Principal = { login: `person-${at}`, name: `Person ${at}`, via: 'grafana' };
  const decision = at % 2 === 0 ? 'approve' : 'reject';
  const given = { approvalId, decision, by, reason: null, args: undefined, answer: undefined } as const;
  return store.decide({ ...given, shownHash: HASH, idempotencyKey: `${approvalId}-${at}`, requestHash: decision });
}

/** The same race without ledger, audit or answers for the losers: one statement a racer. */
async function bareRate(url: string, ids: readonly string[]): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  try {
    await pool.query('create table bare_race as select id, 0 as won from approvals');
    await pool.query('create unique index on bare_race (id)');
    const started = performance.now();
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      await Promise.all(
        ids
          .slice(at, at + AT_ONCE)
          .flatMap((id) =>
            Array.from({ length: RACERS }, () =>
              pool.query('update bare_race set won = 1 where id = $1 and won = 0', [id]),
            ),
          ),
      );
    }
    const rate = (ids.length * RACERS) / ((performance.now() - started) / 1000);
    await pool.query('drop table bare_race');
    return rate;
  } finally {
    await pool.end();
  }
}
