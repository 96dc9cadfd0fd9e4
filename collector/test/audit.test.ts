import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkAudit } from '../src/cli/verify-audit.ts';
import { AuditAnchorFile } from '../src/control/audit-anchor.ts';
import type { ControlStore } from '../src/control/control-store.ts';
import { createPostgresControlStore } from '../src/store/control/postgres-control-store.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';

const anna = { login: 'anna', name: 'Anna', via: 'grafana' } as const;
const ENTRIES = 12;

let db: TestDatabase;
let store: ControlStore;
let folder: string;
let anchors: string;

beforeAll(async () => {
  db = await createTestDatabase();
  store = createPostgresControlStore(db.database.control);
  folder = mkdtempSync(path.join(os.tmpdir(), 'signalbox-audit-'));
  anchors = path.join(folder, 'heads.jsonl');
  const file = new AuditAnchorFile(anchors, () => store.auditHead(), fail);
  for (let at = 1; at <= ENTRIES; at++) {
    await store.audit({
      actor: anna,
      action: 'test',
      subject: { at },
      reason: `because ${at}`,
      detail: { amount: at },
    });
    if (at % 4 === 0) await file.write();
  }
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await db.drop();
});

function fail(error: unknown): never {
  throw error;
}

/** Changes the audit as someone who owns the database can, looks, and takes the change back. */
async function tampered(...statements: string[]) {
  const client = await db.database.control.connect();
  await client.query('begin; alter table audit disable trigger audit_is_insert_only');
  for (const statement of statements) await client.query(statement);
  const inside = createPostgresControlStore(client as never);
  const verdict = await checkAudit(inside, anchors);
  await client.query('rollback');
  client.release();
  return verdict.fault;
}

test('a chain nobody touched is whole', async () => {
  expect(await checkAudit(store, anchors)).toEqual({ entries: ENTRIES, anchors: 3, fault: null });
});

const FIELDS: [string, string][] = [
  ['actor', `update audit set actor = '{"login":"eve","name":"Eve","via":"grafana"}' where seq = `],
  ['action', `update audit set action = 'other' where seq = `],
  ['subject', `update audit set subject = '{"at":99}' where seq = `],
  ['reason', `update audit set reason = null where seq = `],
  ['detail', `update audit set detail = '{"amount":1000}' where seq = `],
  ['time', `update audit set at = at + interval '1 hour' where seq = `],
  ['text', `update audit set entry = replace(entry, 'because', 'despite') where seq = `],
  ['hash', `update audit set hash = repeat('a', 64) where seq = `],
  ['previous hash', `update audit set previous_hash = repeat('b', 64) where seq = `],
];

test.each(FIELDS)('a changed %s is found, in every entry', async (_, statement) => {
  for (let seq = 1; seq <= ENTRIES; seq++)
    expect(await tampered(`${statement}${seq}`)).toMatchObject({ seq, fault: 'changed' });
});

test('a missing entry is found, wherever it stood', async () => {
  for (let seq = 1; seq < ENTRIES; seq++)
    expect(await tampered(`delete from audit where seq = ${seq}`)).toMatchObject({ seq, fault: 'missing' });
});

test('entries in another order are found', async () => {
  const swap = 'update audit set seq = case seq when 3 then -4 when 4 then -3 end where seq in (3, 4)';
  expect(await tampered(swap, 'update audit set seq = -seq where seq < 0')).toMatchObject({ seq: 3, fault: 'changed' });
});

test('a tail that was cut is found by the heads outside the database, even with the head put right', async () => {
  const cut = 'delete from audit where seq > 9';
  const repair = 'update audit_head set (seq, hash) = (select seq, hash from audit where seq = 9)';

  expect(await tampered(cut)).toMatchObject({ fault: 'cut' });
  expect(await tampered(cut, repair)).toMatchObject({ fault: 'cut', seq: 10 });
});

test('a chain written anew from one entry on is found by the heads outside the database', async () => {
  const entries = [];
  for await (const entry of store.auditEntries()) entries.push(entry);
  const { entryHash, entryText } = await import('../src/control/audit-entry.ts');
  let previous = entries[4]?.previousHash ?? '';
  const statements = entries.slice(4).map((entry, at) => {
    const forged = at === 0 ? { ...entry, reason: 'forged' } : entry;
    const text = entryText(entry.seq, entry.at, forged);
    const hash = entryHash(previous, text);
    const statement = `update audit set entry = '${text}', reason = '${forged.reason}', previous_hash = '${previous}', hash = '${hash}' where seq = ${entry.seq}`;
    previous = hash;
    return statement;
  });

  expect(await tampered(...statements, `update audit_head set hash = '${previous}'`)).toMatchObject({
    seq: 8,
    fault: 'changed',
    detail: expect.stringContaining('outside the database') as string,
  });
});
