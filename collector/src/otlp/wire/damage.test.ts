import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Attributes, type AttributeValue } from '../../telemetry/attributes.ts';
import { delimited, traceBytes, traceJson, varint } from '../testing/trace-requests.ts';
import { DecodeError } from './decode-error.ts';
import {
  decodeJson,
  decodeLogs,
  decodeMetrics,
  decodeProtobuf,
  decodeTraces,
  type Decoded,
  type Signal,
} from './decode.ts';
import { TOO_DEEP, TOO_MANY } from './limits.ts';

const FIXTURES = join(__dirname, '../../../fixtures');
const SPAN = '00f067aa0ba902b7';

interface Fixture {
  requests: { path: string; body?: unknown; bodyBase64?: string }[];
}

interface Payload {
  signal: Signal;
  bytes: Buffer;
  isJson: boolean;
}

function payloadsOf(name: string): Payload[] {
  const fixture = JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as Fixture;
  return fixture.requests.map(({ path, body, bodyBase64 }) => ({
    signal: path.slice('/v1/'.length) as Signal,
    bytes: bodyBase64 === undefined ? Buffer.from(JSON.stringify(body)) : gunzipSync(Buffer.from(bodyBase64, 'base64')),
    isJson: bodyBase64 === undefined,
  }));
}

function decode({ signal, bytes, isJson }: Payload): Decoded {
  return isJson ? decodeJson(signal, bytes) : decodeProtobuf(signal, bytes);
}

const fixtures = readdirSync(FIXTURES).filter((name) => name !== 'expected.json');

test.each(fixtures)('%s decodes without a rejected item', (name) => {
  const decoded = payloadsOf(name).map(decode);

  expect(decoded.reduce((sum, { batch }) => sum + batch.spans.length + batch.logs.length, 0)).toBeGreaterThan(0);
  expect(decoded.every(({ rejected }) => rejected === 0)).toBe(true);
});

test('the recorded protobuf bodies hold 5 spans, 11 log records and 2 metrics', () => {
  const batches = payloadsOf('proto-gzip-raw.json').map((payload) => decode(payload).batch);

  expect(batches.flatMap((batch) => batch.spans)).toHaveLength(5);
  expect(batches.flatMap((batch) => batch.logs)).toHaveLength(11);
  expect(new Set(batches.flatMap((batch) => batch.metrics.map((point) => point.name))).size).toBe(2);
});

test('damaged bodies give a batch or a DecodeError, nothing else', () => {
  const payloads = fixtures.flatMap(payloadsOf);
  const edits = fc.array(
    fc.record({ at: fc.nat(), kind: fc.constantFrom('flip', 'cut', 'insert'), byte: fc.nat(255) }),
    {
      minLength: 1,
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(fc.constantFrom(...payloads), edits, (payload, changes) => {
      const bytes = changes.reduce(damage, payload.bytes);

      expectBatchOrDecodeError(() => decode({ ...payload, bytes }));
      expectBatchOrDecodeError(() => decodeProtobuf(payload.signal, bytes));
    }),
    { numRuns: 1500 },
  );
});

test('any bytes give a batch or a DecodeError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      for (const read of [decodeTraces, decodeLogs, decodeMetrics]) expectBatchOrDecodeError(() => read(bytes));
    }),
    { numRuns: 2000 },
  );
});

function damage(bytes: Buffer, edit: { at: number; kind: string; byte: number }): Buffer {
  const at = edit.at % Math.max(1, bytes.length);
  if (edit.kind === 'cut') return bytes.subarray(0, at);
  const rest = bytes.subarray(edit.kind === 'flip' ? at + 1 : at);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from([edit.byte]), rest]);
}

function expectBatchOrDecodeError(read: () => Decoded): void {
  try {
    expect(read().batch).toBeDefined();
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError);
  }
}

test.each([
  ['a length beyond the end', '0aff01'],
  ['a length of 4 GiB', '0affffffff0f'],
  ['an endless varint', `08${'ff'.repeat(12)}`],
  ['field number 0', '0200'],
  ['wire type 7', '0f00'],
  ['a group end without its start', '0c'],
  ['a group without its end', '0b'],
  ['groups in groups in groups', '0b'.repeat(1000)],
  ['a fixed64 cut short', '0900'],
])('%s is a DecodeError', (_name, bytes) => {
  expect(() => decodeTraces(Buffer.from(bytes, 'hex'))).toThrow(DecodeError);
});

test('unknown fields of every wire type are skipped', () => {
  const unknown = Buffer.from(
    'f80701' + 'f9070102030405060708' + 'fa0702abcd' + 'fb07fa0701aafc07' + 'fd0701020304',
    'hex',
  );

  expect(decodeTraces(Buffer.concat([unknown, traceBytes(SPAN), unknown])).batch.spans).toHaveLength(1);
});

test('a known field of another wire type is skipped as unknown', () => {
  expect(decodeTraces(Buffer.from('0801', 'hex')).batch.spans).toHaveLength(0);
});

test('a resource after its spans still counts for them', () => {
  const name = delimited(1, delimited(1, Buffer.from('service.name')), delimited(2, delimited(1, Buffer.from('x'))));
  const inner = traceBytes(SPAN).subarray(2);

  const { batch } = decodeTraces(delimited(1, inner, delimited(1, name)));

  expect(batch.spans[0]?.resource.get('service.name')).toBe('x');
});

test.each([
  ['all zero', '0000000000000000'],
  ['too short', 'beef'],
  ['too long', '00f067aa0ba902b700'],
  ['absent', ''],
])('a span whose id is %s is rejected, its siblings stay', (_name, spanId) => {
  const results = [decodeTraces(traceBytes(SPAN, spanId, SPAN)), decodeJson('traces', traceJson(SPAN, spanId, SPAN))];

  for (const { batch, rejected, reason } of results) {
    expect(batch.spans).toHaveLength(2);
    expect(rejected).toBe(1);
    expect(reason).toContain('span id');
  }
});

function attributeBytes(value: Buffer): Buffer {
  const ids = [delimited(1, Buffer.alloc(16, 1)), delimited(2, Buffer.alloc(8, 1))];
  return delimited(
    1,
    delimited(2, delimited(2, ...ids, delimited(9, delimited(1, Buffer.from('k')), delimited(2, value)))),
  );
}

function attributeOf(value: Buffer): AttributeValue | undefined {
  return decodeTraces(attributeBytes(value)).batch.spans[0]?.attributes.get('k');
}

function jsonAttribute(value: unknown): AttributeValue | undefined {
  const span = { traceId: '01'.repeat(16), spanId: '01'.repeat(8), attributes: [{ key: 'k', value }] };
  const text = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  return decodeJson('traces', text).batch.spans[0]?.attributes.get('k');
}

test.each([
  ['1800', 0],
  [`18${varint(2 ** 45).toString('hex')}`, 2 ** 45],
  ['18ffffffffffffffffff01', -1],
  ['18ffffffffffffffff7f', 9_223_372_036_854_775_807n],
  ['1880808080808080808001', -9_223_372_036_854_775_808n],
  ['18ffffffffffffff0f', 9_007_199_254_740_991],
  ['188080808080808010', 9_007_199_254_740_992n],
  ['1001', true],
  ['21000000000000f83f', 1.5],
  ['', null],
  ['0a03610062', 'a\ufffdb'],
  ['0a0661626300650a', 'abc\ufffde\n'],
  ['0a03eda080', '\ufffd\ufffd\ufffd'],
])('protobuf value %s', (bytes, expected) => {
  expect(attributeOf(Buffer.from(bytes, 'hex'))).toBe(expected);
});

test.each([
  [{ intValue: '9223372036854775807' }, 9_223_372_036_854_775_807n],
  [{ intValue: 42 }, 42],
  [{ intValue: '42' }, 42],
  [{ int_value: '-7' }, -7],
  [{ doubleValue: 'NaN' }, Number.NaN],
  [{ doubleValue: '-Infinity' }, Number.NEGATIVE_INFINITY],
  [{ boolValue: false }, false],
  [{ string_value: 'a' }, 'a'],
  [{ stringValue: 'a\0b\ud800' }, 'a\ufffdb\ufffd'],
  [{ bytesValue: 'AQI=' }, Uint8Array.of(1, 2)],
  [{ arrayValue: { values: [{ intValue: 1 }, {}] } }, [1, null]],
  [{ arrayValue: {} }, []],
  [{}, null],
  [{ unheardOf: 1 }, null],
])('JSON value %j', (value, expected) => {
  expect(jsonAttribute(value)).toEqual(expected);
});

test('kvlists become attributes in both encodings', () => {
  const pair = delimited(1, delimited(1, Buffer.from('__proto__')), delimited(2, delimited(1, Buffer.from('x'))));
  const values = [
    attributeOf(delimited(6, pair)),
    jsonAttribute({ kvlistValue: { values: [{ key: '__proto__', value: { stringValue: 'x' } }] } }),
  ];

  for (const value of values) {
    expect(value).toBeInstanceOf(Attributes);
    expect((value as Attributes).get('__proto__')).toBe('x');
  }
});

test('what is nested too deeply becomes a marker, not an error', () => {
  let bytes = delimited(1, Buffer.from('core'));
  let json: unknown = { stringValue: 'core' };
  for (let level = 0; level < 2000; level++) {
    bytes = delimited(5, delimited(1, bytes));
    if (level < 200) json = { arrayValue: { values: [json] } };
  }

  expect(JSON.stringify(attributeOf(bytes))).toContain(TOO_DEEP);
  expect(JSON.stringify(jsonAttribute(json))).toContain(TOO_DEEP);
});

test('a value of very many members is cut and says so', () => {
  const members = Array.from({ length: 20_000 }, () => ({ intValue: 1 }));
  const bytes = delimited(5, ...members.map(() => delimited(1, Buffer.from('1801', 'hex'))));

  for (const value of [attributeOf(bytes), jsonAttribute({ arrayValue: { values: members } })]) {
    expect(value).toHaveLength(10_001);
    expect((value as AttributeValue[]).at(-1)).toBe(TOO_MANY);
  }
});

test('JSON takes proto names, upper-case ids, enum names and bare nanoseconds, and keeps every digit', () => {
  const text = `{"resource_spans":[{"scope_spans":[{"spans":[{"trace_id":"0AF7651916CD43DD8448EB211C80319C","span_id":"00F067AA0BA902B7",
    "parent_span_id":"","kind":"SPAN_KIND_CLIENT","start_time_unix_nano":1795213825474000001,"endTimeUnixNano":"1795213825474000002",
    "status":{"code":"STATUS_CODE_ERROR"},"entityRefs":[1],"flags":257}]}]}]}`;

  const [span] = decodeJson('traces', text).batch.spans;

  expect(span).toMatchObject({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: '00f067aa0ba902b7',
    parentSpanId: null,
    kind: 3,
    startNs: 1_795_213_825_474_000_001n,
    endNs: 1_795_213_825_474_000_002n,
    statusCode: 2,
  });
});

test.each([
  '[]',
  '"x"',
  'null',
  '{"resourceSpans":{}}',
  '{"resourceSpans":[1]}',
  '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"00f067aa0ba902b7","name":5}]}]}]}',
  `${'['.repeat(200_000)}1234567890123456789`,
])('JSON of another shape is a DecodeError: %.40s', (text) => {
  expect(() => decodeJson('traces', text)).toThrow(DecodeError);
});

test('times beyond what PostgreSQL holds are clamped', () => {
  const ids = [delimited(1, Buffer.alloc(16, 1)), delimited(2, Buffer.alloc(8, 1))];
  const times = Buffer.from('39ffffffffffffffff', 'hex');

  const { batch } = decodeTraces(delimited(1, delimited(2, delimited(2, ...ids, times))));

  expect(batch.spans[0]?.startNs).toBe(9_223_372_036_854_775_807n);
});

test('log records without valid ids have no trace context', () => {
  const text =
    '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":"","spanId":"xyz","observedTimeUnixNano":"7"}]}]}]}';

  expect(decodeJson('logs', text).batch.logs[0]).toMatchObject({ traceId: null, spanId: null, timeNs: 7n, body: null });
});
