import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const MAIN = path.join(import.meta.dirname, '..', 'main.ts');

/** The collector as users start it, in a process of its own. */
export interface CollectorProcess {
  child: ChildProcess;
  /** Everything written to standard output and standard error so far. */
  output: () => string;
  /** Resolves with the addresses once it is up; rejects with the output if it ends first. */
  up: Promise<{ grpc: string; http: string; api: string; signInLink: string }>;
  /** Resolves with the exit code. */
  ended: Promise<number | null>;
}

/** Starts `main.ts --json` with the given settings on free ports. */
export function startCollectorProcess(
  environment: Record<string, string>,
  args: string[] = ['--json'],
): CollectorProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      SIGNALBOX_OTLP_GRPC_PORT: '0',
      SIGNALBOX_OTLP_HTTP_PORT: '0',
      SIGNALBOX_API_PORT: '0',
      ...environment,
    },
  });
  let output = '';
  const ended = once(child, 'close').then(() => child.exitCode);
  const up = new Promise<Awaited<CollectorProcess['up']>>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
      const line = /^\{.*\}$/m.exec(output)?.[0];
      if (line) resolve(JSON.parse(line) as Awaited<CollectorProcess['up']>);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    void ended.then(() => reject(new Error(`the collector ended: ${output}`)));
  });
  up.catch(() => undefined);
  return { child, output: () => output, up, ended };
}
