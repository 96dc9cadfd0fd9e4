import { hostname } from 'node:os';
import type { Capability } from './frames.ts';
import { type Environment, textOf } from '../settings.ts';

const AGENT_PORT = 4320;
const AGENT_PATH = '/agent';
const LONGEST_NAME = 200;
/** What the kit itself can carry out. */
const CAPABILITIES: readonly Capability[] = ['approve', 'edit', 'respond', 'stop', 'add_task', 'plan'];
const HOUR_MS = 3_600_000;
const CLAIM_MS = 60_000;

/** Options of `connectControl`. What is absent comes from the environment. */
export interface ControlOptions {
  /** Address of the agent link; else `SIGNALBOX_AGENT_URL`, else port 4320 on the host of `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  url?: string;
  /** Where telemetry goes, when it is not `OTEL_EXPORTER_OTLP_ENDPOINT`: the link goes to the same host. */
  endpoint?: string;
  /** What telemetry is sent with, when it is not `OTEL_EXPORTER_OTLP_HEADERS`: the key may stand there. */
  headers?: Record<string, string>;
  /** Ingest key; else `SIGNALBOX_AGENT_KEY`, else what `OTEL_EXPORTER_OTLP_HEADERS` sends. */
  key?: string;
  /** Stable over restarts, so that decisions find the agent again; else `SIGNALBOX_AGENT_ID`, else `<service>@<host>`. */
  agentId?: string;
  /** Name for people; else `OTEL_SERVICE_NAME`. */
  name?: string;
  /** The workflow this agent works in. */
  workflow?: string;
  /** What people may do with it; by default everything the kit can do. */
  capabilities?: readonly Capability[];
  /** How long `approve` waits unless it is told; 60 minutes. */
  timeoutMs?: number;
  /** How long a decision nobody here asked for may be claimed by an `approve` with its id; 60 seconds. */
  claimWithinMs?: number;
}

/** Options and environment, put together. */
export interface ControlSettings {
  url: string;
  headers: Record<string, string>;
  agentId: string;
  name: string;
  workflow: string | undefined;
  capabilities: readonly Capability[];
  timeoutMs: number;
  claimWithinMs: number;
}

/** Puts options and environment together; options win. */
export function readControlSettings(options: ControlOptions, environment: Environment): ControlSettings {
  const service = textOf(environment, 'OTEL_SERVICE_NAME');
  const headers = Object.entries(options.headers ?? headersOf(textOf(environment, 'OTEL_EXPORTER_OTLP_HEADERS')));
  const agentId =
    options.agentId ??
    textOf(environment, 'SIGNALBOX_AGENT_ID') ??
    // Of its own for each process: a decision must never reach another one than the one that asked.
    `${options.name ?? service ?? 'agent'}@${hostname()}#${process.pid}`;
  return {
    url: agentUrl(
      options.url ?? textOf(environment, 'SIGNALBOX_AGENT_URL'),
      options.endpoint ?? textOf(environment, 'OTEL_EXPORTER_OTLP_ENDPOINT') ?? 'http://localhost',
    ),
    headers: credential(options.key ?? textOf(environment, 'SIGNALBOX_AGENT_KEY'), headers),
    // Room is left for what tells processes apart that share an id.
    agentId: agentId.slice(0, LONGEST_NAME - 30),
    name: (options.name ?? service ?? agentId).slice(0, LONGEST_NAME),
    workflow: options.workflow?.slice(0, LONGEST_NAME),
    capabilities: options.capabilities ?? CAPABILITIES,
    timeoutMs: options.timeoutMs ?? HOUR_MS,
    claimWithinMs: options.claimWithinMs ?? CLAIM_MS,
  };
}

/** An address that is none is answered as it is: dialling it says what is wrong. */
function agentUrl(given: string | undefined, endpoint: string): string {
  const address = given ?? endpoint;
  try {
    // Exporters also take `host:port` without a scheme.
    const url = new URL(/^[a-z]+:\/\//i.test(address) ? address : `http://${address}`);
    if (given === undefined) {
      url.port = String(AGENT_PORT);
      url.pathname = AGENT_PATH;
      url.search = '';
    } else if (url.pathname === '/') url.pathname = AGENT_PATH;
    return toWebSocket(url);
  } catch {
    return address;
  }
}

function toWebSocket(url: URL): string {
  const isSecure = url.protocol === 'https:' || url.protocol === 'wss:';
  return url.href.replace(/^[a-z]+:/i, isSecure ? 'wss:' : 'ws:');
}

/** The header that shows the ingest key; none when there is no key. */
function credential(key: string | undefined, sent: [string, string][]): Record<string, string> {
  if (key !== undefined) return { authorization: `Bearer ${key}` };
  const named = sent.map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  return Object.fromEntries(named.filter(([name]) => name === 'authorization' || name === 'x-api-key'));
}

/** `name=value` after each other, percent-encoded, as the OpenTelemetry specification has it. */
function headersOf(text = ''): Record<string, string> {
  const pairs = text.split(',').map((pair): [string, string] => {
    const at = pair.indexOf('=');
    try {
      return [decodeURIComponent(pair.slice(0, at)).trim(), decodeURIComponent(pair.slice(at + 1)).trim()];
    } catch {
      return ['', ''];
    }
  });
  return Object.fromEntries(pairs);
}
