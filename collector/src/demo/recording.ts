import { createHash } from 'node:crypto';

/** One request of a recording: where it was sent and its OTLP/JSON body. */
export interface RecordedRequest {
  path: string;
  body: Record<string, unknown>;
}

/** A piece of a recording and when to send it, in milliseconds from the start. */
export interface Step {
  atMs: number;
  path: string;
  body: Record<string, unknown>;
}

/** Exporters of live agents send about this often. */
const EXPORT_EVERY_MS = 100;
const NS_PER_MS = 1_000_000n;

interface Timed {
  atNs: bigint;
  path: string;
  body: Record<string, unknown>;
}

interface Group {
  resource: unknown;
  scopes: { scope: unknown; items: Record<string, unknown>[]; list: string }[];
}

/** Field names of the three signals in OTLP/JSON. */
const LISTS: Record<string, { resource: string; scope: string; item: string }> = {
  '/v1/traces': { resource: 'resourceSpans', scope: 'scopeSpans', item: 'spans' },
  '/v1/logs': { resource: 'resourceLogs', scope: 'scopeLogs', item: 'logRecords' },
};

/**
 * Takes a recording apart into single spans and logs, each due when it ended, so that playing it looks like the
 * agent at work and not like a few large deliveries.
 */
export function toSteps(requests: readonly RecordedRequest[]): { steps: Step[]; startNs: bigint } {
  const timed = requests.flatMap(splitRequest).sort((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0));
  const first = timed[0]?.atNs ?? 0n;
  const steps = timed.map(({ atNs, path, body }) => {
    const due = Number((atNs - first) / NS_PER_MS);
    return { atMs: Math.ceil(due / EXPORT_EVERY_MS) * EXPORT_EVERY_MS, path, body };
  });
  return { steps, startNs: first };
}

function splitRequest(request: RecordedRequest): Timed[] {
  const names = LISTS[request.path];
  if (!names) return [];
  return groupsOf(request.body, names).flatMap((group) =>
    group.scopes.flatMap(({ scope, items }) =>
      items.map((item) => ({
        atNs: dueNs(item),
        path: request.path,
        body: { [names.resource]: [{ resource: group.resource, [names.scope]: [{ scope, [names.item]: [item] }] }] },
      })),
    ),
  );
}

function groupsOf(body: Record<string, unknown>, names: { resource: string; scope: string; item: string }): Group[] {
  const resources = (body[names.resource] ?? []) as Record<string, unknown>[];
  return resources.map((entry) => ({
    resource: entry['resource'],
    scopes: ((entry[names.scope] ?? []) as Record<string, unknown>[]).map((scope) => ({
      scope: scope['scope'],
      items: (scope[names.item] ?? []) as Record<string, unknown>[],
      list: names.item,
    })),
  }));
}

function dueNs(item: Record<string, unknown>): bigint {
  const times = ['endTimeUnixNano', 'timeUnixNano', 'observedTimeUnixNano'].map((name) =>
    BigInt((item[name] as string | number | undefined) ?? 0),
  );
  return times.find((time) => time > 0n) ?? 0n;
}

/** How one round of playing differs from the recording. */
export interface Round {
  /** Makes ids of this round unlike those of any other. */
  name: string;
  /** Added to every time. */
  shiftNs: bigint;
}

const IDS =
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{32}\b|\b(?:call|fc|resp|chatcmpl|msg|toolu|sess|thread)[-_][A-Za-z0-9]+\b/g;

/** The body with ids of its own, times of now, and its service marked as a demo. */
export function renew(body: Record<string, unknown>, round: Round): string {
  const text = JSON.stringify(body, (key, value: unknown) => {
    if (key.endsWith('UnixNano') && (typeof value === 'string' || typeof value === 'number'))
      return shifted(value, round.shiftNs);
    return value;
  });
  return markDemo(text.replace(IDS, (id) => renamed(id, round.name)));
}

function shifted(value: string | number, by: bigint): string {
  const ns = BigInt(value);
  return ns === 0n ? '0' : (ns + by).toString();
}

function renamed(id: string, round: string): string {
  const digest = createHash('sha256').update(`${round} ${id}`).digest('hex');
  if (/^[0-9a-f]{32}$/.test(id)) return digest.slice(0, 32);
  if (id.length === 36) return id.replace(/[0-9a-f]+/g, (run, at: number) => digest.slice(at, at + run.length));
  const [prefix = '', separator = '_'] = /^([a-z]+)([-_])/.exec(id)?.slice(1) ?? [];
  return `${prefix}${separator}${digest.slice(0, 8)}`;
}

function markDemo(text: string): string {
  return text.replace(/("key":"service\.name","value":\{"stringValue":")/g, '$1demo · ');
}
