import { readSince, remapDatabase } from '../src/cli/remap.ts';
import { startCollectorProcess } from '../src/testing/collector-process.ts';
import { readRecording } from '../src/testing/recordings.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';
import { startTestCollector, type TestCollector } from '../src/testing/test-collector.ts';

const EVERYTHING = new Date(0);

let db: TestDatabase;
let collector: TestCollector;

beforeEach(async () => {
  db = await createTestDatabase();
  collector = await startTestCollector(db.url);
  for (const name of ['langgraph-openinference', 'ai-sdk-6', 'claude-code']) {
    for (const { path, headers, body } of readRecording(name)) {
      const answer = await fetch(`${collector.http}${path}`, { method: 'POST', headers, body });
      expect(answer.status).toBe(200);
    }
  }
});
afterEach(async () => {
  await collector.stop();
  await db.drop();
});

/** The rows as readers see them, without what tells only when they were written. */
async function rows(): Promise<unknown[]> {
  const { rows: found } = await db.database.read.query(
    `select to_jsonb(events) - array['received_at', 'changed_at', 'revision', 'xid'] as row from events
     where not removed order by id`,
  );
  return found.map(({ row }: { row: unknown }) => row);
}
const query = <Row extends object = object>(sql: string) => db.database.write.query<Row>(sql);

test('rows altered or deleted are brought back as they were, and rows of no origin are withdrawn', async () => {
  const before = await rows();
  await query(`update events set summary = 'altered', actor_name = 'nobody' where type = 'tool_call'`);
  await query(`delete from events where type = 'model_response'`);
  await query(`insert into events select bucket, gen_random_uuid(), run_id, session_id, workflow, span_id, parent_id, 'prediction',
    actor_kind, actor_name, target_kind, target_name, status, started_ns, ended_ns, received_at, changed_at, revision, summary,
    model, tool, usage, 'old-rules', basis, search_text, fingerprint, removed from events where type = 'user_input'`);

  const report = await remapDatabase(db.database, { since: EVERYTHING, write: true });

  const total = (part: 'added' | 'changed' | 'removed'): number =>
    report.differences.reduce((sum, difference) => sum + difference[part], 0);
  expect(await rows()).toEqual(before);
  expect(report.differences.filter(({ type }) => type === 'tool_call').every(({ changed }) => changed > 0)).toBe(true);
  expect(report.differences.filter(({ added }) => added > 0).map(({ type }) => type)).toEqual(
    expect.arrayContaining(['model_response']),
  );
  expect(report.differences.find(({ convention }) => convention === 'old-rules')).toMatchObject({
    type: 'prediction',
    added: 0,
    changed: 0,
  });
  expect(total('removed')).toBeGreaterThan(0);
});

test('where the rules are the same nothing changes, and runs are not heard anew', async () => {
  const before = await rows();
  const heard = async () =>
    (await query<object>('select id, last_seen, status, continues_run_id, counts from runs order by id')).rows;
  const runs = await heard();

  const report = await remapDatabase(db.database, { since: EVERYTHING, write: true });

  expect(report).toMatchObject({ runs: runs.length, changedRuns: 0, differences: [] });
  expect(await rows()).toEqual(before);
  expect(await heard()).toEqual(runs);
});

test('a dry run tells what would change and writes nothing', async () => {
  await query(`update events set summary = 'altered' where type = 'tool_call'`);
  const altered = await rows();

  const report = await remapDatabase(db.database, { since: EVERYTHING, write: false });

  expect(report.changedRuns).toBeGreaterThan(0);
  expect(await rows()).toEqual(altered);
});

test('the collector goes on: what it holds in memory is read again', async () => {
  const before = await rows();
  await query(`delete from events where type = 'tool_call'`);

  await remapDatabase(db.database, { since: EVERYTHING, write: true });
  for (const { path, headers, body } of readRecording('ai-sdk-6')) {
    const answer = await fetch(`${collector.http}${path}`, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
  }

  expect(await rows()).toEqual(before);
});

test('the command prints what it did', async () => {
  await query(`update events set summary = 'altered' where type = 'user_input'`);
  const command = startCollectorProcess({ DATABASE_URL: db.url }, ['remap', '--since', '7d']);
  const wrong = startCollectorProcess({ DATABASE_URL: db.url }, ['remap']);

  expect(await command.ended).toBe(0);
  expect(command.output()).toMatch(/\d+ runs looked at, \d+ changed\./);
  expect(command.output()).toMatch(/user_input: 0 added, \d+ changed, 0 removed/);
  expect(await wrong.ended).toBe(1);
  expect(wrong.output()).toContain('--since');
});

test.each([
  ['90m', 90 * 60_000],
  ['2w', 14 * 86_400_000],
])('%s is a time ago', (text, ms) => {
  expect(readSince(text, 1_000_000_000_000).getTime()).toBe(1_000_000_000_000 - ms);
});
