import type { MayDecide, MayExtend } from '@signalbox/event-model';
import type { StoredApproval } from './control-store.ts';
import type { Policy } from './policy.ts';

const MINUTE_MS = 60_000;
/** Nobody waits longer, however often they are put off. */
const LONGEST_MS = 24 * 60 * MINUTE_MS;

/** The reason where the request is settled or its time is up. */
export const OVER = 'It is decided, or its time is up.';

/** Whether the end of a request can be put off by whoever may decide it. */
export function mayExtend(
  { extendMinutes: minutes }: Policy,
  { status, requestedAt, expiresAt }: StoredApproval,
  may: MayDecide,
): MayExtend {
  const no = (reason: string): MayExtend => ({ allowed: false, minutes, reason });
  if (status !== 'pending') return no(OVER);
  if (!may.allowed) return no(may.reason ?? 'You may not decide this.');
  if (minutes === 0) return no('The policy does not let requests be put off.');
  if (expiresAt === null) return no('It does not expire.');
  if (Date.parse(expiresAt) - Date.parse(requestedAt) >= LONGEST_MS)
    return no('It has waited for a day, the most there is.');
  return { allowed: true, minutes, reason: null };
}
