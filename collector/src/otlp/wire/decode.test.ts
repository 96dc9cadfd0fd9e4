import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import fc from 'fast-check';
import { Attributes, type AttributeValue } from '../../telemetry/attributes.ts';
import { decodeJson, decodeLogs, decodeMetrics, decodeTraces } from './decode.ts';

type Spans = Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0];
type Logs = Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0];
type Metrics = Parameters<typeof ProtobufMetricsSerializer.serializeRequest>[0];

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const id = (length: number) => hex(length).filter((text) => !/^0+$/.test(text));
// PostgreSQL cannot hold NUL: texts with it come out changed, which a test of its own shows.
const text = fc.string({ unit: 'binary', maxLength: 80 }).map((value) => value.replaceAll('\0', ''));
const hrTime = fc.tuple(fc.integer({ min: 0, max: 4_000_000_000 }), fc.integer({ min: 0, max: 999_999_999 }));
// Whole numbers beyond 2^53 are sent as integers and come back as bigint, which a test of its own shows.
const double = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((number) => !Number.isInteger(number) || Number.isSafeInteger(number));
const scalar = fc.oneof(text, fc.boolean(), fc.maxSafeInteger(), double);
const value = fc.oneof(scalar, fc.array(text, { maxLength: 4 }), fc.array(fc.boolean(), { maxLength: 3 }));
const attributes = fc.dictionary(
  fc.string({ minLength: 1 }).map((key) => `k.${key.replaceAll('\0', '')}`),
  value,
  { maxKeys: 8 },
);
const scope = fc.record({ name: text, version: text });
const resource = attributes.map((given) => ({ attributes: given, asyncAttributesPending: false }));

const span = fc.record({
  name: text,
  kind: fc.integer({ min: 0, max: 4 }),
  traceId: id(32),
  spanId: id(16),
  parentSpanId: fc.option(id(16)),
  startTime: hrTime,
  endTime: hrTime,
  status: fc.record({ code: fc.integer({ min: 0, max: 2 }), message: text }),
  attributes,
  events: fc.array(fc.record({ name: text, time: hrTime, attributes }), { maxLength: 3 }),
  links: fc.array(fc.record({ traceId: id(32), spanId: id(16), attributes }), { maxLength: 2 }),
  scope,
  resource,
});
type SpanInput = typeof span extends fc.Arbitrary<infer T> ? T : never;

function toReadableSpan(input: SpanInput): object {
  const spanContext = { traceId: input.traceId, spanId: input.spanId, traceFlags: 1 };
  return {
    ...input,
    spanContext: () => spanContext,
    parentSpanContext: input.parentSpanId === null ? undefined : { ...spanContext, spanId: input.parentSpanId },
    links: input.links.map((link) => ({ context: { ...link, traceFlags: 1 }, attributes: link.attributes })),
    instrumentationScope: input.scope,
    duration: [0, 0],
    ended: true,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

function toExpectedSpan(input: SpanInput): object {
  return {
    traceId: input.traceId,
    spanId: input.spanId,
    parentSpanId: input.parentSpanId,
    name: input.name,
    kind: input.kind + 1,
    startNs: toNs(input.startTime),
    endNs: toNs(input.endTime),
    statusCode: input.status.code,
    statusMessage: input.status.message,
    attributes: toEntries(input.attributes),
    events: input.events.map((event) => ({
      name: event.name,
      timeNs: toNs(event.time),
      attributes: toEntries(event.attributes),
    })),
    links: input.links.map((link) => ({ ...link, attributes: toEntries(link.attributes) })),
    scope: { ...input.scope, attributes: [] },
    resource: toEntries(input.resource.attributes),
  };
}

test('spans come out as the official serializers put them in', () => {
  fc.assert(
    fc.property(span, (input) => {
      const spans = [toReadableSpan(input)] as unknown as Spans;

      const fromProtobuf = decodeTraces(bytesOf(ProtobufTraceSerializer.serializeRequest(spans)));
      const fromJson = decodeJson('traces', bytesOf(JsonTraceSerializer.serializeRequest(spans)));

      expect(plain(fromProtobuf.batch.spans[0])).toEqual(toExpectedSpan(input));
      expect(plain(fromJson.batch.spans[0])).toEqual(toExpectedSpan(input));
      expect([fromProtobuf.rejected, fromJson.rejected]).toEqual([0, 0]);
    }),
    { numRuns: 300 },
  );
});

const body = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(text, tie('any'), { maxKeys: 3 }),
  ),
})).any;

const log = fc.record({
  hrTime,
  hrTimeObserved: hrTime,
  traceId: id(32),
  spanId: id(16),
  severityNumber: fc.integer({ min: 1, max: 24 }),
  severityText: text,
  eventName: text,
  body,
  attributes,
  scope,
  resource,
});

test('log records come out as the official serializers put them in', () => {
  fc.assert(
    fc.property(log, (input) => {
      const { traceId, spanId } = input;
      const record = {
        ...input,
        spanContext: { traceId, spanId, traceFlags: 1 },
        instrumentationScope: input.scope,
        droppedAttributesCount: 0,
      };
      const logs = [record] as unknown as Logs;
      const timeNs = toNs(input.hrTime);
      const expected = {
        traceId,
        spanId,
        timeNs: timeNs === 0n ? toNs(input.hrTimeObserved) : timeNs,
        severityNumber: input.severityNumber,
        severityText: input.severityText,
        eventName: input.eventName,
        body: plainBody(input.body),
        attributes: toEntries(input.attributes),
        scope: { ...input.scope, attributes: [] },
        resource: toEntries(input.resource.attributes),
      };

      const fromProtobuf = decodeLogs(bytesOf(ProtobufLogsSerializer.serializeRequest(logs)));
      const fromJson = decodeJson('logs', bytesOf(JsonLogsSerializer.serializeRequest(logs)));

      expect(plain(fromProtobuf.batch.logs[0])).toEqual(expected);
      expect(plain(fromJson.batch.logs[0])).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test('metrics of every kind come out as the official serializers put them in', () => {
  const times = { startTime: [1, 0], endTime: [1_795_213_825, 474_000_001], attributes: { room: 'a' } };
  const describe = (name: string) => ({ name, unit: 'ms', description: '', valueType: 1, type: 'COUNTER' });
  const distribution = { count: 4, sum: 10.5, min: 1, max: 5 };
  const histogram = { ...distribution, buckets: { boundaries: [2, 4], counts: [1, 2, 1] } };
  const exponential = {
    ...distribution,
    scale: 0,
    zeroCount: 1,
    positive: { offset: 1, bucketCounts: [2, 1] },
    negative: { offset: 0, bucketCounts: [] },
  };
  const metrics = [
    {
      descriptor: describe('histogram'),
      aggregationTemporality: 1,
      dataPointType: 0,
      dataPoints: [{ ...times, value: histogram }],
    },
    {
      descriptor: describe('exponential'),
      aggregationTemporality: 1,
      dataPointType: 1,
      dataPoints: [{ ...times, value: exponential }],
    },
    {
      descriptor: describe('gauge'),
      aggregationTemporality: 1,
      dataPointType: 2,
      dataPoints: [{ ...times, value: 1.5 }],
    },
    {
      descriptor: describe('sum'),
      aggregationTemporality: 1,
      dataPointType: 3,
      isMonotonic: true,
      dataPoints: [{ ...times, value: -7 }],
    },
  ];
  const request = {
    resource: { attributes: { 'service.name': 'x' }, asyncAttributesPending: false },
    scopeMetrics: [{ scope: { name: 's', version: '1' }, metrics }],
  } as unknown as Metrics;

  const decoded = [
    decodeMetrics(bytesOf(ProtobufMetricsSerializer.serializeRequest(request))),
    decodeJson('metrics', bytesOf(JsonMetricsSerializer.serializeRequest(request))),
  ];

  for (const { batch } of decoded) {
    expect(batch.metrics.map((point) => [point.name, point.kind, point.value])).toEqual([
      ['histogram', 'histogram', { ...distribution, bounds: [2, 4], buckets: [1, 2, 1] }],
      ['exponential', 'exponential_histogram', { ...distribution, bounds: [2, 4, 8], buckets: [1, 2, 1, 0] }],
      ['gauge', 'gauge', 1.5],
      ['sum', 'sum', -7],
    ]);
    expect(batch.metrics.map(({ temporality, monotonic, startNs }) => [temporality, monotonic, startNs])).toEqual([
      ['cumulative', undefined, 1_000_000_000n],
      ['cumulative', undefined, 1_000_000_000n],
      [undefined, undefined, 1_000_000_000n],
      ['cumulative', true, 1_000_000_000n],
    ]);
    expect(plain(batch.metrics[0])).toMatchObject({
      unit: 'ms',
      timeNs: 1_795_213_825_474_000_001n,
      attributes: [['room', 'a']],
      resource: [['service.name', 'x']],
    });
  }
});

function bytesOf(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new Error('the serializer gave nothing');
  return bytes;
}

function toNs([seconds, nanos]: [number, number]): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}

function toEntries(given: Record<string, unknown>): [string, unknown][] {
  return Object.entries(given).map(([key, member]) => [
    key,
    Array.isArray(member) ? member : withoutNegativeZero(member),
  ]);
}

// -0 is sent as the integer 0.
function withoutNegativeZero(member: unknown): unknown {
  return Object.is(member, -0) ? 0 : member;
}

function plainBody(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(plainBody);
  if (typeof given === 'object' && given !== null)
    return Object.entries(given).map(([key, member]) => [key, plainBody(member)]);
  return withoutNegativeZero(given);
}

function plain(record: object | undefined): unknown {
  return Object.fromEntries(
    Object.entries(record ?? {}).map(([key, member]) => [key, plainMember(member as AttributeValue)]),
  );
}

function plainMember(member: unknown): unknown {
  if (member instanceof Attributes) return [...member.entries()].map(([key, inner]) => [key, plainMember(inner)]);
  if (Array.isArray(member)) return member.map(plainMember);
  return typeof member === 'object' && member !== null ? plain(member) : member;
}
