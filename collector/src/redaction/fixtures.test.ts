import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decodeJson, decodeProtobuf, type Signal } from '../otlp/wire/decode.ts';
import type { TelemetryBatch } from '../telemetry/records.ts';
import { createRedactor } from './redactor.ts';

const FIXTURES = join(__dirname, '../../fixtures');

interface Fixture {
  requests: { path: string; body?: unknown; bodyBase64?: string }[];
}

function batchesOf(name: string): TelemetryBatch[] {
  const fixture = JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as Fixture;
  return fixture.requests.map(({ path, body, bodyBase64 }) => {
    const signal = path.slice('/v1/'.length) as Signal;
    if (bodyBase64 === undefined) return decodeJson(signal, JSON.stringify(body)).batch;
    return decodeProtobuf(signal, gunzipSync(Buffer.from(bodyBase64, 'base64'))).batch;
  });
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

test.each(readdirSync(FIXTURES).filter((name) => name !== 'expected.json'))('recorded agents: %s', (name) => {
  const redactor = createRedactor();

  for (const batch of batchesOf(name)) {
    const before = textsOf(batch);
    const after = textsOf(redactor.batch(batch));

    expect(after).toHaveLength(before.length);
    after.forEach((text, at) => {
      expect(text).not.toContain('sk-FAKE');
      if (isJson(before[at] ?? '')) expect(isJson(text)).toBe(true);
      // The recordings hold one secret; whatever else changed would be a false alarm.
      if (!(before[at] ?? '').includes('sk-FAKE')) expect(text).toBe(before[at]);
    });
  }
});
