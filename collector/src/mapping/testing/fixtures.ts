import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decodeRequest, type DecodedRequest } from './otlp-json.ts';
import { protobufToJson } from './otlp-proto.ts';

const FOLDER = join(__dirname, '../../../fixtures');

interface RecordedRequest {
  path: string;
  body?: unknown;
  bodyBase64?: string;
}

/** Recorded requests of a fixture, decoded, in the order they were sent; metrics left out. */
export function readFixture(name: string): DecodedRequest[] {
  const fixture = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as { requests: RecordedRequest[] };
  return fixture.requests
    .filter((request) => !request.path.endsWith('/metrics'))
    .map((request) => {
      if (request.bodyBase64 === undefined) return decodeRequest(request.body);
      const bytes = gunzipSync(Buffer.from(request.bodyBase64, 'base64'));
      return decodeRequest(protobufToJson(bytes, request.path.endsWith('/traces') ? 'traces' : 'logs'));
    });
}

/** What expected.json says about a fixture. */
export interface ExpectedFixture {
  traces?: number;
  counts: Record<string, number>;
  agentRuns?: Record<string, number>;
  workflowRuns?: Record<string, number>;
  nodeRuns?: Record<string, number>;
  graphEdges?: string[];
  models?: string[];
  tools?: string[];
  session?: { key: string; value: string; user?: string } | null;
  parents?: string[];
}

/** The expected events of a fixture. */
export function readExpected(name: string): ExpectedFixture {
  const all = JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')) as {
    fixtures: Record<string, ExpectedFixture>;
  };
  const found = all.fixtures[name];
  if (found === undefined) throw new Error(`expected.json has no fixture ${name}`);
  return found;
}
