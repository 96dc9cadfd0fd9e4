import type { SpanRecord } from '../../telemetry/records.ts';
import type { SpanFacts, StartNotice } from '../facts.ts';
import { canonicalJson } from '../reading/coerce.ts';
import { digest } from '../reading/identifiers.ts';
import { emptyFacts } from '../reading/span-defaults.ts';
import { toEntry } from './entries.ts';
import { bySpanStart, type SpanEntry } from './span-view.ts';

/** Of two versions of one span the later end wins, then the greater digest: any rule that ignores arrival order. */
interface Version {
  endNs: bigint;
  /** Of the whole record. Dear to make of a span with its prompt, and rarely asked for. */
  digest: () => string;
}

interface HeldSpan {
  version: Version;
  entry: SpanEntry;
}

/** What all spans share that only give other spans their place. */
const PLAIN: SpanFacts = Object.freeze(emptyFacts('structure', ''));
/** What a span that only gives place weighs beside one that tells something. */
const PLAIN_PER_TOLD = 16;

/**
 * The spans of one trace. Those that tell nothing of agents are kept for parentage alone, in a few words each, and take
 * part in a derivation only where they stand above something: a trace may hold a hundred thousand of them.
 */
export class HeldSpans {
  readonly #told = new Map<string, HeldSpan>();
  readonly #plain = new Map<string, HeldSpan>();
  readonly #plainRoots = new Set<string>();
  #earliest: SpanEntry | null = null;

  /** Measure of the memory they take, in spans that tell something. */
  get size(): number {
    return this.#told.size + Math.ceil(this.#plain.size / PLAIN_PER_TOLD);
  }

  has(spanId: string): boolean {
    return this.#told.has(spanId) || this.#plain.has(spanId);
  }

  add(span: SpanRecord, notice: StartNotice | null): void {
    const spanId = notice?.spanId ?? span.spanId;
    const known = this.#told.get(spanId) ?? this.#plain.get(spanId);
    const version = { endNs: span.endNs, digest: () => digest(canonicalJson(span)) };
    if (known !== undefined && !replaces(version, known.version)) return;
    if (known !== undefined) this.#remove(spanId);
    const entry = toEntry(span, notice);
    if (entry.pending || !tellsNothing(entry.facts)) this.#told.set(spanId, { version, entry });
    else this.#addPlain(span, entry);
  }

  /** What a derivation needs: everything that tells something, what stands above it, the roots and the earliest. */
  entries(alsoAbove: Iterable<string>): SpanEntry[] {
    const chosen = new Map<string, SpanEntry>();
    const choose = (start: string | null): void => {
      for (let id = start; id !== null && !chosen.has(id);) {
        const entry: SpanEntry | undefined = (this.#plain.get(id) ?? this.#told.get(id))?.entry;
        if (entry === undefined) return;
        chosen.set(id, entry);
        id = entry.parentSpanId;
      }
    };
    for (const id of this.#told.keys()) choose(id);
    for (const id of alsoAbove) choose(id);
    for (const id of this.#plainRoots) choose(id);
    const earliest = this.#earliestPlain();
    if (earliest !== null) chosen.set(earliest.spanId, earliest);
    return [...chosen.values()];
  }

  #addPlain(span: SpanRecord, told: SpanEntry): void {
    // Made now, so that the record itself need not be kept.
    const made = digest(canonicalJson(span));
    const entry = { ...told, facts: PLAIN };
    this.#plain.set(entry.spanId, { version: { endNs: span.endNs, digest: () => made }, entry });
    if (entry.parentSpanId === null) this.#plainRoots.add(entry.spanId);
    if (this.#earliest !== null && bySpanStart(entry, this.#earliest) < 0) this.#earliest = entry;
  }

  #remove(spanId: string): void {
    this.#told.delete(spanId);
    this.#plain.delete(spanId);
    this.#plainRoots.delete(spanId);
    if (this.#earliest?.spanId === spanId) this.#earliest = null;
  }

  #earliestPlain(): SpanEntry | null {
    if (this.#earliest === null) {
      for (const { entry } of this.#plain.values())
        if (this.#earliest === null || bySpanStart(entry, this.#earliest) < 0) this.#earliest = entry;
    }
    return this.#earliest;
  }
}

function replaces(candidate: Version, known: Version): boolean {
  return candidate.endNs === known.endNs ? candidate.digest() > known.digest() : candidate.endNs > known.endNs;
}

const SILENT = [
  'session',
  'user',
  'agent',
  'parentAgent',
  'entity',
  'graph',
  'model',
  'tool',
  'input',
  'failure',
] as const;
const ALSO_SILENT = ['statePlan', 'modelContext', 'declaredGraph', 'agentRun', 'io'] as const;

/** True for spans whose only news is where they stand. */
function tellsNothing(facts: SpanFacts): boolean {
  return (
    facts.role === 'structure' &&
    [...SILENT, ...ALSO_SILENT].every((key) => facts[key] === null) &&
    facts.interrupts.length + facts.decisions.length + facts.reports.length === 0 &&
    facts.versions.agent === null &&
    facts.versions.prompt === null
  );
}
