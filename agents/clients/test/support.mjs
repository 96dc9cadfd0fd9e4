import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 50;
const LIMIT_MS = 20_000;
const CLIENT_LIMIT_MS = 60_000;
const root = path.dirname(import.meta.dirname);

/** Where the collector under test takes telemetry, for each protocol the way users name it. */
export const PROTOCOLS = {
  'http/protobuf': process.env.CLIENT_TEST_HTTP,
  grpc: process.env.CLIENT_TEST_GRPC,
};

/** The environment variables of a client that sends to the collector. */
export function telemetryTo(protocol, service) {
  return {
    OTEL_SERVICE_NAME: service,
    OTEL_EXPORTER_OTLP_ENDPOINT: PROTOCOLS[protocol],
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  };
}

/** Runs a client to its end in a process of its own and answers what it printed; it must end well. */
export async function runClient(command, args, environment) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: CLIENT_LIMIT_MS,
    killSignal: 'SIGKILL',
    env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1', ...environment },
  });
  let [printed, output] = ['', ''];
  child.stdout.on('data', (chunk) => (printed += chunk));
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${output}`);
  return printed.trim();
}

/** GET of the API with the read key. */
export async function get(route) {
  const answer = await fetch(`${process.env.CLIENT_TEST_API}${route}`, {
    headers: { authorization: `Bearer ${process.env.CLIENT_TEST_READ_KEY}` },
  });
  if (!answer.ok) throw new Error(`${route} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** Asks until `test` is content, and answers what `ask` said then; says what it said last when time is up. */
export async function until(ask, test) {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const said = await ask();
    if (test(said)) return said;
    if (Date.now() > end) throw new Error(`it never came: ${JSON.stringify(said)}`);
    await wait(POLL_MS);
  }
}

/** The runs of a session, oldest first, once there are `count` that are not at work any more. */
export async function settledRuns(session, count = 1) {
  const settled = (runs) => runs.length === count && runs.every(({ status }) => status !== 'in_progress');
  const ask = async () => (await get(`/api/runs?session=${session}`)).runs;
  const runs = await until(ask, settled);
  return runs.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

/** Every event of a session, oldest first. */
export async function eventsOf(session) {
  return (await get(`/api/events?session=${session}&limit=500`)).events.reverse();
}

/** The bodies of the one event that fits. */
export async function contentOf(events, fits) {
  const found = events.filter(fits);
  if (found.length !== 1) throw new Error(`${found.length} events fit`);
  return (await get(`/api/events/${found[0].id}`)).content;
}

/**
 * Events as lines, sorted: what, who, to whom, how it went, and inside what. Clients give milliseconds, so that the
 * order of what happens at once is not theirs to tell.
 */
export function tell(events) {
  const named = new Map(events.map((event) => [event.id, event]));
  return events.map((event) => line(event, named.get(event.parentId))).sort();
}

function line({ type, actor, target, status, parentId }, parent) {
  const to = target === null ? '' : ` > ${target.kind}:${target.name}`;
  const inside = parentId === null ? '' : ` in ${parent?.type} ${parent?.tool ?? parent?.actor.name}`;
  return `${type} ${actor.kind}:${actor.name}${to} ${status}${inside}`;
}
