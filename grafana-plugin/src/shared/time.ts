/** Milliseconds since the epoch of an RFC 3339 time, with the fraction kept down to the nanosecond's float precision. */
export function timeToMs(time: string): number {
  const dot = time.indexOf('.');
  if (dot < 0) return Date.parse(time);
  const zone = time.endsWith('Z') ? 'Z' : '';
  const fraction = time.slice(dot + 1, zone ? -1 : undefined);
  return Date.parse(`${time.slice(0, dot)}${zone}`) + Number(`0.${fraction}`) * 1000;
}

/** Milliseconds between two times; null while the second is not known. */
export function durationMs(startedAt: string, endedAt: string | null): number | null {
  if (endedAt === null) return null;
  return Math.max(0, timeToMs(endedAt) - timeToMs(startedAt));
}

/** A duration in the two largest units that matter, split so that the units can be translated. */
export type DurationParts =
  | { unit: 'ms'; value: string }
  | { unit: 's'; value: string }
  | { unit: 'm'; minutes: number; seconds: number }
  | { unit: 'h'; hours: number; minutes: number };

/** Splits milliseconds for display: `0.4 ms`, `820 ms`, `4.4 s`, `1 m 07 s`, `2 h 05 m`. */
export function splitDuration(milliseconds: number): DurationParts {
  if (milliseconds < 1) return { unit: 'ms', value: milliseconds.toFixed(milliseconds === 0 ? 0 : 1) };
  if (milliseconds < 999.5) return { unit: 'ms', value: milliseconds.toFixed(0) };
  if (milliseconds < 59_950) return { unit: 's', value: (milliseconds / 1000).toFixed(1) };
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return { unit: 'm', minutes: Math.floor(seconds / 60), seconds: seconds % 60 };
  const minutes = Math.floor(seconds / 60);
  return { unit: 'h', hours: Math.floor(minutes / 60), minutes: minutes % 60 };
}
