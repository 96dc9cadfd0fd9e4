import { z } from 'zod';

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'a port number from 0 to 65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'a port number from 0 to 65535');

const key = z
  .string()
  .min(16, 'at least 16 characters, without spaces')
  .regex(/^\S+$/, 'at least 16 characters, without spaces');

const ingestKeys = z.string().transform((value, context) => {
  const pairs = value.split(',').map((pair) => pair.trim().split(':'));
  const good = pairs.every(([name, secret, rest]) => name && secret && secret.length >= 16 && rest === undefined);
  if (!good) context.addIssue('"name:key" pairs with keys of at least 16 characters, separated by commas');
  return pairs.map(([name = '', secret = '']) => ({ name, key: secret }));
});

const url = (protocols: string[], expected: string) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), expected);

const aguiAgents = z.string().transform((value, context) => {
  const agents = value.split(',').map((entry) => {
    const [name = '', ...rest] = entry.trim().split('=');
    return { name, url: rest.join('=') };
  });
  const good = agents.every(
    ({ name, url: address }) =>
      /^[\w.-]{1,64}$/.test(name) && URL.canParse(address) && /^https?:$/.test(new URL(address).protocol),
  );
  const isUnique = new Set(agents.map(({ name }) => name)).size === agents.length;
  if (!good || !isUnique)
    context.addIssue(
      '"name=url" entries like coder=http://127.0.0.1:8000/agent, separated by commas, each name once, of letters, digits or any of . _ -',
    );
  return agents;
});

/** One setting: how it is read and how `--help` and the README describe it. */
export interface Setting {
  name: string;
  schema: z.ZodType;
  /** Shown where the setting is left out. */
  whenUnset: string;
  description: string;
  secret?: true;
}

/** Every setting, in the order they are shown. The one source of validation, `--help` and the README's table. */
export const SETTINGS = [
  {
    name: 'SIGNALBOX_DATA_DIR',
    schema: z.string().min(1),
    whenUnset: '.signalbox',
    description: 'Folder of the embedded database and other local state.',
  },
  {
    name: 'DATABASE_URL',
    schema: url(['postgres:', 'postgresql:'], 'a URL like postgresql://user:password@host:5432/database'),
    whenUnset: 'the embedded PostgreSQL',
    description: 'PostgreSQL server (14 to 18) to use instead of the embedded one.',
    secret: true,
  },
  {
    name: 'REDIS_URL',
    schema: url(['redis:', 'rediss:'], 'a URL like redis://host:6379'),
    whenUnset: 'none',
    description:
      'Redis that carries wake-ups between several collectors on one database, and events of components without OpenTelemetry (docs/bus.md).',
    secret: true,
  },
  {
    name: 'SIGNALBOX_BUS_PREFIX',
    schema: z.string().regex(/^[\w.:-]{1,64}$/, 'up to 64 letters, digits or any of . _ : -'),
    whenUnset: 'signalbox',
    description: 'First part of every name on the Redis bus.',
  },
  {
    name: 'SIGNALBOX_BUS_CLAIM_SECONDS',
    schema: z
      .string()
      .regex(/^[1-9]\d{0,4}$/, 'a whole number of seconds, 1 or more')
      .transform(Number),
    whenUnset: '60',
    description: 'Seconds after which what a collector took from agents on the bus and never handled is taken over.',
  },
  {
    name: 'SIGNALBOX_HOST',
    schema: z.string().min(1),
    whenUnset: '127.0.0.1',
    description:
      'Address to listen on. Anything but loopback needs SIGNALBOX_INGEST_KEYS and SIGNALBOX_ADMIN_PASSWORD or SIGNALBOX_PROXY_SECRET.',
  },
  {
    name: 'SIGNALBOX_OTLP_GRPC_PORT',
    schema: port,
    whenUnset: '4317',
    description: 'Port of OTLP over gRPC; 0 takes any free one.',
  },
  {
    name: 'SIGNALBOX_OTLP_HTTP_PORT',
    schema: port,
    whenUnset: '4318',
    description: 'Port of OTLP over HTTP; 0 takes any free one.',
  },
  {
    name: 'SIGNALBOX_API_PORT',
    schema: port,
    whenUnset: '4320',
    description: 'Port of the API, the live stream and the console; 0 takes any free one.',
  },
  {
    name: 'SIGNALBOX_INGEST_KEYS',
    schema: ingestKeys,
    whenUnset: 'no key needed',
    description: 'Keys that senders must show, as name:key,name:key (as "authorization: Bearer" or "x-api-key").',
    secret: true,
  },
  {
    name: 'SIGNALBOX_READ_KEY',
    schema: key,
    whenUnset: 'none',
    description: 'Bearer key for reading the API and the live stream; give it to the Grafana data source.',
    secret: true,
  },
  {
    name: 'SIGNALBOX_PROXY_SECRET',
    schema: key,
    whenUnset: 'none',
    description: 'Secret that proves a request came through the Grafana app (header X-Signalbox-Proxy).',
    secret: true,
  },
  {
    name: 'SIGNALBOX_ADMIN_PASSWORD',
    schema: z.string().min(8, 'at least 8 characters'),
    whenUnset: 'sign-in by link only',
    description: "Password of the console's administrator.",
    secret: true,
  },
  {
    name: 'SIGNALBOX_GRAFANA_ISSUER',
    schema: url(['http:', 'https:'], "Grafana's root_url, like https://grafana.example.com/"),
    whenUnset: 'nobody decides through Grafana',
    description:
      "Grafana's root_url. With SIGNALBOX_PROXY_SECRET it lets Grafana's users decide, proven by its signed token.",
  },
  {
    name: 'SIGNALBOX_GRAFANA_KEYS_URL',
    schema: url(['http:', 'https:'], 'a URL like http://grafana:3000/api/signing-keys/keys'),
    whenUnset: 'api/signing-keys/keys below the issuer',
    description: 'Where the collector reads the keys Grafana signs its tokens with, when it reaches Grafana elsewhere.',
  },
  {
    name: 'SIGNALBOX_GRAFANA_ORG',
    schema: z
      .string()
      .regex(/^[1-9]\d{0,8}$/, 'the number of a Grafana organisation')
      .transform(Number),
    whenUnset: '1',
    description: 'Grafana organisation this collector belongs to.',
  },
  {
    name: 'SIGNALBOX_POLICY_FILE',
    schema: z.string().min(1),
    whenUnset: 'Editors and Admins decide',
    description: 'JSON file of who may decide what, for how long, and what takes two people; followed while running.',
  },
  {
    name: 'SIGNALBOX_CONTENT',
    schema: z.enum(['full', 'metadata'], 'full or metadata'),
    whenUnset: 'full',
    description:
      'With metadata, no prompts, answers, arguments, results, log bodies or error texts are stored; approvals keep theirs while they wait.',
  },
  {
    name: 'SIGNALBOX_REDACTION_FILE',
    schema: z.string().min(1),
    whenUnset: 'the built-in rules',
    description: 'JSON file with redaction rules of your own and what not to redact (docs/redaction.md).',
  },
  {
    name: 'SIGNALBOX_LANGGRAPH_URLS',
    schema: z.string().transform((value, context) => {
      const urls = value.split(',').map((each) => each.trim().replace(/\/+$/, ''));
      const good = urls.every((each) => URL.canParse(each) && /^https?:$/.test(new URL(each).protocol));
      if (!good) context.addIssue('addresses of LangGraph servers like http://127.0.0.1:2024, separated by commas');
      return urls;
    }),
    whenUnset: 'none',
    description:
      'LangGraph servers whose threads can be approved, stopped and given tasks from here, separated by commas.',
  },
  {
    name: 'SIGNALBOX_AGUI_URLS',
    schema: aguiAgents,
    whenUnset: 'none',
    description:
      'Agents with an AG-UI endpoint whose runs can be started, approved and stopped from here, as name=url,name=url.',
    // An address may hold a password.
    secret: true,
  },
  {
    name: 'SIGNALBOX_AGUI_IDLE_SECONDS',
    schema: z
      .string()
      .regex(/^[1-9]\d{0,4}$/, 'a whole number of seconds, 1 or more')
      .transform(Number),
    whenUnset: '300',
    description: 'Seconds an AG-UI agent may say nothing in the middle of a run before its connection counts as lost.',
  },
  {
    name: 'OLLAMA_HOST',
    schema: z
      .string()
      .transform((value) => (value.includes('://') ? value : `http://${value}`))
      .refine((value) => URL.canParse(value), 'an address like http://127.0.0.1:11434'),
    whenUnset: 'http://127.0.0.1:11434',
    description: 'Ollama server behind the gateway.',
  },
  {
    name: 'SIGNALBOX_OLLAMA_GATEWAY_PORT',
    schema: port,
    whenUnset: 'no gateway',
    description:
      'Port of the Ollama gateway: agents that use it as their Ollama are seen from the first call and can be stopped; 0 takes any free one.',
  },
  {
    name: 'SIGNALBOX_PUBLIC_URL',
    schema: url(['http:', 'https:'], 'an address like https://grafana.example.com'),
    whenUnset: 'the console',
    description: "Where people open Signalbox, for links in messages: Grafana's root_url, or the console's address.",
  },
  {
    name: 'SIGNALBOX_WEBHOOK_URL',
    schema: url(['http:', 'https:'], 'an address like https://hooks.example.com/signalbox'),
    whenUnset: 'nobody is told',
    description: 'Where a message goes when an approval waits: words and a link. Needs SIGNALBOX_WEBHOOK_SECRET.',
    secret: true,
  },
  {
    name: 'SIGNALBOX_WEBHOOK_SECRET',
    schema: key,
    whenUnset: 'none',
    description: 'Key of the signature of those messages (header X-Signalbox-Signature).',
    secret: true,
  },
  {
    name: 'SIGNALBOX_RETENTION_DAYS',
    schema: z
      .string()
      .regex(/^[1-9]\d{0,4}$/, 'a whole number of days, 1 or more')
      .transform(Number),
    whenUnset: 'kept for ever',
    description: 'Days after which runs are deleted.',
  },
  {
    name: 'SIGNALBOX_RUN_LEASE_SECONDS',
    schema: z
      .string()
      .regex(/^[1-9]\d{0,6}$/, 'a whole number of seconds, 1 or more')
      .transform(Number),
    whenUnset: '1800',
    description:
      'Seconds without any telemetry after which a running run counts as lost; it comes back when it speaks again.',
  },
  {
    name: 'SIGNALBOX_LOG_LEVEL',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'debug, info, warn, error or silent'),
    whenUnset: 'warn',
    description: 'Least severe log lines written to standard error.',
  },
] as const satisfies readonly Setting[];
