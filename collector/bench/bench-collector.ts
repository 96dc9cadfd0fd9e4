import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** Key for reading the benchmark's collector. */
export const BENCH_KEY = 'read-key-of-the-benchmark';
/** Password of its console. */
export const BENCH_PASSWORD = 'password-of-the-benchmark';

/** A collector in a process of its own, on a scratch database. */
export interface BenchCollector {
  http: string;
  api: string;
  stop(): Promise<void>;
}

const AS_USERS_DO = path.join(import.meta.dirname, '..', 'src', 'main.ts');
/** Starts a collector that stores everything as it came. */
export const WITHOUT_REDACTION = path.join(import.meta.dirname, 'without-redaction.ts');

/** Starts a collector on the given database, as users do unless told otherwise. */
export async function startBenchCollector(databaseUrl: string, main = AS_USERS_DO): Promise<BenchCollector> {
  const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-bench-'));
  // Root lends the database to another account, which must be able to enter.
  chmodSync(folder, 0o755);
  const child = spawn(process.execPath, [main, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      SIGNALBOX_DATA_DIR: folder,
      SIGNALBOX_OTLP_GRPC_PORT: '0',
      SIGNALBOX_OTLP_HTTP_PORT: '0',
      SIGNALBOX_API_PORT: '0',
      SIGNALBOX_READ_KEY: BENCH_KEY,
      SIGNALBOX_ADMIN_PASSWORD: BENCH_PASSWORD,
    },
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { http, api } = JSON.parse(line) as { http: string; api: string };
  return {
    http,
    api,
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
