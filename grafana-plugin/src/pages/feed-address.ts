import { type FilterChoice, NO_CHOICE } from '../panels/event-feed/filter-choice.ts';
import { TIME_MODES } from '../panels/event-feed/row-time.ts';
import type { FeedState } from '../panels/event-feed/use-feed-model.ts';

const LISTS = ['type', 'status', 'actor'] as const;

/** Reads the feed's state from an address, so that a link shows what its sender saw. */
export function readFeedAddress(search: URLSearchParams): FeedState {
  const filter: FilterChoice = { ...NO_CHOICE };
  for (const field of LISTS) filter[field] = (search.get(`f.${field}`) ?? '').split(',').filter(Boolean);
  filter.errors = search.get('f.errors') === '1';
  filter.run = search.get('run') ?? '';
  filter.q = search.get('q') ?? '';
  const time = TIME_MODES.find((mode) => mode === search.get('time')) ?? 'clock';
  return { filter, selectedId: search.get('event'), time };
}

/** What an address must say for a state; null takes a parameter out. */
export function writeFeedAddress(state: FeedState): Record<string, string | null> {
  const { filter } = state;
  const parameters: Record<string, string | null> = {
    event: state.selectedId,
    run: filter.run || null,
    q: filter.q || null,
    'f.errors': filter.errors ? '1' : null,
    time: state.time === 'clock' ? null : state.time,
  };
  for (const field of LISTS) parameters[`f.${field}`] = filter[field].length > 0 ? filter[field].join(',') : null;
  return parameters;
}
