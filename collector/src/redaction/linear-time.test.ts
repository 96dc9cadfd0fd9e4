import { createRedactor } from './redactor.ts';
import { HOSTILE, manyOf } from './testing/hostile.ts';

const redactor = createRedactor({ hmacKey: 'test' });
const SMALL = 100_000;
const TIMES = 4;
/** Linear is 4 times the time for 4 times the text, quadratic 16. */
const MOST_GROWTH = 10;
/** Below this a clock measures the machine. */
const LEAST_MS = 4;
const TRIES = 5;

function leastMs(text: string): number {
  let least = Infinity;
  for (let run = 0; run < 3; run++) {
    const started = performance.now();
    redactor.text(text);
    least = Math.min(least, performance.now() - started);
  }
  return least;
}

// Other work on the machine makes single measurements grow, never all of them.
test.each(HOSTILE)('four times as much of %j takes about four times as long', (piece) => {
  const [small, large] = [manyOf(piece, SMALL), manyOf(piece, SMALL * TIMES)];

  let growth = Infinity;
  for (let at = 0; at < TRIES && growth >= MOST_GROWTH; at++)
    growth = Math.min(growth, leastMs(large) / Math.max(leastMs(small), LEAST_MS / TIMES));

  expect(growth).toBeLessThan(MOST_GROWTH);
});

test('of a text that is nothing but secrets, nothing is left and little is looked at', () => {
  const text = manyOf('password=hunter2 ', 1_000_000);

  expect(redactor.text(text)).toMatch(/^\[redacted:crowded:[0-9a-f]{8}\]$/);
});

test('secrets that only come to light one after the other do not stay', () => {
  const glued = `AKIA${'B'.repeat(16)}`.repeat(6);
  const endless = `AKIA${'B'.repeat(16)}`.repeat(60);

  expect(redactor.text(glued)).not.toContain('AKIAB');
  expect(redactor.text(endless)).not.toContain('AKIAB');
});
