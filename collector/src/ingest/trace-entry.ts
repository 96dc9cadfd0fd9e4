import { isDeepStrictEqual } from 'node:util';
import type { CorrelationFact, DerivedEvent, Derivation, StateFact, TraceReducer } from '../mapping/derivation.ts';
import { stateFacts } from '../mapping/nearest-state.ts';
import type { LogRecord, SpanRecord } from '../telemetry/records.ts';
import { digest, logHash, spanHash } from './fingerprint.ts';
import { storedSearchText } from './search-text.ts';
import type { EventChange, KnownEvent, Stored, StoredTrace, TraceChange } from './trace-store.ts';

const KEY_LIMIT = 200;

/**
 * One trace in memory: the reducer, and what of it is stored already. After a failed write the entry is thrown away
 * and read again; nothing in it is the only copy of anything.
 */
export class TraceEntry {
  readonly traceId: string;
  readonly #reducer: TraceReducer;
  readonly #storedItems = new Set<string>();
  #events = new Map<string, KnownEvent>();
  #facts = new Map<string, CorrelationFact>();
  /** Nearest state of another trace before each of ours, by key. */
  #before = new Map<string, StateFact>();
  #storedStates: readonly StateFact[] = [];
  #bucket: string;
  #version: bigint | undefined;
  #firstSeen: Date;
  #lost = false;
  #newSpans: Stored<SpanRecord>[] = [];
  #newLogs: Stored<LogRecord>[] = [];
  #last: { derivation: Derivation; fresh: boolean } | undefined;

  constructor(reducer: TraceReducer, now: Date) {
    this.traceId = reducer.traceId;
    this.#reducer = reducer;
    this.#firstSeen = now;
    this.#bucket = now.toISOString().slice(0, 10);
  }

  /** Continues from what the database holds. */
  restore(stored: StoredTrace): void {
    this.#bucket = stored.bucket;
    this.#version = stored.version;
    this.#firstSeen = stored.firstSeen;
    this.#events = stored.events;
    this.#lost = stored.lost;
    for (const { hash, record } of stored.spans) {
      this.#storedItems.add(`${record.spanId}${hash}`);
      this.#reducer.addSpan(record);
    }
    for (const { hash, record } of stored.logs) {
      this.#storedItems.add(hash);
      this.#reducer.addLog(record);
    }
  }

  /** Spans and logs held; the cache's measure of size. */
  get size(): number {
    return this.#reducer.size;
  }

  /** True when there is anything the database does not have yet. */
  get hasNews(): boolean {
    return this.#newSpans.length > 0 || this.#newLogs.length > 0 || this.#last?.fresh !== false;
  }

  addSpan(record: SpanRecord): void {
    const hash = spanHash(record);
    const key = `${record.spanId}${hash}`;
    if (this.#storedItems.has(key)) return;
    this.#storedItems.add(key);
    this.#newSpans.push({ hash, record });
    this.#reducer.addSpan(record);
    this.#heard();
  }

  addLog(record: LogRecord): void {
    const hash = logHash(record);
    if (this.#storedItems.has(hash)) return;
    this.#storedItems.add(hash);
    this.#newLogs.push({ hash, record });
    this.#reducer.addLog(record);
    this.#heard();
  }

  /** Gives the run up: nothing was heard of it for a whole lease. It comes back with the next news. */
  giveUp(): void {
    this.#lost = true;
    this.#last = undefined;
  }

  #heard(): void {
    this.#lost = false;
    this.#last = undefined;
  }

  /** Takes facts of other traces; returns true when one of them is new. */
  learn(facts: readonly CorrelationFact[]): boolean {
    let changed = false;
    for (const fact of facts) {
      if (fact.traceId === this.traceId) continue;
      const id = `${fact.traceId} ${fact.kind} ${fact.key}`;
      const known = this.#facts.get(id);
      // The database gives a fact's fields back in another order, so texts of it would differ.
      if (known && isDeepStrictEqual(known.data, fact.data)) continue;
      this.#facts.set(id, fact);
      changed = true;
    }
    if (changed) this.#last = undefined;
    return changed;
  }

  /** Takes the nearest states before those of the trace, all of them; returns true when one of them is new or gone. */
  learnStates(before: ReadonlyMap<string, StateFact>): boolean {
    const known = [...this.#before.entries()].map(([key, { traceId, data }]) => [key, traceId, data]);
    const now = [...before.entries()].map(([key, { traceId, data }]) => [key, traceId, data]);
    if (isDeepStrictEqual(known, now)) return false;
    this.#before = new Map(before);
    this.#last = undefined;
    return true;
  }

  /** States that differ from what was stored last, and the places of those that stood elsewhere. */
  movedStates(): StateFact[] {
    const { states } = this.derive();
    const moved = states.filter((state) => !this.#storedStates.some((stored) => isDeepStrictEqual(stored, state)));
    const left = this.#storedStates.filter(
      (stored) => !states.some((state) => state.key === stored.key && state.atNs === stored.atNs),
    );
    return [...moved, ...left];
  }

  derive(): Derivation {
    if (!this.#last) {
      const facts = [...this.#facts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fact]) => fact);
      const foreign = [...facts, ...stateFacts(this.#before.values())];
      const derived = this.#reducer.derive(foreign);
      const derivation = this.#lost ? asLost(derived) : derived;
      for (const fact of derivation.offers) fact.key = boundedKey(fact.key);
      derivation.wants = derivation.wants.map(boundedKey);
      for (const state of derivation.states) state.key = boundedKey(state.key);
      this.#last = { derivation, fresh: true };
    }
    return this.#last.derivation;
  }

  /** What must be written to bring the database in line with the derivation. */
  change(now: Date): TraceChange {
    const derivation = this.derive();
    const { run, events, offers, wants, states } = derivation;
    return {
      traceId: this.traceId,
      bucket: this.#bucket,
      fromVersion: this.#version,
      firstSeen: this.#firstSeen,
      lastSeen: now,
      run,
      ...tally(events),
      spans: this.#newSpans,
      logs: this.#newLogs,
      events: this.#changedEvents(events, now),
      offers,
      wants,
      states,
    };
  }

  /** The change of a trace of which nothing new was received: it was heard and received when it was. */
  changeAgain(): TraceChange {
    return this.change(this.#firstSeen);
  }

  /** Every event as its row should stand, for comparison with the rows that do. */
  rows(): EventChange[] {
    const { events } = this.derive();
    return events.flatMap((derived) => {
      const known = this.#events.get(derived.id);
      return known === undefined ? [] : [{ event: rowOf(derived), known, isNew: false }];
    });
  }

  /** Forgets that the rows of these events stand as derived: they are written again. */
  distrust(ids: Iterable<string>): void {
    for (const id of ids) {
      const known = this.#events.get(id);
      if (known !== undefined) this.#events.set(id, { ...known, fingerprint: '' });
    }
  }

  /** Call after the change has been committed. */
  committed(change: TraceChange): void {
    this.#version = (change.fromVersion ?? 0n) + 1n;
    for (const { event, known } of change.events) this.#events.set(event.id, { ...known });
    for (const { event, known } of change.events) if (!known.removed) this.#rows.set(event.id, event);
    this.#storedStates = change.states;
    this.#newSpans = [];
    this.#newLogs = [];
    if (this.#last) this.#last.fresh = false;
  }

  /** Rows by id as last written, to have something to send along when an event is withdrawn. */
  readonly #rows = new Map<string, EventChange['event']>();

  #changedEvents(events: readonly DerivedEvent[], now: Date): EventChange[] {
    const changes: EventChange[] = [];
    const present = new Set<string>();
    for (const event of events) {
      present.add(event.id);
      const change = this.#changeOf(event, now);
      if (change) changes.push(change);
    }
    for (const [id, before] of this.#events) {
      if (before.removed || present.has(id)) continue;
      const event = this.#rows.get(id) ?? this.#withdrawn(id);
      changes.push({ event, known: { ...before, revision: before.revision + 1, removed: true }, isNew: false });
    }
    return changes;
  }

  #changeOf(derived: DerivedEvent, now: Date): EventChange | undefined {
    const event = rowOf(derived);
    const fingerprint = digest(event);
    const before = this.#events.get(event.id);
    if (!before) return { event, known: { fingerprint, revision: 1, removed: false, receivedAt: now }, isNew: true };
    if (before.fingerprint === fingerprint && !before.removed) return undefined;
    const known = { fingerprint, revision: before.revision + 1, removed: false, receivedAt: before.receivedAt };
    return { event, known, isNew: false };
  }

  /** After a restart the old row is not in memory; readers need no more of it than its id. */
  #withdrawn(id: string): EventChange['event'] {
    const { run } = this.derive();
    return {
      id,
      sessionId: run.sessionId,
      workflow: run.workflow,
      traceId: this.traceId,
      spanId: null,
      parentId: null,
      type: 'error',
      actor: { kind: 'system', name: '' },
      target: null,
      status: 'cancelled',
      startedAt: run.startedAt,
      endedAt: null,
      summary: '',
      model: null,
      tool: null,
      usage: null,
      source: { convention: 'none', basis: 'inferred' },
      searchText: '',
    };
  }
}

function rowOf(derived: DerivedEvent): EventChange['event'] {
  const event: EventChange['event'] & { content?: unknown } = { ...derived, searchText: storedSearchText(derived) };
  delete event.content;
  return event;
}

/** The derivation of a run that was given up: what still ran is lost; what waits for a person still waits. */
function asLost(derivation: Derivation): Derivation {
  const { run, events } = derivation;
  if (run.status !== 'in_progress') return derivation;
  return {
    ...derivation,
    run: { ...run, status: 'lost' },
    events: events.map((event) => (event.status === 'in_progress' ? { ...event, status: 'lost' } : event)),
  };
}

/** Index entries have a size limit in PostgreSQL; long keys are known by their digest. */
function boundedKey(key: string): string {
  return key.length <= KEY_LIMIT ? key : `sha256:${digest(key)}`;
}

function tally(events: readonly DerivedEvent[]): Pick<TraceChange, 'counts' | 'agents' | 'models' | 'tools'> {
  const counts: Record<string, number> = {};
  const agents = new Set<string>();
  const models = new Set<string>();
  const tools = new Set<string>();
  for (const event of events) {
    counts[event.type] = (counts[event.type] ?? 0) + 1;
    if (event.actor.kind === 'agent') agents.add(event.actor.name);
    if (event.model !== null) models.add(event.model);
    if (event.tool !== null && event.type === 'tool_call') tools.add(event.tool);
  }
  return { counts, agents: [...agents].sort(), models: [...models].sort(), tools: [...tools].sort() };
}
