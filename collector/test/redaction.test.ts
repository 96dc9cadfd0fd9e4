import type { EventPage } from '@signalbox/event-model';
import pg from 'pg';
import { readRecording } from '../src/testing/recordings.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';
import { READ_KEY, startTestCollector, type TestCollector } from '../src/testing/test-collector.ts';

let db: TestDatabase;
let collector: TestCollector;

async function start(environment: Record<string, string> = {}): Promise<void> {
  db = await createTestDatabase();
  collector = await startTestCollector(db.url, environment);
}
afterEach(async () => {
  await collector.stop();
  await db.drop();
});

/** Every row of every table as text, bytes also as the text they may be. */
async function everythingStored(): Promise<string> {
  const client = new pg.Client({ connectionString: db.url });
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    "select quote_ident(tablename) as name from pg_tables where schemaname = 'public'",
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await client.query<Record<string, unknown>>(`select * from ${name}`);
    for (const row of rows)
      texts.push(
        ...Object.values(row).map((value) =>
          value instanceof Buffer ? value.toString('latin1') : JSON.stringify(value),
        ),
      );
  }
  await client.end();
  return texts.join('\n');
}

async function typesOf(): Promise<Record<string, number>> {
  const { events } = await collector.get<EventPage>('/api/events?limit=1000');
  const counts: Record<string, number> = {};
  for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

async function play(name: string): Promise<void> {
  for (const { path, headers, body } of readRecording(name)) {
    const answer = await fetch(`${collector.http}${path}`, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
  }
}

function token(index: number, text: string, isLast: boolean) {
  const attributes = [
    { key: 'signalbox.chat.message_id', value: { stringValue: 'm' } },
    { key: 'signalbox.chat.delta', value: { stringValue: text } },
    { key: 'signalbox.chat.index', value: { intValue: String(index) } },
    ...(isLast ? [{ key: 'signalbox.chat.done', value: { boolValue: true } }] : []),
  ];
  const logRecords = [{ timeUnixNano: '1763728612000000000', eventName: 'signalbox.chat.token', attributes }];
  return { resourceLogs: [{ scopeLogs: [{ scope: { name: 'test' }, logRecords }] }] };
}

test('a secret cut into streamed pieces is in no table, and the replacement is counted', async () => {
  await start();
  const pieces = ['Take gh', 'p_0123', '456789abcdef', 'ABCDEF012345678', '9 and go.'];

  await Promise.all(pieces.map((text, at) => collector.send('/v1/logs', token(at, text, at === pieces.length - 1))));

  const stored = await everythingStored();
  expect(stored).toContain('and go.');
  expect(stored).not.toMatch(/456789ab|ABCDEF01/);
  const metrics = await (
    await fetch(`${collector.api}/metrics`, { headers: { authorization: `Bearer ${READ_KEY}` } })
  ).text();
  expect(metrics).toMatch(/signalbox_redactions_total\{rule="github"\} [1-9]/);
});

test.each([
  ['openai-agents-openinference', /iPhone|in stock|You are/],
  ['ai-sdk-6', /iPhone|in stock|You are/],
  ['langgraph-openinference', /iPhone|in stock|You are/],
])(
  'with SIGNALBOX_CONTENT=metadata nothing that was said in %s is in any table, what happened is',
  async (name, said) => {
    await start();
    await play(name);
    const full = await typesOf();
    expect(await everythingStored()).toMatch(said);
    await collector.stop();
    await db.drop();

    await start({ SIGNALBOX_CONTENT: 'metadata' });
    await play(name);

    expect(await everythingStored()).not.toMatch(said);
    const { model_request, model_response, tool_call, tool_result } = await typesOf();
    expect({ model_request, model_response, tool_call, tool_result }).toEqual({
      model_request: full['model_request'],
      model_response: full['model_response'],
      tool_call: full['tool_call'],
      tool_result: full['tool_result'],
    });
  },
);
