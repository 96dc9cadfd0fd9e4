import { isIP } from 'node:net';
import path from 'node:path';
import { StartError } from '../lifecycle/start-error.ts';
import type { Config } from './config.ts';
import { SETTINGS, type Setting } from './settings.ts';

/**
 * Reads and checks the environment. Throws one StartError that names every fault: bad values, unknown
 * `SIGNALBOX_*` names, and a wide binding without keys.
 */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = [];
  const values = new Map<string, unknown>();
  for (const setting of SETTINGS as readonly Setting[]) {
    const raw = environment[setting.name];
    if (raw === undefined || raw === '') continue;
    const parsed = setting.schema.safeParse(raw);
    if (parsed.success) values.set(setting.name, parsed.data);
    else
      faults.push(
        `${setting.name} must be ${parsed.error.issues[0]?.message ?? 'valid'}${setting.secret ? '' : `, not "${raw}"`}`,
      );
  }
  faults.push(...unknownNames(environment));
  if (values.has('SIGNALBOX_WEBHOOK_URL') !== values.has('SIGNALBOX_WEBHOOK_SECRET'))
    faults.push('SIGNALBOX_WEBHOOK_URL and SIGNALBOX_WEBHOOK_SECRET belong together: set both or none');
  const config = toConfig(values);
  if (faults.length === 0 && !isLoopback(config.host)) faults.push(...missingKeys(config));
  if (faults.length > 0) throw new StartError(`${faults.join('. ')}. See --help for all settings.`);
  return Object.freeze(config);
}

function unknownNames(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set<string>(SETTINGS.map((setting) => setting.name));
  return Object.keys(environment)
    .filter((name) => name.startsWith('SIGNALBOX_') && !known.has(name))
    .map((name) => `${name} is not a setting of this version`);
}

function toConfig(values: ReadonlyMap<string, unknown>): Config {
  const of = <T>(name: (typeof SETTINGS)[number]['name'], otherwise: T): T =>
    (values.get(name) as T | undefined) ?? otherwise;
  return {
    dataDir: path.resolve(of('SIGNALBOX_DATA_DIR', '.signalbox')),
    databaseUrl: of<string | undefined>('DATABASE_URL', undefined),
    redisUrl: of<string | undefined>('REDIS_URL', undefined),
    busPrefix: of('SIGNALBOX_BUS_PREFIX', 'signalbox'),
    busClaimSeconds: of('SIGNALBOX_BUS_CLAIM_SECONDS', 60),
    host: of('SIGNALBOX_HOST', '127.0.0.1'),
    grpcPort: of('SIGNALBOX_OTLP_GRPC_PORT', 4317),
    httpPort: of('SIGNALBOX_OTLP_HTTP_PORT', 4318),
    apiPort: of('SIGNALBOX_API_PORT', 4320),
    ingestKeys: of<Config['ingestKeys']>('SIGNALBOX_INGEST_KEYS', []),
    readKey: of<string | undefined>('SIGNALBOX_READ_KEY', undefined),
    proxySecret: of<string | undefined>('SIGNALBOX_PROXY_SECRET', undefined),
    adminPassword: of<string | undefined>('SIGNALBOX_ADMIN_PASSWORD', undefined),
    grafana: grafanaOf(of<string | undefined>('SIGNALBOX_GRAFANA_ISSUER', undefined), {
      keysUrl: of<string | undefined>('SIGNALBOX_GRAFANA_KEYS_URL', undefined),
      org: of('SIGNALBOX_GRAFANA_ORG', 1),
    }),
    langgraphUrls: of<readonly string[]>('SIGNALBOX_LANGGRAPH_URLS', []),
    aguiAgents: of<Config['aguiAgents']>('SIGNALBOX_AGUI_URLS', []),
    aguiIdleSeconds: of('SIGNALBOX_AGUI_IDLE_SECONDS', 300),
    ollamaHost: of('OLLAMA_HOST', 'http://127.0.0.1:11434'),
    ollamaGatewayPort: of<number | undefined>('SIGNALBOX_OLLAMA_GATEWAY_PORT', undefined),
    publicUrl: of<string | undefined>('SIGNALBOX_PUBLIC_URL', undefined),
    webhook: webhookOf(values),
    policyFile: of<string | undefined>('SIGNALBOX_POLICY_FILE', undefined),
    content: of<Config['content']>('SIGNALBOX_CONTENT', 'full'),
    redactionFile: of<string | undefined>('SIGNALBOX_REDACTION_FILE', undefined),
    retentionDays: of<number | undefined>('SIGNALBOX_RETENTION_DAYS', undefined),
    runLeaseSeconds: of('SIGNALBOX_RUN_LEASE_SECONDS', 1800),
    logLevel: of<Config['logLevel']>('SIGNALBOX_LOG_LEVEL', 'warn'),
  };
}

function webhookOf(values: ReadonlyMap<string, unknown>): Config['webhook'] {
  const url = values.get('SIGNALBOX_WEBHOOK_URL') as string | undefined;
  const secret = values.get('SIGNALBOX_WEBHOOK_SECRET') as string | undefined;
  return url === undefined || secret === undefined ? undefined : { url, secret };
}

function grafanaOf(
  issuer: string | undefined,
  { keysUrl, org }: { keysUrl: string | undefined; org: number },
): Config['grafana'] {
  if (issuer === undefined) return undefined;
  return { issuer, org, keysUrl: keysUrl ?? `${issuer.replace(/\/+$/, '')}/api/signing-keys/keys` };
}

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function missingKeys(config: Config): string[] {
  const missing: string[] = [];
  if (config.ingestKeys.length === 0) missing.push('SIGNALBOX_INGEST_KEYS');
  if (config.adminPassword === undefined && config.proxySecret === undefined)
    missing.push('SIGNALBOX_ADMIN_PASSWORD or SIGNALBOX_PROXY_SECRET');
  if (missing.length === 0) return [];
  return [
    `SIGNALBOX_HOST=${config.host} opens the collector to the network, which needs ${missing.join(' and ')}; set them, or leave SIGNALBOX_HOST at 127.0.0.1`,
  ];
}

/** The environment of this process; the only place that reads it. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
