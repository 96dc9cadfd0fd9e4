import { readFileSync } from 'node:fs';
import path from 'node:path';

/** One request of a recording, ready to send. */
export interface RecordedRequest {
  path: string;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer>;
}

/** What `expected.json` says of a recording. */
export interface Expectation {
  traces: number;
  counts: Record<string, number>;
  agentRuns?: Record<string, number>;
  workflowRuns?: Record<string, number>;
  nodeRuns?: Record<string, number>;
  models?: string[];
  tools?: string[];
  session?: { value?: string } | null;
}

const FOLDER = path.join(import.meta.dirname, '..', '..', 'fixtures');

interface RecordingFile {
  requests: { path: string; headers?: Record<string, string>; body?: unknown; bodyBase64?: string }[];
}

/** The requests of a recording as they went over the wire. */
export function readRecording(name: string): RecordedRequest[] {
  const file = JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as RecordingFile;
  return file.requests.map(({ path: target, headers, body, bodyBase64 }) => ({
    path: target,
    headers: headers ?? { 'content-type': 'application/json' },
    body: bodyBase64 === undefined ? JSON.stringify(body) : new Uint8Array(Buffer.from(bodyBase64, 'base64')),
  }));
}

/** What a recording must come to. */
export function readExpectation(name: string): Expectation {
  const file = JSON.parse(readFileSync(path.join(FOLDER, 'expected.json'), 'utf8')) as {
    fixtures: Record<string, Expectation>;
  };
  const expectation = file.fixtures[name];
  if (!expectation) throw new Error(`no expectation for ${name}`);
  return expectation;
}

/** The secret planted in the recordings. */
export const PLANTED_SECRET = 'sk-FAKE-0000000000000000000000000000';

interface OneItem {
  [list: string]: { resource: unknown; [scopes: string]: unknown }[];
}

const LISTS: Record<string, [string, string, string]> = {
  '/v1/traces': ['resourceSpans', 'scopeSpans', 'spans'],
  '/v1/logs': ['resourceLogs', 'scopeLogs', 'logRecords'],
};

/** A JSON request taken apart: one request for each of its spans or logs. */
export function splitRequest(request: RecordedRequest): RecordedRequest[] {
  const lists = LISTS[request.path];
  if (!lists || typeof request.body !== 'string') return [request];
  const [resources, scopes, items] = lists;
  const body = JSON.parse(request.body) as OneItem;
  return (body[resources] ?? []).flatMap((resource) =>
    ((resource[scopes] ?? []) as Record<string, unknown>[]).flatMap((scope) =>
      ((scope[items] ?? []) as unknown[]).map((item) => ({
        ...request,
        body: JSON.stringify({ [resources]: [{ ...resource, [scopes]: [{ ...scope, [items]: [item] }] }] }),
      })),
    ),
  );
}
