import { setTimeout as wait } from 'node:timers/promises';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/** Tries again and again until it succeeds or the signal ends it; failures are told once. Answers whether it succeeded. */
export async function untilDone(
  { signal, report }: { signal: AbortSignal; report: (error: unknown) => void },
  work: () => Promise<unknown>,
): Promise<boolean> {
  for (let ms = FIRST_WAIT_MS, isFirst = true; ; ms = Math.min(ms * 2, LONGEST_WAIT_MS), isFirst = false) {
    try {
      await work();
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      if (isFirst) report(error);
      await wait(ms, undefined, { signal }).catch(() => undefined);
    }
  }
}
