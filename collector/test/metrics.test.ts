import type { MetricsView, Problem } from '@signalbox/event-model';
import { agentRequest } from '../bench/agent-traffic.ts';
import { writeMetrics } from '../src/store/metrics.ts';
import { dropOldRuns } from '../src/store/retention.ts';
import { NO_ATTRIBUTES } from '../src/telemetry/attributes.ts';
import type { MetricPoint } from '../src/telemetry/records.ts';
import { READ_KEY, startTestCollector, type TestCollector } from '../src/testing/test-collector.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';

let db: TestDatabase;
let collector: TestCollector;

beforeAll(async () => {
  db = await createTestDatabase();
  collector = await startTestCollector(db.url);
});
afterAll(async () => {
  await collector.stop();
  await db.drop();
});

/** Noon of a day long past, in seconds. */
const NOON = Date.parse('2026-01-02T12:00:00Z') / 1000;
const ns = (second: number): string => `${NOON + second}000000000`;
const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });

interface Sketch {
  at: number;
  value: number;
  start?: number;
  model?: string;
}

const numberPoint = ({ at, value, start, model = 'm' }: Sketch) => ({
  timeUnixNano: ns(at),
  ...(start === undefined ? {} : { startTimeUnixNano: ns(start) }),
  asDouble: value,
  attributes: [attribute('gen_ai.request.model', model)],
});

function metric(name: string, data: object): object {
  const scopeMetrics = [{ scope: { name: 's' }, metrics: [{ name, unit: 'u', ...data }] }];
  return { resourceMetrics: [{ resource: { attributes: [attribute('service.name', 'svc')] }, scopeMetrics }] };
}
const gauge = (name: string, points: Sketch[]) => metric(name, { gauge: { dataPoints: points.map(numberPoint) } });
const sum = (name: string, aggregationTemporality: 1 | 2, points: Sketch[]) =>
  metric(name, { sum: { aggregationTemporality, isMonotonic: true, dataPoints: points.map(numberPoint) } });

const send = (body: object): Promise<void> => collector.send('/v1/metrics', body);
const RANGE = 'from=2026-01-02T12:00:00Z&to=2026-01-02T12:05:00Z&step=60';
const ask = (name: string, query = RANGE): Promise<MetricsView> =>
  collector.get<MetricsView>(`/api/metrics?name=${name}&${query}`);
const values = (view: MetricsView): (number | null)[][] =>
  view.series.map(({ points }) => points.map(({ value }) => value));

test('a gauge shows its mean and extremes by minute, and nothing where nothing was measured', async () => {
  await send(
    gauge('hw.gpu.utilization', [
      { at: 1, value: 0.2 },
      { at: 31, value: 0.4 },
      { at: 130, value: 0 },
    ]),
  );

  const view = await ask('hw.gpu.utilization');

  expect(view).toMatchObject({ step: 60, series: [{ name: 'hw.gpu.utilization', unit: 'u', origin: 'received' }] });
  expect(view.series[0]?.labels).toEqual({ 'gen_ai.request.model': 'm', 'service.name': 'svc' });
  expect(view.series[0]?.points).toEqual([
    { at: '2026-01-02T12:00:00.000000000Z', value: expect.closeTo(0.3) as number, count: 2, min: 0.2, max: 0.4 },
    { at: '2026-01-02T12:01:00.000000000Z', value: null, count: 0, min: null, max: null },
    { at: '2026-01-02T12:02:00.000000000Z', value: 0, count: 1, min: 0, max: 0 },
    { at: '2026-01-02T12:03:00.000000000Z', value: null, count: 0, min: null, max: null },
    { at: '2026-01-02T12:04:00.000000000Z', value: null, count: 0, min: null, max: null },
  ]);
});

test('a point that is sent again counts once, in whatever pieces and order points come', async () => {
  const points = [5, 15, 25, 65, 75].map((at) => ({ at, value: at }));
  const all = sum('delta.once', 1, points);
  await send(sum('delta.once', 1, [points[4], points[0]] as Sketch[]));
  await Promise.all([send(all), send(all), send(sum('delta.once', 1, points.slice(1, 3)))]);

  expect(values(await ask('delta.once'))).toEqual([[45, 140, null, null, null]]);
});

test('of a cumulative sum what it grew by is shown, also from minute to minute and over a restart', async () => {
  const points = [
    { at: 10, value: 100, start: -5000 },
    { at: 40, value: 130, start: -5000 },
    { at: 70, value: 150, start: -5000 },
    { at: 130, value: 7, start: 125 },
    { at: 190, value: 9, start: 125 },
  ];
  for (const point of points.toReversed()) await send(sum('gen_ai.client.token.usage', 2, [point]));

  // What came before the first point nobody saw; after the restart the counter began at nothing.
  expect(values(await ask('gen_ai.client.token.usage'))).toEqual([[30, 20, 7, 2, null]]);
});

test('a counter that begins while it is watched counts from nothing', async () => {
  await send(sum('fresh.counter', 2, [{ at: 70, value: 12, start: 60 }]));

  expect(values(await ask('fresh.counter'))).toEqual([[null, 12, null, null, null]]);
});

test('distributions show their mean and how many there were, of both temporalities', async () => {
  const point = (at: number, count: number, total: number) => ({
    timeUnixNano: ns(at),
    startTimeUnixNano: ns(-5000),
    count: String(count),
    sum: total,
    attributes: [],
  });
  const histogram = (aggregationTemporality: number, dataPoints: object[]) => ({
    histogram: { aggregationTemporality, dataPoints },
  });
  await send(
    metric('gen_ai.client.operation.duration', histogram(1, [{ ...point(5, 2, 3), min: 1, max: 2 }, point(65, 1, 5)])),
  );
  await send(metric('cumulative.duration', histogram(2, [point(5, 10, 100), point(65, 12, 110), point(125, 12, 110)])));

  const [delta] = (await ask('gen_ai.client.operation.duration')).series;
  const [cumulative] = (await ask('cumulative.duration')).series;

  expect(delta?.points.slice(0, 2)).toMatchObject([
    { value: 1.5, count: 2, min: 1, max: 2 },
    { value: 5, count: 1 },
  ]);
  expect(cumulative?.points.slice(0, 3)).toMatchObject([
    { value: null, count: 0 },
    { value: 5, count: 2 },
    { value: null, count: 0 },
  ]);
});

test('series are told apart and chosen by their labels', async () => {
  await send(
    gauge('labelled', [
      { at: 1, value: 1, model: 'a' },
      { at: 1, value: 2, model: 'b' },
    ]),
  );

  expect((await ask('labelled')).series).toHaveLength(2);
  expect(values(await ask('labelled', `${RANGE}&label.gen_ai.request.model=b`))).toEqual([[2, null, null, null, null]]);
  expect((await ask('labelled', `${RANGE}&label.gen_ai.request.model=c`)).series).toEqual([]);
  const { metrics } = await collector.get<{ metrics: object[] }>('/api/metrics/names');
  expect(metrics).toContainEqual({
    name: 'labelled',
    unit: 'u',
    origin: 'received',
    labels: ['gen_ai.request.model', 'service.name'],
  });
  expect(metrics).toContainEqual({
    name: 'signalbox.tokens',
    unit: '{token}',
    origin: 'derived',
    labels: ['model', 'kind'],
  });
});

test('tokens, durations, events and runs are there without anybody sending metrics', async () => {
  await collector.send('/v1/traces', agentRequest(3, 300).body);
  const now = Date.now();
  const query = `from=${now - 3_600_000}&to=${now + 60_000}&step=3600`;
  const total = async (name: string, labels = ''): Promise<number> => {
    const { series } = await ask(name, `${query}${labels}`);
    return series.flatMap(({ points }) => points).reduce((all, { value }) => all + (value ?? 0), 0);
  };

  expect(await total('signalbox.tokens', '&label.kind=input&label.model=qwen3')).toBe(360);
  expect(await total('signalbox.runs', '&label.status=completed')).toBe(3);
  expect(await total('signalbox.events')).toBeGreaterThan(10);
  expect(await total('signalbox.errors')).toBe(0);
  for (const [name, label] of [
    ['signalbox.model.duration', 'model'],
    ['signalbox.tool.duration', 'tool'],
  ] as const) {
    const { series } = await ask(name, query);
    expect(series.map(({ labels }) => labels['quantile'])).toEqual(['p50', 'p95']);
    expect(series.every(({ labels }) => labels[label] !== '')).toBe(true);
    expect(series.flatMap(({ points }) => points).some(({ value }) => value !== null && value > 0)).toBe(true);
  }
});

test('derived metrics read only the events of their time', async () => {
  const { rows } = await db.database.read
    .query<{ 'QUERY PLAN': string }>(
      `set enable_seqscan = off; explain select count(*) from events where started_ns >= 1 and started_ns < 2 and not removed`,
    )
    .then(
      (answers) =>
        (answers as unknown as { rows: { 'QUERY PLAN': string }[] }[])[1] as { rows: { 'QUERY PLAN': string }[] },
    );

  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index (Only )?Scan|Bitmap/);
});

test.each([
  ['', 'invalid_request'],
  ['name=x&step=7', 'invalid_request'],
  ['name=x&step=90000', 'invalid_request'],
  ['name=x&from=2026-01-02T12:00:00Z&to=2026-01-02T11:00:00Z', 'invalid_request'],
  ['name=x&from=yesterday', 'invalid_request'],
  ['name=signalbox.runs&to=99999999999999', 'invalid_request'],
  ['name=x&from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&step=60', 'too_many_points'],
])('/api/metrics?%s is refused as %s', async (query, code) => {
  const answer = await fetch(`${collector.api}/api/metrics?${query}`, {
    headers: { authorization: `Bearer ${READ_KEY}` },
  });

  expect(answer.status).toBe(400);
  expect((await answer.json()) as Problem).toMatchObject({ code });
});

test('a metric nobody sent has no series', async () => {
  expect((await ask('never.sent')).series).toEqual([]);
});

describe('with a table of its own', () => {
  let own: TestDatabase;
  beforeAll(async () => void (own = await createTestDatabase()));
  afterAll(() => own.drop());

  const point = (name: string, timeNs: bigint): MetricPoint => ({
    name,
    unit: '',
    kind: 'gauge',
    timeNs,
    value: 1,
    attributes: NO_ATTRIBUTES,
    scope: { name: '', version: '', attributes: NO_ATTRIBUTES },
    resource: NO_ATTRIBUTES,
  });
  async function write(points: MetricPoint[], maxSeries: number): Promise<string[]> {
    const client = await own.database.write.connect();
    try {
      return (await writeMetrics(client, points, maxSeries)).map(({ name }) => name);
    } finally {
      client.release();
    }
  }
  const today = BigInt(Date.now()) * 1_000_000n;

  test('new series are refused when there are too many; known ones go on', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];

    const refused = await write(
      names.map((name) => point(name, today)),
      3,
    );

    expect(refused).toHaveLength(2);
    const kept = names.filter((name) => !refused.includes(name));
    expect(
      await write(
        kept.map((name) => point(name, today + 1n)),
        3,
      ),
    ).toEqual([]);
    expect(await write([point('f', today)], 3)).toEqual(['f']);
    const { rows } = await own.database.read.query('select distinct series from rollup_minute');
    expect(rows).toHaveLength(3);
  });

  test('retention drops old minutes and keeps young ones', async () => {
    await write([point('a', today - 10n * 86_400_000_000_000n), point('a', today + 2n)], 10);

    await dropOldRuns(own.database.write, 5);

    const { rows } = await own.database.read.query('select minute from rollup_minute where minute < current_date - 5');
    expect(rows).toEqual([]);
    const { rows: young } = await own.database.read.query('select minute from rollup_minute');
    expect(young.length).toBeGreaterThan(0);
  });
});
