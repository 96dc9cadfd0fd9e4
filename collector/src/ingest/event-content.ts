import type { EventContent, EventRow } from '@signalbox/event-model';
import type { RunLoader } from './run-loader.ts';

/**
 * Bodies of one event, derived again from its trace. Bodies are stored once, with the spans they came in; an event
 * keeps none of its own, so a prompt that twenty spans repeat costs its bytes once.
 */
export function createContentReader(load: RunLoader) {
  return async (row: EventRow): Promise<EventContent | undefined> => {
    const derivation = (await load([row.traceId])).get(row.traceId);
    return derivation?.events.find((event) => event.id === row.id)?.content();
  };
}
