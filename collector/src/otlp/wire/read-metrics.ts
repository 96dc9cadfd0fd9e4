import type { MetricPoint } from '../../telemetry/records.ts';
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
  let points: PointBody[] = [];
  while (reader.pos < end) {
    const tag = reader.tag(end);
    const data = KINDS[tag];
    if (data !== undefined) {
      kind = data.kind;
      points = readPoints(reader, reader.until(end), data.readPoint);
    } else if (tag === 10) name = reader.text(end);
    else if (tag === 26) unit = reader.text(end);
    else reader.skip(tag, end);
  }
  for (const point of points) out.push({ name, unit, kind, ...point, scope: origin.scope, resource: origin.resource });
}

function readPoints(reader: WireReader, end: number, readPoint: ReadPoint): PointBody[] {
  const points: PointBody[] = [];
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag !== 10) {
      reader.skip(tag, end);
      continue;
    }
    const point = readPoint(reader, reader.until(end));
    if (point !== undefined) points.push(point);
  }
  return points;
}
