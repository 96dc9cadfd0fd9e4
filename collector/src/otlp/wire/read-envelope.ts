import { NO_ATTRIBUTES, type Attributes } from '../../telemetry/attributes.ts';
import type { Scope } from '../../telemetry/records.ts';
import { AttributeList, readAttributesOf } from './read-attributes.ts';
import type { WireReader } from './wire-reader.ts';

/** Scope and resource of the items below them. */
export interface Origin {
  resource: Attributes;
  scope: Scope;
}

/** Reads one item (span, log record, metric) that ends at `end`. */
export type ReadItem = (reader: WireReader, end: number, origin: Origin) => void;

export const NO_SCOPE: Scope = { name: '', version: '', attributes: NO_ATTRIBUTES };

/**
 * Walks request → resource items → scope items, which have the same field numbers for all three signals
 * (opentelemetry-proto collector/{trace,logs,metrics}/v1). Fields may come in any order, so items are noted first and
 * read once their resource and scope are known.
 */
export function readRequest(reader: WireReader, end: number, readItem: ReadItem): void {
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 10) readResourceItems(reader, reader.until(end), readItem);
    else reader.skip(tag, end);
  }
}

function readResourceItems(reader: WireReader, end: number, readItem: ReadItem): void {
  let resource = NO_ATTRIBUTES;
  const items: number[] = [];
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 10) resource = readAttributesOf(reader, end, 1);
    else if (tag === 18) noteItem(reader, end, items);
    else reader.skip(tag, end);
  }
  forEachItem(reader, items, (to) => readScopeItems(reader, to, resource, readItem));
  reader.pos = end;
}

function readScopeItems(reader: WireReader, end: number, resource: Attributes, readItem: ReadItem): void {
  let scope = NO_SCOPE;
  const items: number[] = [];
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 10) scope = readScope(reader, reader.until(end));
    else if (tag === 18) noteItem(reader, end, items);
    else reader.skip(tag, end);
  }
  const origin = { resource, scope };
  forEachItem(reader, items, (to) => readItem(reader, to, origin));
}

function noteItem(reader: WireReader, end: number, items: number[]): void {
  const to = reader.until(end);
  items.push(reader.pos, to);
  reader.pos = to;
}

function forEachItem(reader: WireReader, items: number[], read: (end: number) => void): void {
  for (let at = 0; at < items.length; at += 2) {
    reader.pos = items[at] as number;
    read(items[at + 1] as number);
  }
}

function readScope(reader: WireReader, end: number): Scope {
  let name = '';
  let version = '';
  const attributes = new AttributeList();
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 10) name = reader.text(end);
    else if (tag === 18) version = reader.text(end);
    else if (tag === 26) attributes.read(reader, end);
    else reader.skip(tag, end);
  }
  return { name, version, attributes: attributes.done() };
}
