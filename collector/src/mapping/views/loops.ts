import type { SequenceLoop } from '@signalbox/event-model';

/** Messages in one round at the most. */
const LONGEST_ROUND = 16;

/**
 * Patterns that repeat one after the other, from left to right; of several at one place the one that covers most, of
 * those the shortest. Two messages that are alike are no pattern yet.
 */
export function findLoops(likenesses: readonly string[]): SequenceLoop[] {
  const loops: SequenceLoop[] = [];
  for (let from = 0; from < likenesses.length;) {
    const loop = bestAt(likenesses, from);
    if (loop === null) from++;
    else {
      loops.push(loop);
      from += loop.length * loop.times;
    }
  }
  return loops;
}

function bestAt(likenesses: readonly string[], from: number): SequenceLoop | null {
  let best: SequenceLoop | null = null;
  for (let length = 1; length <= LONGEST_ROUND && from + 2 * length <= likenesses.length; length++) {
    const times = roundsAt(likenesses, from, length);
    if (times < (length === 1 ? 3 : 2)) continue;
    if (best === null || length * times > best.length * best.times) best = { from, length, times };
  }
  return best;
}

function roundsAt(likenesses: readonly string[], from: number, length: number): number {
  let at = from + length;
  while (at < likenesses.length && likenesses[at] === likenesses[at - length]) at++;
  return Math.floor((at - from) / length);
}
