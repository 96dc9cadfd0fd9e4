// Starts a real collector, as users do, on free ports and in a temporary folder of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';

const READ_KEY = 'read-key-of-the-kit-tests';
const ADMIN_PASSWORD = 'password-of-the-kit-tests';
const STOP_LIMIT_MS = 10_000;

/**
 * Resolves once it listens, with its addresses, the address of its database, and `stop()`. `more` are settings beside
 * the usual ones; with a `DATABASE_URL` among them it brings no database of its own.
 */
export async function startRealCollector(repository, more = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-kit-'));
  // The embedded database may run under another account, which must get in.
  chmodSync(folder, 0o755);
  const node = path.join(repository, 'node_modules', '.bin', 'node');
  const child = spawn(node, [path.join(repository, 'collector', 'src', 'main.ts'), '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      SIGNALBOX_OTLP_GRPC_PORT: '0',
      SIGNALBOX_OTLP_HTTP_PORT: '0',
      SIGNALBOX_API_PORT: '0',
      SIGNALBOX_DATA_DIR: folder,
      SIGNALBOX_READ_KEY: READ_KEY,
      SIGNALBOX_ADMIN_PASSWORD: ADMIN_PASSWORD,
      ...more,
    },
  });
  const ended = once(child, 'close');
  const stop = async () => {
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    if (child.exitCode === null) await ended;
    clearTimeout(kill);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { grpc, http, api } = await addressesOf(child);
    const database = more.DATABASE_URL ?? databaseUrl(folder);
    return { grpc, http, api, readKey: READ_KEY, password: ADMIN_PASSWORD, database, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function addressesOf(child) {
  let output = '';
  return new Promise((resolve, reject) => {
    const take = (chunk) => {
      output += chunk;
      const line = /^\{.*"http".*\}$/m.exec(output)?.[0];
      if (line) resolve(JSON.parse(line));
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('close', () => reject(new Error(`the collector did not start: ${output}`)));
  });
}

/** The embedded PostgreSQL writes its port and keeps its password in the data folder. */
function databaseUrl(folder) {
  const port = readFileSync(path.join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[3];
  const password = readFileSync(path.join(folder, 'postgres-password'), 'utf8').trim();
  return `postgresql://signalbox:${password}@127.0.0.1:${port}/postgres`;
}
