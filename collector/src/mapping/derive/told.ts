import type { SpanFacts } from '../facts.ts';
import { emptyFacts } from '../reading/span-defaults.ts';
import type { Report } from '../reports.ts';
import { byLogTime, type LogEntry } from './entries.ts';
import { bySpanStart, type SpanEntry } from './span-view.ts';

/** A report with who made it and when. */
export interface Told<T extends Report = Report> {
  report: T;
  atNs: bigint;
  /** Unique and the same for every order of arrival. */
  key: string;
  entry: SpanEntry | null;
  log: LogEntry | null;
}

/** Every report of the spans and logs, spans first, each in order of time. */
export function collectReports(entries: readonly SpanEntry[], logs: readonly LogEntry[]): Told[] {
  const told: Told[] = [];
  for (const entry of entries.filter(({ facts }) => facts.reports.length > 0).sort(bySpanStart)) {
    const atNs = entry.endNs === 0n ? entry.startNs : entry.endNs;
    for (const [index, report] of entry.facts.reports.entries()) {
      const time = report.kind === 'record' ? (report.atNs ?? atNs) : atNs;
      told.push({ report, atNs: time, key: `${entry.spanId}:${index}`, entry, log: null });
    }
  }
  for (const log of logs.filter(({ facts }) => (facts?.reports.length ?? 0) > 0).sort(byLogTime)) {
    for (const report of log.facts?.reports ?? []) {
      told.push({ report, atNs: log.timeNs, key: log.key, entry: null, log });
    }
  }
  return told;
}

/** The reports of one kind. */
export function ofKind<K extends Report['kind']>(told: readonly Told[], kind: K): Told<Extract<Report, { kind: K }>>[] {
  return told.filter((each): each is Told<Extract<Report, { kind: K }>> => each.report.kind === kind);
}

/** What a span inferred from reports takes over from who made them. */
export function teller(told: Told): Pick<SpanEntry, 'scope' | 'service'> & { facts: SpanFacts } {
  const facts = told.log?.facts ?? told.entry?.facts ?? null;
  const source = told.log ?? told.entry;
  const base = emptyFacts(facts === null ? 'log' : facts.convention, 'unknown');
  if (facts === null || source === null) return { scope: '', service: null, facts: base };
  const { agent, session, user } = facts;
  return { scope: source.scope, service: source.service, facts: { ...base, agent, session, user } };
}

/** The spans of a trace while reports are worked into them; entries are replaced, never changed. */
export class Weaving {
  readonly #byId: Map<string, SpanEntry>;

  constructor(entries: readonly SpanEntry[]) {
    this.#byId = new Map(entries.map((entry) => [entry.spanId, entry]));
  }

  get entries(): SpanEntry[] {
    return [...this.#byId.values()];
  }

  get(spanId: string | null): SpanEntry | null {
    return spanId === null ? null : (this.#byId.get(spanId) ?? null);
  }

  put(entry: SpanEntry): void {
    this.#byId.set(entry.spanId, entry);
  }

  /** Replaces facts of a span. */
  change(spanId: string, facts: Partial<SpanEntry['facts']>): void {
    const entry = this.#byId.get(spanId);
    if (entry !== undefined) this.#byId.set(spanId, { ...entry, facts: { ...entry.facts, ...facts } });
  }
}
