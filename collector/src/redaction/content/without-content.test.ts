import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Attributes, NO_ATTRIBUTES } from '../../telemetry/attributes.ts';
import { NOT_KEPT } from '../../telemetry/not-captured.ts';
import { decodeJson, decodeProtobuf, type Signal } from '../../otlp/wire/decode.ts';
import type { LogRecord, TelemetryBatch } from '../../telemetry/records.ts';
import { createRedactionGate } from '../redaction-gate.ts';
import { createRedactor } from '../redactor.ts';

const FIXTURES = path.join(__dirname, '../../../fixtures');
const gate = createRedactionGate({ redactor: createRedactor(), content: 'metadata' });

interface Fixture {
  requests: { path: string; body?: unknown; bodyBase64?: string }[];
}

function batchesOf(name: string): TelemetryBatch[] {
  const fixture = JSON.parse(readFileSync(path.join(FIXTURES, name), 'utf8')) as Fixture;
  return fixture.requests.map(({ path: target, body, bodyBase64 }) => {
    const signal = target.slice('/v1/'.length) as Signal;
    if (bodyBase64 === undefined) return decodeJson(signal, JSON.stringify(body)).batch;
    return decodeProtobuf(signal, gunzipSync(Buffer.from(bodyBase64, 'base64'))).batch;
  });
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

// Sentences: what a person or a model wrote has several words with nothing but spaces between them.
const SENTENCE = /\p{L}{2,} \p{L}+ \p{L}{2,} \p{L}{2,}/u;

test.each(readdirSync(FIXTURES).filter((name) => name !== 'expected.json'))(
  'no sentence of %s is left',
  async (name) => {
    for (const batch of batchesOf(name)) {
      const clean = await gate.batch(batch);

      const kept = textsOf(clean).filter((text) => SENTENCE.test(text.replaceAll(NOT_KEPT, '')));
      expect(kept).toEqual([]);
      expect(clean.spans.map(({ spanId, name: span }) => [spanId, span])).toEqual(
        batch.spans.map(({ spanId, name: span }) => [spanId, span]),
      );
    }
  },
);

async function kept(attributes: Record<string, string | number>, body: LogRecord['body'] = null): Promise<LogRecord> {
  const log: LogRecord = {
    traceId: null,
    spanId: null,
    timeNs: 1n,
    severityNumber: 9,
    severityText: 'INFO',
    eventName: 'event',
    body,
    attributes: new Attributes(Object.keys(attributes), Object.values(attributes)),
    scope: { name: 's', version: '', attributes: NO_ATTRIBUTES },
    resource: NO_ATTRIBUTES,
  };
  const { logs } = await gate.batch({ spans: [], logs: [log], metrics: [] });
  return logs[0] as LogRecord;
}

test('messages keep their shape: roles, tools, call ids, reasons to stop', async () => {
  const messages = JSON.stringify([
    { role: 'user', parts: [{ type: 'text', content: 'Find it' }] },
    {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 'call_1', name: 'search', arguments: { name: 'Alice' } }],
      finish_reason: 'tool_calls',
    },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1', response: 'Alice lives here' }] },
  ]);

  const log = await kept({ 'gen_ai.input.messages': messages });

  expect(JSON.parse(log.attributes.get('gen_ai.input.messages') as string)).toEqual([
    { role: 'user', parts: [{ type: 'text', content: NOT_KEPT }] },
    {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 'call_1', name: 'search', arguments: NOT_KEPT }],
      finish_reason: 'tool_calls',
    },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1', response: NOT_KEPT }] },
  ]);
});

test.each([
  'gen_ai.prompt.0.content',
  'input.value',
  'output.value',
  'llm.output_messages.0.message.content',
  'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments',
  'ai.prompt',
  'ai.response.text',
  'traceloop.entity.input',
  'gcp.vertex.agent.llm_request',
  'mastra.agent_run.input',
  'gen_ai.tool.call.arguments',
  'exception.message',
  'exception.stacktrace',
  'signalbox.chat.delta',
  'user_prompt',
])('%s is not kept', async (key) => {
  const log = await kept({ [key]: 'Alice lives here' });

  expect(log.attributes.get(key)).toBe(NOT_KEPT);
});

test('bodies and long texts under unknown names are not kept, short facts are', async () => {
  const log = await kept(
    { unknown: 'x'.repeat(300), 'gen_ai.request.model': 'qwen3', 'gen_ai.tool.name': 'search', count: 3 },
    new Attributes(['delta', 'toolCallId', 'n'], ['Alice', 'call_1', 2]),
  );

  expect(log.attributes.values).toEqual([NOT_KEPT, 'qwen3', 'search', 3]);
  expect((log.body as Attributes).values).toEqual([NOT_KEPT, 'call_1', 2]);
  expect((await kept({}, 'Alice lives here')).body).toBe(NOT_KEPT);
});
