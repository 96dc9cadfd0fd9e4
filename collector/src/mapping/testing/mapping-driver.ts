import type { LogRecord, SpanRecord } from '../../telemetry/records.ts';
import type { CorrelationFact, Derivation, DerivedEvent, StateFact, TraceReducer } from '../derivation.ts';
import { nearestBefore, stateFacts } from '../nearest-state.ts';
import { traceKeyOf } from '../trace-key.ts';
import { createTraceReducer } from '../trace-reducer.ts';
import type { DecodedRequest } from './otlp-json.ts';

/** A span or a log record on its way into a reducer. */
export type Item = { span: SpanRecord } | { log: LogRecord };

/** Every item of the requests, in order. */
export function itemsOf(requests: readonly DecodedRequest[]): Item[] {
  return requests.flatMap(({ spans, logs }) => [...spans.map((span) => ({ span })), ...logs.map((log) => ({ log }))]);
}

/** Stands in for the ingest layer: one reducer a trace, facts exchanged through their keys after every batch. */
export class MappingDriver {
  #reducers = new Map<string, TraceReducer>();
  #items: Item[] = [];
  #facts = new Map<string, CorrelationFact[]>();
  #states = new Map<string, StateFact[]>();
  #derivations = new Map<string, Derivation>();

  add(batch: readonly Item[]): void {
    const touched = new Set<string>();
    for (const item of batch) {
      this.#items.push(item);
      touched.add(this.#place(item));
    }
    for (const traceId of touched) this.#derive(traceId);
    for (const traceId of this.#reducers.keys()) this.#derive(traceId);
  }

  /** Forgets every reducer and builds it again from the items, as after a restart. */
  restart(): void {
    this.#reducers.clear();
    for (const item of this.#items) this.#place(item);
  }

  /** Derivations by trace id, in order of the ids. */
  derivations(): [string, Derivation][] {
    return [...this.#derivations].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Events of all traces. */
  events(): DerivedEvent[] {
    return this.derivations().flatMap(([, derivation]) => derivation.events);
  }

  #place(item: Item): string {
    const traceId = 'span' in item ? item.span.traceId : traceKeyOf(item.log);
    const reducer = this.#reducers.get(traceId) ?? createTraceReducer(traceId);
    this.#reducers.set(traceId, reducer);
    if ('span' in item) reducer.addSpan(item.span);
    else reducer.addLog(item.log);
    return traceId;
  }

  #derive(traceId: string): void {
    const reducer = this.#reducers.get(traceId);
    if (reducer === undefined) return;
    const first = reducer.derive(this.#foreign(traceId, this.#derivations.get(traceId)));
    this.#facts.set(traceId, first.offers);
    this.#states.set(traceId, first.states);
    this.#derivations.set(traceId, reducer.derive(this.#foreign(traceId, first)));
  }

  #foreign(traceId: string, derivation: Derivation | undefined): CorrelationFact[] {
    const keys = new Set(derivation?.wants);
    const others = [...this.#facts].filter(([id]) => id !== traceId).flatMap(([, facts]) => facts);
    const before = nearestBefore(derivation?.states ?? [], [...this.#states.values()].flat()).get(traceId);
    const states = stateFacts(before?.values() ?? []);
    // Facts travel through the database as JSON.
    return JSON.parse(JSON.stringify([...others.filter((fact) => keys.has(fact.key)), ...states])) as CorrelationFact[];
  }
}

/** A derivation with its bodies built, so that two can be compared. */
export function snapshot(driver: MappingDriver): unknown {
  return driver.derivations().map(([traceId, derivation]) => ({
    traceId,
    ...derivation,
    structure: derivation.structure(),
    states: derivation.states.map((state) => ({ ...state, atNs: String(state.atNs) })),
    events: derivation.events.map((event) => ({ ...event, content: event.content() })),
  }));
}
