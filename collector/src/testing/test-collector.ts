import { startCollector, urlOf, type Collector } from '../compose.ts';
import { readEnvironment } from '../config/read-environment.ts';

/** Keys of every test collector. */
export const READ_KEY = 'read-key-of-the-tests';

/** A collector on free ports. */
export interface TestCollector {
  grpc: string;
  http: string;
  api: string;
  signInLink: string;
  /** Address of the Ollama gateway; empty when there is none. */
  ollama: string;
  stop(): Promise<void>;
  /** GET with the read key; answers parsed JSON. */
  get<T>(path: string): Promise<T>;
  /** POSTs OTLP/JSON and demands success. */
  send(path: string, body: unknown): Promise<void>;
}

/** Starts a collector on a database with the settings of its own plus `environment`. */
export async function startTestCollector(
  databaseUrl: string,
  environment: Record<string, string> = {},
): Promise<TestCollector> {
  const config = readEnvironment({
    DATABASE_URL: databaseUrl,
    SIGNALBOX_OTLP_GRPC_PORT: '0',
    SIGNALBOX_OTLP_HTTP_PORT: '0',
    SIGNALBOX_API_PORT: '0',
    SIGNALBOX_READ_KEY: READ_KEY,
    SIGNALBOX_LOG_LEVEL: 'silent',
    ...environment,
  });
  const collector: Collector = await startCollector(config, { version: 'test', demo: false, say: () => undefined });
  const { addresses } = collector;
  const [grpc, http, api] = [urlOf(addresses.grpc), urlOf(addresses.http), urlOf(addresses.api)];
  return {
    grpc,
    http,
    api,
    signInLink: addresses.signInLink,
    ollama: addresses.ollama === undefined ? '' : urlOf(addresses.ollama),
    stop: () => collector.stop(Date.now() + 2000),
    async get<T>(path: string) {
      const answer = await fetch(`${api}${path}`, { headers: { authorization: `Bearer ${READ_KEY}` } });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    async send(path, body) {
      const answer = await fetch(`${http}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    },
  };
}
