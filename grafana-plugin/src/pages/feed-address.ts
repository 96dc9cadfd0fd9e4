import { type FilterChoice, type Hidden, LIKE_FIELDS, NO_CHOICE } from '../panels/event-feed/filter-choice.ts';
import { TIME_MODES } from '../panels/event-feed/row-time.ts';
import type { FeedState } from '../panels/event-feed/use-feed-model.ts';

const LISTS = ['type', 'status', 'actor', 'tool'] as const;

/** Reads the feed's state from an address, so that a link shows what its sender saw. */
export function readFeedAddress(search: URLSearchParams): FeedState {
  const filter: FilterChoice = { ...NO_CHOICE };
  for (const field of LISTS) filter[field] = (search.get(`f.${field}`) ?? '').split(',').filter(Boolean);
  filter.errors = search.get('f.errors') === '1';
  filter.run = search.get('run') ?? '';
  filter.q = search.get('q') ?? '';
  filter.minMs = Math.max(0, Number(search.get('f.min')) || 0);
  filter.hidden = search.getAll('f.not').flatMap(readHidden);
  const time = TIME_MODES.find((mode) => mode === search.get('time')) ?? 'clock';
  const closed = (search.get('closed') ?? '').split(',').filter(Boolean);
  return { filter, selectedId: search.get('event'), time, grouped: search.get('group') === 'run', closed };
}

/** Parameters to set; null takes one out, several values repeat it. */
export type AddressChange = Record<string, string | string[] | null>;

/** What an address must say for a state; null takes a parameter out. */
export function writeFeedAddress(state: FeedState): AddressChange {
  const { filter } = state;
  const hidden = filter.hidden.map(({ field, value }) => `${field}:${value}`);
  const parameters: AddressChange = {
    event: state.selectedId,
    run: filter.run || null,
    q: filter.q || null,
    'f.errors': filter.errors ? '1' : null,
    group: state.grouped ? 'run' : null,
    closed: state.grouped && state.closed.length > 0 ? state.closed.join(',') : null,
    'f.min': filter.minMs > 0 ? String(filter.minMs) : null,
    'f.not': hidden.length > 0 ? hidden : null,
    time: state.time === 'clock' ? null : state.time,
  };
  for (const field of LISTS) parameters[`f.${field}`] = filter[field].length > 0 ? filter[field].join(',') : null;
  return parameters;
}

/** Reads `field:value`; what is not of that form was not written by this page. */
function readHidden(text: string): Hidden[] {
  const [name, ...rest] = text.split(':');
  const field = LIKE_FIELDS.find((known) => known === name);
  return field && rest.length > 0 ? [{ field, value: rest.join(':') }] : [];
}
