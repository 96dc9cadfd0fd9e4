import type { Admission } from './consumer.ts';

/** Bytes of requests under way that may be in memory at once. */
const DEFAULT_BUDGET = 256 * 1024 * 1024;

/** A byte budget. One request is always let in, however large, or it could never be served. */
export function createAdmission(budget = DEFAULT_BUDGET): Admission {
  let used = 0;
  return {
    admit(bytes) {
      if (used > 0 && used + bytes > budget) return undefined;
      used += bytes;
      let open = true;
      return () => {
        if (open) used -= bytes;
        open = false;
      };
    },
  };
}
