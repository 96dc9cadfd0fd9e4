const NS_PER_SECOND = 1_000_000_000n;
/** 2100-01-01: later times are a sender's unit mistake and would pin the feed's newest end. */
const LATEST_NS = 4_102_444_800n * NS_PER_SECOND;

/** The time when it can be one, else 0. */
export function saneNs(ns: bigint): bigint {
  return ns > 0n && ns <= LATEST_NS ? ns : 0n;
}

/** RFC 3339 UTC with nine fraction digits. */
export function toRfc3339(ns: bigint): string {
  const sane = saneNs(ns);
  const seconds = new Date(Number(sane / NS_PER_SECOND) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${(sane % NS_PER_SECOND).toString().padStart(9, '0')}Z`;
}

/** Start and end of something that may lack either; the end never precedes the start. */
export function saneInterval(start: bigint, end: bigint): { startNs: bigint; endNs: bigint } {
  const startNs = saneNs(start) || saneNs(end);
  const endNs = saneNs(end);
  return { startNs, endNs: endNs < startNs ? startNs : endNs };
}
