/**
 * Milliseconds to wait before the given attempt (counted from 1): exponential up to 15 s with full jitter, because a
 * restarted server drops all its readers at once.
 */
export function backoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(15_000, 500 * 2 ** Math.min(attempt - 1, 10));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}
