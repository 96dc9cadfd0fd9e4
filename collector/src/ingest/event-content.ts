import type { EventContent, EventRow } from '@signalbox/event-model';
import type { CorrelationFact, TraceReducer } from '../mapping/derivation.ts';
import { stateFacts } from '../mapping/nearest-state.ts';
import type { TraceStore } from './trace-store.ts';

/**
 * Bodies of one event, derived again from its trace. Bodies are stored once, with the spans they came in; an event
 * keeps none of its own, so a prompt that twenty spans repeat costs its bytes once.
 */
export function createContentReader(store: TraceStore, createReducer: (traceId: string) => TraceReducer) {
  return async (row: EventRow): Promise<EventContent | undefined> => {
    const [trace] = await store.load([row.traceId]);
    if (!trace) return undefined;
    const reducer = createReducer(row.traceId);
    for (const { record } of trace.spans) reducer.addSpan(record);
    for (const { record } of trace.logs) reducer.addLog(record);
    const alone = reducer.derive([]);
    const facts = (await store.facts(alone.wants)).filter((fact: CorrelationFact) => fact.traceId !== row.traceId);
    const foreign = [...facts, ...stateFacts(await store.statesBefore(alone.states, [row.traceId]))];
    const { events } = foreign.length > 0 ? reducer.derive(foreign) : alone;
    return events.find((event) => event.id === row.id)?.content();
  };
}
