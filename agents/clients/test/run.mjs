// `npm test`: unmodified clients of real frameworks against one real collector, told by environment variables alone
// where it is. Installs what is missing by itself, ends with an exit code; without Python it says so and ends well.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startRealCollector } from '../../kit/test/real-collector.mjs';

/** Far more than all of them need; one that hangs must say what it was at. */
const LIMIT_MS = 180_000;
const clients = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const repository = path.resolve(clients, '..', '..');
const reference = path.resolve(clients, '..', 'reference');
const node = path.join(repository, 'node_modules', '.bin', 'node');
const environment = path.join(repository, 'node_modules', '.cache', 'signalbox-python-clients');

if (!existsSync(node)) {
  console.error('clients: install the repository first (npm ci in its root), the tests start its collector');
  process.exit(1);
}

let collector;
let code = 1;
try {
  const [python] = await Promise.all([installPython(), installPackages()]);
  collector = await startRealCollector(repository);
  code = await runTests(python);
} catch (error) {
  console.error(`clients: ${error.message}`);
} finally {
  await collector?.stop();
}
console.log(code === 0 ? 'clients: ok' : 'clients: failed');
process.exitCode = code === 0 ? 0 : 1;

async function runTests(python) {
  const tests = path.join(clients, 'test');
  const files = readdirSync(tests).filter((file) => file.endsWith('.test.mjs'));
  const args = ['--test', '--test-reporter=spec', ...files.map((file) => path.join(tests, file))];
  const child = spawn(node, args, {
    cwd: clients,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      CLIENT_TEST_GRPC: collector.grpc,
      CLIENT_TEST_HTTP: collector.http,
      CLIENT_TEST_API: collector.api,
      CLIENT_TEST_READ_KEY: collector.readKey,
      CLIENT_TEST_PYTHON: python ?? '',
    },
  });
  const [status] = await once(child, 'close');
  return status ?? 1;
}

/** The clients' packages, and those of the reference agent and of the kit it uses, which root scripts install too. */
async function installPackages() {
  for (const folder of [path.resolve(clients, '..', 'kit'), reference])
    if (!existsSync(path.join(folder, 'node_modules'))) await npmCi(folder);
  const lock = readFileSync(path.join(clients, 'package-lock.json'), 'utf8');
  const stamp = path.join(clients, 'node_modules', '.clients-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  await npmCi(clients);
  writeFileSync(stamp, lock);
}

function npmCi(folder) {
  return must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'], folder);
}

/** A virtual environment with the pinned packages, made anew when the pins change; answers its Python, if there is one. */
async function installPython() {
  const check = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';
  const python = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'].find(
    (name) => spawnSync(name, ['-c', check], { stdio: 'ignore' }).status === 0,
  );
  if (!python) {
    console.log('clients: those in Python are left out, there is no Python 3.10 or newer with venv');
    return undefined;
  }
  const pins = path.join(clients, 'python', 'requirements.txt');
  const wanted = `${spawnSync(python, ['--version'], { encoding: 'utf8' }).stdout}${readFileSync(pins, 'utf8')}`;
  const stamp = path.join(environment, '.clients-pins');
  const own = path.join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return own;
  rmSync(environment, { recursive: true, force: true });
  mkdirSync(path.dirname(environment), { recursive: true });
  await must(python, ['-m', 'venv', environment], clients);
  await must(own, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', pins], clients);
  writeFileSync(stamp, wanted);
  return own;
}

async function must(command, args, cwd) {
  const shell = process.platform === 'win32' && command === 'npm';
  const [status] = await once(spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], shell }), 'close');
  if (status !== 0) throw new Error(`${path.basename(command)} ${args.slice(0, 3).join(' ')} failed`);
}
