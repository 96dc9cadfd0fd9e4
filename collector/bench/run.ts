// `npm run bench`: each figure beside its yardstick of the same run. `npm run bench -- decode` runs one of them.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../src/store/embedded-postgres.ts';
import { startBenchCollector } from './bench-collector.ts';
import { benchCommands } from './commands.ts';
import { benchDecisions } from './decisions.ts';
import { benchDecode } from './decode.ts';
import { describe, type Figure } from './figures.ts';
import { benchLatency } from './latency.ts';
import { benchRedaction } from './redaction.ts';
import { benchThroughput } from './throughput.ts';

const chosen = process.argv.slice(2);
const wants = (name: string): boolean => chosen.length === 0 || chosen.includes(name);

if (wants('decode')) report(benchDecode());
if (wants('redaction')) report(benchRedaction());
if (['latency', 'throughput', 'decisions', 'commands'].some(wants)) await benchWholePath();

async function benchWholePath(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-bench-'));
  chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres(folder, () => undefined);
  const collector = await startBenchCollector(postgres.url);
  try {
    if (wants('latency')) report(await benchLatency(collector));
    if (wants('throughput')) report(await benchThroughput(collector, postgres));
    if (wants('decisions')) report(await benchDecisions(postgres.url));
    if (wants('commands')) report(await benchCommands(collector, postgres.url));
  } finally {
    await collector.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(figures: readonly Figure[]): void {
  for (const figure of figures) console.log(describe(figure));
}
