// `npm test`: every check of the project, one after the other, and one closing line that counts them.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const bin = (name: string): string => path.join(root, 'node_modules', '.bin', name);
const scratch = mkdtempSync(path.join(tmpdir(), 'signalbox-checks-'));
/** Tests that leave something open keep Jest from ending; that is a failure, not a reason to wait for ever. */
const JEST_LIMIT_MS = 20 * 60_000;
let passed = 0;
let failed = 0;

interface Check {
  name: string;
  command: string;
  args: string[];
}

const checks: Check[] = [
  { name: 'types', command: process.execPath, args: ['node_modules/typescript-native/bin/tsc', '-b'] },
  {
    name: 'types of the reference agent',
    command: process.execPath,
    args: ['agents/reference/node_modules/typescript/bin/tsc', '-p', 'agents/reference/tsconfig.json'],
  },
  { name: 'lint', command: bin('eslint'), args: ['.', '--max-warnings', '0'] },
  { name: 'format', command: bin('prettier'), args: ['--check', '--log-level', 'warn', '.'] },
];

/** Kits and clients of others install what they need beside the root's packages; each has a collector of its own. */
const kits: Check[] = [
  { name: 'kit for TypeScript agents', command: process.execPath, args: ['agents/kit/test/run.mjs'] },
  { name: 'kit for Python agents', command: process.execPath, args: ['agents/python/tests/run.mjs'] },
  { name: 'clients of other frameworks', command: process.execPath, args: ['agents/clients/test/run.mjs'] },
];

try {
  // Installing and waiting is most of what the kits do, reckoning most of what the checks do.
  await Promise.all([runAll(checks), runAll(kits)]);
  runJest(process.argv.slice(2));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function runAll(some: readonly Check[]): Promise<void> {
  for (const check of some) await run(check);
}

async function run({ name, command, args }: Check): Promise<void> {
  const started = Date.now();
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
  const [status] = (await once(child, 'exit')) as [number | null];
  const ok = status === 0;
  console.log(`${ok ? 'ok' : 'FAILED'}: ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (ok) passed++;
  else failed++;
}

function runJest(args: string[]): void {
  const report = path.join(scratch, 'jest.json');
  const { status } = spawnSync(bin('jest'), ['--json', `--outputFile=${report}`, ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: JEST_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const counts = readReport(report);
  passed += counts.numPassedTests;
  failed += counts.numFailedTests + counts.numRuntimeErrorTestSuites;
  if (status !== 0 && counts.numFailedTests + counts.numRuntimeErrorTestSuites === 0) failed++;
}

function readReport(file: string): {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
} {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof readReport>;
  } catch {
    return { numPassedTests: 0, numFailedTests: 1, numRuntimeErrorTestSuites: 0 };
  }
}
