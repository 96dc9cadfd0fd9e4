// `npm test`: the kit on each supported line of OpenTelemetry and of Node, against one real collector.
// `npm run bench`: the start-to-frame benchmark instead. `--install`: only installs what the checks of the repository
// need to see. Installs what is missing by itself, ends with an exit code.
import { spawnSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startRealCollector } from './real-collector.mjs';

const kit = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const repository = path.resolve(kit, '..', '..');
const matrix = path.join(kit, 'test', 'matrix');
const collectorNode = path.join(repository, 'node_modules', '.bin', 'node');
const bench = process.argv.includes('--bench');
/** Far more than a row needs; one that hangs must say what it was at. */
const ROW_LIMIT_MS = 75_000;
/** The second collector wants a key from agents. */
const INGEST_KEY = 'ingest-key-of-the-kit-tests-0123456789';

if (!existsSync(collectorNode)) {
  console.error('kit: install the repository first (npm ci in its root), the tests start its collector');
  process.exit(1);
}

let failed = 0;
install(kit);
if (process.argv.includes('--install')) process.exit(0);
tsc('tsconfig.build.json');
checkPackage();
const compiled = compileTests();
const rows = [{ name: 'OpenTelemetry 2.x, newest Node', packages: kit, node: collectorNode }];
install(path.join(matrix, 'sdk-3'));
rows.push({ name: 'OpenTelemetry 3.x, newest Node', packages: path.join(matrix, 'sdk-3'), node: collectorNode });
const oldNode = bench ? undefined : node18();
if (oldNode) rows.push({ name: 'OpenTelemetry 2.x, Node 18', packages: kit, node: oldNode });

const collector = await startRealCollector(repository);
const guarded = await startRealCollector(repository, {
  DATABASE_URL: collector.database,
  SIGNALBOX_INGEST_KEYS: `kit:${INGEST_KEY}`,
});
try {
  // They mostly wait, so they wait side by side; measurements do not.
  if (bench) for (const row of rows) await runRow(row);
  else await Promise.all(rows.map(runRow));
} finally {
  await guarded.stop();
  await collector.stop();
}
console.log(failed === 0 ? 'kit: ok' : `kit: ${failed} of the rows failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Copies the compiled kit beside the packages of the row, so that they are what its imports find. */
async function runRow({ name, packages, node }) {
  // Of its own: rows run side by side, and two of them use the same packages.
  const place = path.join(packages, 'node_modules', `.kit-tests-${rows.findIndex((row) => row.name === name)}`);
  rmSync(place, { recursive: true, force: true });
  cpSync(compiled, place, { recursive: true });
  writeFileSync(path.join(place, 'package.json'), '{"type":"module"}');
  const files = readdirSync(path.join(place, 'test')).filter((file) => file.endsWith('.test.js'));
  const args = bench
    ? [path.join(place, 'bench', 'start-to-frame.js')]
    : ['--test', '--test-reporter=spec', ...files.map((file) => path.join(place, 'test', file))];
  const child = spawn(node, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
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

function compileTests() {
  const place = path.join(kit, 'node_modules', '.cache', 'kit-tests');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  tsc('tsconfig.json', '--noEmit', 'false', '--rootDir', '.', '--outDir', place);
  return place;
}

/** What users import must be what `exports` promises. */
function checkPackage() {
  const script =
    "await import('@signalbox/kit'); await import('@signalbox/kit/events'); await import('@signalbox/kit/pending'); await import('@signalbox/kit/control')";
  must(collectorNode, ['--input-type=module', '--eval', script], kit);
}

function tsc(project, ...more) {
  must(collectorNode, [path.join(kit, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project, ...more], kit);
}

/** Node 18 as an npm package; undefined on machines it is not built for. */
function node18() {
  const folder = path.join(matrix, 'node-18');
  install(folder);
  const modules = path.join(folder, 'node_modules');
  if (!existsSync(modules)) return undefined;
  return readdirSync(modules)
    .filter((name) => name.startsWith('node-'))
    .flatMap((name) => [path.join(modules, name, 'bin', 'node'), path.join(modules, name, 'bin', 'node.exe')])
    .find(existsSync);
}

/** `npm ci` when the lockfile changed since the last time. */
function install(folder) {
  const lock = readFileSync(path.join(folder, 'package-lock.json'), 'utf8');
  const stamp = path.join(folder, 'node_modules', '.kit-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'], folder);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, lock);
}

function must(command, args, cwd) {
  const { status } = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (status !== 0) {
    console.error(`kit: ${path.basename(command)} ${args[0]} failed in ${path.relative(repository, cwd) || '.'}`);
    process.exit(1);
  }
}
