#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startCollector, urlOf, type Addresses, type Collector } from './compose.ts';
import type { Config } from './config/config.ts';
import { runRemap } from './cli/remap.ts';
import { verifyAudit } from './cli/verify-audit.ts';
import { helpText } from './config/help.ts';
import { processEnvironment, readEnvironment } from './config/read-environment.ts';
import { StartError } from './lifecycle/start-error.ts';

const STOP_LIMIT_MS = 4500;
const OPTIONS = {
  demo: { type: 'boolean' },
  json: { type: 'boolean' },
  'check-config': { type: 'boolean' },
  version: { type: 'boolean' },
  since: { type: 'string' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Flags = ReturnType<typeof readArguments>['flags'];

/** What the collector can do besides running; each ends the process with 0 or 1. */
const COMMANDS: Record<string, (config: Config, flags: Flags) => Promise<boolean>> = {
  'audit verify': (config) => verifyAudit(config, print, say),
  remap: (config, flags) => runRemap(config, { since: flags.since, dryRun: flags['dry-run'] === true }, { print, say }),
};

const { version } = JSON.parse(readFileSync(path.join(import.meta.dirname, '..', 'package.json'), 'utf8')) as {
  version: string;
};

try {
  await main();
} catch (error) {
  const known = error instanceof StartError;
  process.stderr.write(
    `signalbox: ${known ? error.message : `could not start: ${error instanceof Error ? error.message : String(error)}`}\n`,
  );
  process.exit(1);
}

async function main(): Promise<void> {
  const { flags, command } = readArguments();
  if (flags.help) return void process.stdout.write(helpText(version));
  if (flags.version) return void process.stdout.write(`${version}\n`);
  const config = readEnvironment(processEnvironment());
  if (flags['check-config']) return void process.stdout.write('The settings are good.\n');
  if (command !== '') return runCommand(command, config, flags);
  const starting = startCollector(config, {
    version,
    demo: flags.demo === true,
    say,
  });
  stopOnSignals(starting);
  const { addresses } = await starting;
  process.stdout.write(
    flags.json ? `${jsonLine(addresses)}\n` : welcome(addresses, config.ingestKeys.length > 0, flags.demo === true),
  );
}

async function runCommand(command: string, config: Config, flags: Flags): Promise<void> {
  process.exitCode = (await COMMANDS[command]?.(config, flags)) === true ? 0 : 1;
}

function readArguments() {
  try {
    const { values: flags, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
    const command = positionals.join(' ');
    if (command !== '' && !Object.hasOwn(COMMANDS, command)) throw new Error(`Unknown command '${command}'`);
    return { flags, command };
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message.split('. ')[0] : 'bad option'}. See --help.`);
  }
}

function say(text: string): void {
  process.stderr.write(`signalbox: ${text}\n`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The first signal drains and stops; a second one, or a drain that hangs, ends at once. */
function stopOnSignals(starting: Promise<Collector>): void {
  let asked = false;
  const stop = (status: number): void => {
    if (asked) process.exit(status === 0 ? 130 : status);
    asked = true;
    const deadline = Date.now() + STOP_LIMIT_MS;
    setTimeout(() => process.exit(status === 0 ? 1 : status), STOP_LIMIT_MS + 300).unref();
    starting
      .then((collector) => collector.stop(deadline - 1500))
      .then(() => process.exit(status))
      .catch(() => process.exit(1));
  };
  process.on('SIGINT', () => stop(0));
  process.on('SIGTERM', () => stop(0));
  const crash = (error: unknown): void => {
    process.stderr.write(
      `signalbox: stopping after an internal error: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    stop(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}

function jsonLine(addresses: Addresses): string {
  const { grpc, http, api, ollama, signInLink } = addresses;
  const gateway = ollama === undefined ? {} : { ollama: urlOf(ollama) };
  return JSON.stringify({ version, grpc: urlOf(grpc), http: urlOf(http), api: urlOf(api), ...gateway, signInLink });
}

function welcome(addresses: Addresses, needsKey: boolean, demo: boolean): string {
  const header = needsKey
    ? "    export OTEL_EXPORTER_OTLP_HEADERS='authorization=Bearer <one of SIGNALBOX_INGEST_KEYS>'\n"
    : '';
  return `
Signalbox ${version}${demo ? '   DEMO: playing recorded agent runs' : ''}

  Console     ${addresses.signInLink}
              (opens once; afterwards ${urlOf(addresses.api)}/)
  OTLP gRPC   ${urlOf(addresses.grpc)}
  OTLP HTTP   ${urlOf(addresses.http)}${addresses.ollama ? `\n  Ollama      ${urlOf(addresses.ollama)}/w/<workflow>` : ''}

  For an agent:
    export OTEL_EXPORTER_OTLP_ENDPOINT=${urlOf(addresses.http)}
    export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
    export OTEL_BSP_SCHEDULE_DELAY=200
${header}
  Ctrl-C stops.
`;
}
