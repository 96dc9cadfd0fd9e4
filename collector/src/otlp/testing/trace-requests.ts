/** OTLP/JSON trace request whose spans have the given ids. */
export function traceJson(...spanIds: string[]): string {
  const spans = spanIds.map((spanId) => ({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId,
    name: 'work',
    startTimeUnixNano: '1795213825474000001',
    endTimeUnixNano: '1795213825474000002',
  }));
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

/** Protobuf field with a delimited content. */
export function delimited(field: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

/** Protobuf trace request whose spans have the given ids. */
export function traceBytes(...spanIds: string[]): Buffer {
  const traceId = delimited(1, Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex'));
  const spans = spanIds.map((spanId) =>
    delimited(2, traceId, delimited(2, Buffer.from(spanId, 'hex')), delimited(5, Buffer.from('work'))),
  );
  return delimited(1, delimited(2, ...spans));
}

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
