// A collector that redacts nothing, to measure what redaction costs. The product cannot be started this way.
import { startCollector, urlOf } from '../src/compose.ts';
import { processEnvironment, readEnvironment } from '../src/config/read-environment.ts';
import type { Redactor } from '../src/redaction/redactor.ts';

const STOP_LIMIT_MS = 4500;

const untouched: Redactor = {
  text: (value) => value,
  value: (value) => value,
  batch: (batch) => batch,
  stream: { find: () => [], openEnd: () => undefined, mark: (_rule, secret) => secret, text: (value) => value },
  counts: () => ({}),
};

const collector = await startCollector(readEnvironment(processEnvironment()), {
  version: 'bench',
  demo: false,
  say: () => undefined,
  redactor: untouched,
});
const { addresses } = collector;
process.once('SIGTERM', () => void collector.stop(Date.now() + STOP_LIMIT_MS).finally(() => process.exit()));
console.log(JSON.stringify({ http: urlOf(addresses.http), api: urlOf(addresses.api) }));
