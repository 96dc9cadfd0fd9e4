const NS_PER_S = 1_000_000_000n;

/** RFC 3339 UTC with nanoseconds from nanoseconds since the epoch. */
export function timeFromNs(ns: bigint): string {
  const seconds = ns / NS_PER_S;
  const fraction = (ns % NS_PER_S).toString().padStart(9, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

/** Nanoseconds since the epoch from RFC 3339 UTC; fractions may have any number of digits. */
export function nsFromTime(time: string): bigint {
  const [whole = '', fraction = ''] = time.replace(/Z$/, '').split('.');
  const ms = Date.parse(`${whole}Z`);
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9));
}

/** UUID form of a trace id. */
export function runIdOf(traceId: string): string {
  const id = traceId;
  return `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`;
}

/** Trace id of a run id. */
export function traceIdOf(runId: string): string {
  return runId.replaceAll('-', '').toLowerCase();
}

/** Now, in nanoseconds since the epoch; as fine as the system's clock in milliseconds. */
export function nowNs(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
