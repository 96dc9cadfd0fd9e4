import { randomBytes } from 'node:crypto';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { startTestCollector } from '../src/testing/test-collector.ts';

const TURNS = 30;
const CONVERSATIONS = 12;

function sentence(seed: number): string {
  const words =
    'price phone shop report customer order find compare table row value note delivery warehouse invoice question'.split(
      ' ',
    );
  return Array.from({ length: 120 }, (_, at) => words[(seed * 31 + at * 17 + ((seed * at) >> 2)) % words.length]).join(
    ' ',
  );
}

/** One conversation as agents send it: each model call repeats all messages before it. */
function conversation(seed: number): { spans: unknown[]; bytes: number } {
  const traceId = randomBytes(16).toString('hex');
  const messages: unknown[] = [];
  let bytes = 0;
  const spans = Array.from({ length: TURNS }, (_, turn) => {
    messages.push({ role: 'user', parts: [{ type: 'text', content: `${turn} ${sentence(seed * 100 + turn)}` }] });
    const prompt = JSON.stringify(messages);
    const answer = {
      role: 'assistant',
      parts: [{ type: 'text', content: `${turn} ${sentence(seed * 100 + turn + 50)}` }],
    };
    messages.push(answer);
    bytes += prompt.length + JSON.stringify(answer).length;
    const start = 1_760_000_000_000_000_000n + BigInt(turn) * 1_000_000_000n;
    const attributes = Object.entries({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'qwen3',
      'gen_ai.input.messages': prompt,
      'gen_ai.output.messages': JSON.stringify([answer]),
    }).map(([key, stringValue]) => ({ key, value: { stringValue } }));
    return {
      traceId,
      spanId: randomBytes(8).toString('hex'),
      name: 'chat qwen3',
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + 900_000_000n),
      attributes,
    };
  });
  return { spans, bytes };
}

test('conversations of 30 turns take at most a quarter of what their spans carry', async () => {
  const db = await createTestDatabase();
  const collector = await startTestCollector(db.url);
  let sent = 0;
  for (let each = 0; each < CONVERSATIONS; each++) {
    const { spans, bytes } = conversation(each);
    sent += bytes;
    await collector.send('/v1/traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] });
  }

  const { rows } = await db.database.read.query<{ stored: bigint }>(
    `select sum(pg_total_relation_size(oid))::bigint as stored from pg_class
     where relkind = 'r' and relnamespace = 'public'::regnamespace and (relispartition or relname in ('contents', 'runs', 'correlations'))`,
  );

  expect(Number(rows[0]?.stored) / sent).toBeLessThanOrEqual(0.25);
  await collector.stop();
  await db.drop();
});
