import type { MetricPoint } from '../../telemetry/records.ts';
import { applyQuantile, emptyDistribution, NO_RECORDED_VALUE, toExplicitBuckets } from './metric-values.ts';
import type { Distribution, ExponentialBuckets } from './metric-values.ts';
import { AttributeList } from './read-attributes.ts';
import type { WireReader } from './wire-reader.ts';

/** What a data point adds to its metric's name, unit and kind. */
export type PointBody = Pick<MetricPoint, 'timeNs' | 'startNs' | 'value' | 'attributes'>;

function since(startNs: bigint): Pick<MetricPoint, 'startNs'> {
  return startNs === 0n ? {} : { startNs };
}

/** Reads a `NumberDataPoint`; undefined when it says that no value was recorded. */
export function readNumberPoint(reader: WireReader, end: number): PointBody | undefined {
  let timeNs = 0n;
  let startNs = 0n;
  let value = 0;
  let flags = 0;
  const attributes = new AttributeList();
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 58) attributes.read(reader, end);
    else if (tag === 25) timeNs = reader.timeNs(end);
    else if (tag === 17) startNs = reader.timeNs(end);
    else if (tag === 33) value = reader.double(end);
    else if (tag === 49) value = reader.sfixed64(end);
    else if (tag === 64) flags = reader.varint32(end);
    else reader.skip(tag, end);
  }
  if ((flags & NO_RECORDED_VALUE) !== 0) return undefined;
  return { timeNs, ...since(startNs), value, attributes: attributes.done() };
}

/** Reads a `HistogramDataPoint`; undefined when it says that no value was recorded. */
export function readHistogramPoint(reader: WireReader, end: number): PointBody | undefined {
  let timeNs = 0n;
  let startNs = 0n;
  let flags = 0;
  const value = emptyDistribution();
  const attributes = new AttributeList();
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 74) attributes.read(reader, end);
    else if (tag === 25) timeNs = reader.timeNs(end);
    else if (tag === 17) startNs = reader.timeNs(end);
    else if (tag === 80) flags = reader.varint32(end);
    else if (!readHistogramField(reader, tag, end, value)) reader.skip(tag, end);
  }
  if ((flags & NO_RECORDED_VALUE) !== 0) return undefined;
  return { timeNs, ...since(startNs), value, attributes: attributes.done() };
}

function readHistogramField(reader: WireReader, tag: number, end: number, value: Distribution): boolean {
  if (tag === 33) value.count = reader.fixed64(end);
  else if (tag === 41) value.sum = reader.double(end);
  else if (tag === 50) readPacked(reader, end, value.buckets, (to) => reader.fixed64(to));
  else if (tag === 49) value.buckets.push(reader.fixed64(end));
  else if (tag === 58) readPacked(reader, end, value.bounds, (to) => reader.double(to));
  else if (tag === 57) value.bounds.push(reader.double(end));
  else if (tag === 89) value.min = reader.double(end);
  else if (tag === 97) value.max = reader.double(end);
  else return false;
  return true;
}

/** Reads an `ExponentialHistogramDataPoint`; undefined when it says that no value was recorded. */
export function readExponentialPoint(reader: WireReader, end: number): PointBody | undefined {
  let timeNs = 0n;
  let startNs = 0n;
  let flags = 0;
  const parts: ExponentialParts = {
    value: emptyDistribution(),
    scale: 0,
    zero: 0,
    positive: NO_BUCKETS,
    negative: NO_BUCKETS,
  };
  const attributes = new AttributeList();
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 10) attributes.read(reader, end);
    else if (tag === 25) timeNs = reader.timeNs(end);
    else if (tag === 17) startNs = reader.timeNs(end);
    else if (tag === 80) flags = reader.varint32(end);
    else if (!readExponentialField(reader, tag, end, parts)) reader.skip(tag, end);
  }
  if ((flags & NO_RECORDED_VALUE) !== 0) return undefined;
  const below = parts.negative.counts.reduce((sum, count) => sum + count, parts.zero);
  const value = { ...parts.value, ...toExplicitBuckets(parts.scale, parts.positive, below) };
  return { timeNs, ...since(startNs), value, attributes: attributes.done() };
}

interface ExponentialParts {
  value: Distribution;
  scale: number;
  zero: number;
  positive: ExponentialBuckets;
  negative: ExponentialBuckets;
}

const NO_BUCKETS: ExponentialBuckets = { offset: 0, counts: [] };

function readExponentialField(reader: WireReader, tag: number, end: number, parts: ExponentialParts): boolean {
  if (tag === 33) parts.value.count = reader.fixed64(end);
  else if (tag === 41) parts.value.sum = reader.double(end);
  else if (tag === 48) parts.scale = reader.sint32(end);
  else if (tag === 57) parts.zero = reader.fixed64(end);
  else if (tag === 66) parts.positive = readExponentialBuckets(reader, reader.until(end));
  else if (tag === 74) parts.negative = readExponentialBuckets(reader, reader.until(end));
  else if (tag === 97) parts.value.min = reader.double(end);
  else if (tag === 105) parts.value.max = reader.double(end);
  else return false;
  return true;
}

function readExponentialBuckets(reader: WireReader, end: number): ExponentialBuckets {
  let offset = 0;
  const counts: number[] = [];
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 8) offset = reader.sint32(end);
    else if (tag === 18) readPacked(reader, end, counts, (to) => Number(reader.int64(to)));
    else if (tag === 16) counts.push(Number(reader.int64(end)));
    else reader.skip(tag, end);
  }
  return { offset, counts };
}

/** Reads a `SummaryDataPoint`; undefined when it says that no value was recorded. */
export function readSummaryPoint(reader: WireReader, end: number): PointBody | undefined {
  let timeNs = 0n;
  let startNs = 0n;
  let flags = 0;
  const value = emptyDistribution();
  const attributes = new AttributeList();
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 58) attributes.read(reader, end);
    else if (tag === 25) timeNs = reader.timeNs(end);
    else if (tag === 17) startNs = reader.timeNs(end);
    else if (tag === 33) value.count = reader.fixed64(end);
    else if (tag === 41) value.sum = reader.double(end);
    else if (tag === 50) readQuantile(reader, reader.until(end), value);
    else if (tag === 64) flags = reader.varint32(end);
    else reader.skip(tag, end);
  }
  if ((flags & NO_RECORDED_VALUE) !== 0) return undefined;
  return { timeNs, ...since(startNs), value, attributes: attributes.done() };
}

function readQuantile(reader: WireReader, end: number, value: Distribution): void {
  let quantile = 0;
  let at = 0;
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 9) quantile = reader.double(end);
    else if (tag === 17) at = reader.double(end);
    else reader.skip(tag, end);
  }
  applyQuantile(value, quantile, at);
}

function readPacked(reader: WireReader, end: number, out: number[], read: (end: number) => number): void {
  const to = reader.until(end);
  while (reader.pos < to) out.push(read(to));
}
