import type { MetricPoint } from '../../telemetry/records.ts';
import { temporalityOf } from './metric-values.ts';
import { readExponentialPoint, readHistogramPoint, readNumberPoint, readSummaryPoint } from './read-metric-points.ts';
import type { PointBody } from './read-metric-points.ts';
import type { Origin } from './read-envelope.ts';
import type { WireReader } from './wire-reader.ts';

type Kind = MetricPoint['kind'];
type ReadPoint = (reader: WireReader, end: number) => PointBody | undefined;

const KINDS: Readonly<Record<number, { kind: Kind; readPoint: ReadPoint }>> = {
  42: { kind: 'gauge', readPoint: readNumberPoint },
  58: { kind: 'sum', readPoint: readNumberPoint },
  74: { kind: 'histogram', readPoint: readHistogramPoint },
  82: { kind: 'exponential_histogram', readPoint: readExponentialPoint },
  90: { kind: 'summary', readPoint: readSummaryPoint },
};

/** Reads one `Metric` (opentelemetry-proto metrics/v1) into a point per series. */
export function readMetric(reader: WireReader, end: number, origin: Origin, out: MetricPoint[]): void {
  let name = '';
  let unit = '';
  let kind: Kind = 'gauge';
  let data: MetricData = { points: [] };
  while (reader.pos < end) {
    const tag = reader.tag(end);
    const known = KINDS[tag];
    if (known !== undefined) {
      kind = known.kind;
      data = readData(reader, reader.until(end), known.readPoint);
    } else if (tag === 10) name = reader.text(end);
    else if (tag === 26) unit = reader.text(end);
    else reader.skip(tag, end);
  }
  const { points, ...adding } = data;
  const { scope, resource } = origin;
  for (const point of points) out.push({ name, unit, kind, ...adding, ...point, scope, resource });
}

interface MetricData extends Pick<MetricPoint, 'temporality' | 'monotonic'> {
  points: PointBody[];
}

/** Sums and histograms share the numbers of their fields. */
function readData(reader: WireReader, end: number, readPoint: ReadPoint): MetricData {
  const data: MetricData = { points: [] };
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 10) {
      const point = readPoint(reader, reader.until(end));
      if (point !== undefined) data.points.push(point);
    } else if (tag === 16) data.temporality = temporalityOf(reader.varint32(end));
    else if (tag === 24) data.monotonic = reader.varint32(end) !== 0;
    else reader.skip(tag, end);
  }
  return data;
}
