// Serves the reference agent. With OLLAMA_HOST it thinks with a real model, else with a scripted one.
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startScriptedOllama } from './scripted-ollama.ts';
import { serve } from './serve.ts';
import { startTelemetry } from './telemetry.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '2024' },
    /** Milliseconds the scripted model takes for an answer. */
    think: { type: 'string', default: '800' },
    /** Starts a run every so many seconds, one at a time. */
    every: { type: 'string' },
    /** Ends when standard input ends. */
    'with-parent': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});

if (values.help) {
  console.log(`The reference agent: planner, coder, tools, validator on LangGraph.js and Ollama.

  node src/main.ts [--port 2024] [--think 800] [--every 60]

  OLLAMA_HOST, OLLAMA_MODEL      a real model; a scripted one answers without
  OTEL_EXPORTER_OTLP_ENDPOINT    where telemetry goes (http://localhost:4318)`);
  process.exit(0);
}

const signalbox = startTelemetry();
const ollama = process.env['OLLAMA_HOST'] === undefined ? await startScriptedOllama(Number(values.think)) : undefined;
if (ollama) process.env['OLLAMA_HOST'] = ollama.url;
const served = await serve(mkdtempSync(path.join(os.tmpdir(), 'reference-agent-')), Number(values.port));
console.log(JSON.stringify({ url: served.url, ollama: process.env['OLLAMA_HOST'] }));
if (values.every !== undefined) {
  const { runAgain } = await import('./run-again.ts');
  void runAgain(served.url, Number(values.every) * 1000);
}

async function stop(): Promise<void> {
  await Promise.allSettled([served.stop(), ollama?.stop(), signalbox.shutdown()]);
  process.exit(0);
}
if (values['with-parent']) process.stdin.once('end', () => process.exit(0)).resume();
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
