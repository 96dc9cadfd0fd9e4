// Runs before the npm scripts, on whatever Node the machine has: installs what is missing, builds what changed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const stamps = path.join(root, 'node_modules', '.cache', 'signalbox');

const [major] = process.versions.node.split('.').map(Number);
if (major < 20)
  fail(`Node ${process.versions.node} is too old: Signalbox needs Node 20 or newer. See https://nodejs.org/.`);

install();
const flags = new Set(process.argv.slice(2));
if (flags.has('--plugin')) buildPlugin();
if (flags.has('--tests')) installSecondHost();
if (flags.has('--agents')) installReferenceAgent();

function install() {
  const wanted = hash(['package-lock.json', 'package.json', ...workspaceManifests()]);
  if (stampIs('install', wanted) && existsSync(path.join(root, 'node_modules', '.bin', 'node'))) return;
  say('Installing packages (first time only, about a minute)…');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], root);
  stamp('install', wanted);
}

function buildPlugin() {
  const plugin = path.join(root, 'grafana-plugin');
  if (!existsSync(path.join(plugin, 'build', 'build.ts'))) return;
  const wanted = hash([
    'package-lock.json',
    ...filesBelow('grafana-plugin/src'),
    ...filesBelow('grafana-plugin/host').filter((file) => !file.includes('react19')),
    ...filesBelow('grafana-plugin/build'),
    ...filesBelow('collector/event-model/src'),
  ]);
  const built = ['dist/module.js', 'dist-host/index.html'].every((file) => existsSync(path.join(plugin, file)));
  if (built && stampIs('plugin', wanted)) return;
  say('Building the Grafana plugin and the console…');
  run('npm', ['run', '--silent', 'build', '-w', 'grafana-plugin'], root);
  stamp('plugin', wanted);
}

/** The browser tests also run on the newest Grafana packages with React 19, which only tests need. */
function installSecondHost() {
  const host = path.join(root, 'grafana-plugin', 'host', 'react19');
  if (!existsSync(path.join(host, 'package-lock.json'))) return;
  const wanted = hash(['grafana-plugin/host/react19/package-lock.json']);
  if (stampIs('react19', wanted) && existsSync(path.join(host, 'node_modules'))) return;
  say('Installing the second test host (React 19)…');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'], host);
  stamp('react19', wanted);
}

/** The agent of the demo and of the control tests; it takes its telemetry from the kit beside it. */
function installReferenceAgent() {
  for (const [name, folder] of [
    ['kit', path.join(root, 'agents', 'kit')],
    ['reference', path.join(root, 'agents', 'reference')],
  ]) {
    const wanted = hash([`agents/${name}/package-lock.json`]);
    if (stampIs(`agent-${name}`, wanted) && existsSync(path.join(folder, 'node_modules'))) continue;
    if (name === 'reference') say('Installing the reference agent (first time only)…');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'], folder);
    stamp(`agent-${name}`, wanted);
  }
}

function workspaceManifests() {
  return ['collector', 'collector/event-model', 'grafana-plugin'].map((name) => `${name}/package.json`);
}

function filesBelow(folder) {
  const top = path.join(root, folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((name) => !name.includes('node_modules') && statSync(path.join(root, name)).isFile())
    .sort();
}

function hash(files) {
  const sum = createHash('sha256').update(process.platform + process.arch);
  for (const file of files) sum.update(file).update(readFileSync(path.join(root, file)));
  return sum.digest('hex');
}

function stampIs(name, wanted) {
  const file = path.join(stamps, name);
  return existsSync(file) && readFileSync(file, 'utf8') === wanted;
}

function stamp(name, value) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(path.join(stamps, name), value);
}

function run(command, args, cwd) {
  try {
    execFileSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
  } catch {
    rmSync(path.join(stamps, 'install'), { force: true });
    fail(`\`${command} ${args.join(' ')}\` failed in ${path.relative(root, cwd) || '.'}; its output above says why.`);
  }
}

function say(text) {
  process.stderr.write(`signalbox: ${text}\n`);
}

function fail(text) {
  process.stderr.write(`signalbox: ${text}\n`);
  process.exit(1);
}
