import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createRedactor } from '../src/redaction/redactor.ts';
import { CONTEXTS, everyReading } from '../src/redaction/testing/contexts.ts';
import { HOSTILE, manyOf } from '../src/redaction/testing/hostile.ts';
import { makeEmails, makePersonalNumbers, makeSecrets } from '../src/redaction/testing/secrets.ts';
import { TOKEN_FORMATS } from '../src/redaction/token-rules.ts';
import { median, type Figure } from './figures.ts';

const ROUNDS = 5;
const SEEDS = 10;
const CLEAN_BYTES = 12_000_000;
const RECORD = 8000;
const AT_ONCE = 5;
const MEGABYTE = 1_000_000;
const ROOT = path.join(import.meta.dirname, '..', '..');
/** Recall, false hits, speed and the worst case of redaction; the yardstick runs each token's regex over the text. */
export function benchRedaction(): Figure[] {
  const redactor = createRedactor({ hmacKey: 'bench' });
  const eachRegex = plainRegexes();
  const ours = (text: string): string => redactor.text(text);
  const records = cleanRecords();
  const chars = records.reduce((sum, { length }) => sum + length, 0);
  const [speed, plainSpeed] = inTurn([ours, eachRegex], records).map((seconds) => chars / MEGABYTE / seconds);
  const counting = createRedactor();
  for (const record of records) counting.text(record);
  const { email = 0, ...others } = counting.counts();
  const hits = Object.values(others).reduce((sum, count) => sum + count, 0);
  const megabytes = chars / MEGABYTE;
  const plain = manyOf('the quick brown fox jumps over the lazy dog ', MEGABYTE);
  const worst = HOSTILE.map((piece) => ({
    piece,
    ms: msOf(ours, manyOf(piece, MEGABYTE)),
  })).reduce((one, other) => (one.ms > other.ms ? one : other));
  const figure = (name: string, unit: string, note: string, values: [number, number | undefined]): Figure => {
    return { name, ours: values[0], yardstick: values[1], unit, note };
  };
  return [
    figure('redaction speed', 'MB/s', 'code and docs, all normalisers; yardstick: each regex over the text', [
      speed ?? 0,
      plainSpeed,
    ]),
    figure(
      'redaction recall',
      '%',
      `${CONTEXTS.length} contexts, numbers of people too, which are not found glued to a word; yardstick: each regex`,
      [recall(ours), recall(eachRegex)],
    ),
    figure(
      'redaction hits',
      'per MB',
      `code and docs of the installed packages, their sample passwords included; besides ${(email / megabytes).toFixed(1)} per MB addresses of authors`,
      [hits / megabytes, undefined],
    ),
    figure(
      'redaction worst case',
      'ms',
      `1 MB of ${JSON.stringify(worst.piece)}, the slowest; yardstick: 1 MB of prose`,
      [worst.ms, msOf(ours, plain)],
    ),
  ];
}

function plainRegexes(): (text: string) => string {
  const patterns = TOKEN_FORMATS.map(({ pattern }) => new RegExp(pattern.source, 'g'));
  return (text) => patterns.reduce((clean, pattern) => clean.replace(pattern, '[redacted:x:00000000]'), text);
}

/** Per cent of made-up secrets of which no reading shows the end any more. */
function recall(redact: (text: string) => string): number {
  const seeds = Array.from({ length: SEEDS }, (_, seed) => (seed + 1) * 7919);
  const secrets = seeds
    .flatMap((seed) => [...makeSecrets(seed), ...makePersonalNumbers(seed)])
    .map(([, secret]) => ({ secret, end: secret.slice(-12) }));
  // Of an address the name goes and the host stays.
  const addresses = seeds
    .flatMap(makeEmails)
    .map(([, secret]) => ({ secret, end: secret.slice(0, secret.indexOf('@')) }));
  const shown = [...secrets, ...addresses].flatMap(({ secret, end }) =>
    CONTEXTS.map(([, wrap]) => everyReading(redact(wrap(secret))).includes(end)),
  );
  return (shown.filter((isShown) => !isShown).length / shown.length) * 100;
}

/** Median seconds of processor time of each over all texts, rounds taking turns. Other work on the machine does not count. */
function inTurn(redacts: readonly ((text: string) => string)[], texts: readonly string[]): number[] {
  const seconds = redacts.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round++) {
    redacts.forEach((redact, at) => {
      const before = process.threadCpuUsage();
      for (const text of texts) redact(text);
      const { user, system } = process.threadCpuUsage(before);
      // The first round warms the compiler.
      if (round > 0) seconds[at]?.push((user + system) / 1e6);
    });
  }
  return seconds.map(median);
}

/** Milliseconds for one text. The clock of the processor ticks every 4 ms, so several are timed together. */
function msOf(redact: (text: string) => string, text: string): number {
  return (
    (median(
      inTurn(
        [redact],
        Array.from({ length: AT_ONCE }, () => text),
      ),
    ) /
      AT_ONCE) *
    1000
  );
}

/** Text that is there on every machine: code, documents and the lock file. */
function cleanRecords(): string[] {
  const records: string[] = [];
  let bytes = 0;
  const take = (file: string): void => {
    const text = readFileSync(file, 'utf8');
    bytes += text.length;
    for (let at = 0; at < text.length; at += RECORD) records.push(text.slice(at, at + RECORD));
  };
  take(path.join(ROOT, 'package-lock.json'));
  const packages = path.join(ROOT, 'node_modules');
  for (const name of readdirSync(packages)) {
    if (bytes > CLEAN_BYTES || name.startsWith('.') || name.startsWith('@')) continue;
    for (const entry of readdirSync(path.join(packages, name), { withFileTypes: true })) {
      if (entry.isFile() && /\.(?:js|mjs|ts|md|json)$/.test(entry.name)) take(path.join(entry.parentPath, entry.name));
    }
  }
  return records;
}
