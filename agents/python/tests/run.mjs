// The Python kit on its oldest and newest OpenTelemetry, against one real collector. Each row has a virtual
// environment of its own in a temporary folder. Ends with an exit code; without Python it says so and ends well.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startRealCollector } from '../../kit/test/real-collector.mjs';

/** The second collector wants a key from agents. */
const INGEST_KEY = 'ingest-key-of-the-kit-tests-0123456789';
/** Far more than a row needs; one that hangs must say what it was at. */
const ROW_LIMIT_MS = 120_000;
const OLDEST = '1.35.0';
const room = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const repository = path.resolve(room, '..', '..');
const collectorNode = path.join(repository, 'node_modules', '.bin', 'node');
const bench = process.argv.includes('--bench');

const newest = firstPython(['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10']);
const oldest = firstPython(['python3.9']) ?? newest;
if (!newest) {
  console.log('python kit: left out, there is no Python 3.9 or newer');
  process.exit(0);
}
if (!existsSync(collectorNode)) {
  console.error('python kit: install the repository first (npm ci in its root), the tests start its collector');
  process.exit(1);
}

const scratch = mkdtempSync(path.join(tmpdir(), 'signalbox-python-kit-'));
let failed = 0;
let collector;
let guarded;
let rows;
try {
  rows = [{ python: environment('newest', newest, ''), name: `newest OpenTelemetry on ${versionOf(newest)}` }];
  if (!bench) {
    rows.push({
      python: environment('oldest', oldest, OLDEST),
      name: `OpenTelemetry ${OLDEST} on ${versionOf(oldest)}`,
    });
  }
  collector = await startRealCollector(repository);
  guarded = await startRealCollector(repository, {
    DATABASE_URL: collector.database,
    SIGNALBOX_INGEST_KEYS: `kit:${INGEST_KEY}`,
  });
  // They mostly wait, so they wait side by side.
  await Promise.all(rows.map(runRow));
} finally {
  await guarded?.stop();
  await collector?.stop();
  rmSync(scratch, { recursive: true, force: true });
}
console.log(failed === 0 ? 'python kit: ok' : `python kit: ${failed} of the rows failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function runRow({ python, name }) {
  const args = bench ? ['bench/start_to_event.py'] : ['-m', 'unittest', 'discover', '-s', 'tests', '-v'];
  const child = spawn(python, args, {
    cwd: room,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      PYTHONDONTWRITEBYTECODE: '1',
      KIT_TEST_HTTP: collector.http,
      KIT_TEST_API: collector.api,
      KIT_TEST_READ_KEY: collector.readKey,
      KIT_TEST_PASSWORD: collector.password,
      KIT_TEST_DATABASE: collector.database,
      KIT_TEST_GUARDED: guarded.api,
      KIT_TEST_INGEST_KEY: INGEST_KEY,
      // Storms and measurements once; beside each other they would only measure each other.
      KIT_TEST_FULL: name === rows[0].name ? '1' : '',
      KIT_TEST_REPOSITORY: repository,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const limit = setTimeout(() => child.kill('SIGKILL'), ROW_LIMIT_MS);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(limit);
  console.log(`# ${name}\n${output}`);
  if (code !== 0) failed++;
}

/** A virtual environment with the kit and OpenTelemetry at a version, or the newest; answers its Python. */
function environment(name, python, version) {
  const folder = path.join(scratch, name);
  must(python, ['-m', 'venv', folder]);
  const own = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const pins = ['opentelemetry-sdk', 'opentelemetry-exporter-otlp-proto-http'].map((each) =>
    version === '' ? each : `${each}==${version}`,
  );
  must(own, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', room, ...pins]);
  return own;
}

function firstPython(names) {
  return names.find((name) => {
    const code = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))';
    return spawnSync(name, ['-c', code], { stdio: 'ignore' }).status === 0;
  });
}

function versionOf(python) {
  return spawnSync(python, ['--version'], { encoding: 'utf8' }).stdout.trim();
}

function must(command, args) {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`);
}
