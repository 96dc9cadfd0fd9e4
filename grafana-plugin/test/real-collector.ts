import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { packageFolder } from '../build/paths.ts';

/** Key with which the tests read the collector. */
export const READ_KEY = 'read-key-of-the-tests';
/** The administrator's password. */
export const PASSWORD = 'a password for the tests';

/** A collector as users start it, with an embedded database of its own. */
export interface RealCollector {
  api: string;
  http: string;
  signInLink: string;
  /** Ends it at once, as a crash would, and starts it again on the same ports and data. */
  crashAndRestart: () => Promise<void>;
  stop: () => Promise<void>;
}

interface Addresses {
  api: string;
  http: string;
  signInLink: string;
}

/** Starts a collector in a process of its own, with settings beside those of every test. */
export async function startRealCollector(settings: Record<string, string> = {}): Promise<RealCollector> {
  const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-console-'));
  // Root lends the database to another account, which must be able to enter.
  chmodSync(folder, 0o755);
  let ports: Record<string, string> = { API: '0', OTLP_HTTP: '0', OTLP_GRPC: '0' };
  let { child, addresses } = await launch(folder, ports, settings);
  ports = { API: new URL(addresses.api).port, OTLP_HTTP: new URL(addresses.http).port, OTLP_GRPC: '0' };
  return {
    ...addresses,
    async crashAndRestart() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      ({ child, addresses } = await launch(folder, ports, settings));
    },
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launch(folder: string, ports: Record<string, string>, settings: Record<string, string>) {
  const main = path.join(packageFolder, '..', 'collector', 'src', 'main.ts');
  const child = spawn(process.execPath, [main, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH ?? '',
      SIGNALBOX_DATA_DIR: folder,
      SIGNALBOX_READ_KEY: READ_KEY,
      SIGNALBOX_ADMIN_PASSWORD: PASSWORD,
      SIGNALBOX_LOG_LEVEL: 'silent',
      ...settings,
      ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [`SIGNALBOX_${name}_PORT`, port])),
    },
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, addresses: JSON.parse(line) as Addresses };
}
