import type { EventFilter } from '@signalbox/event-model';

const LIST_FIELDS = ['type', 'status', 'actor', 'workflow', 'model', 'tool'] as const;
const SINGLE_FIELDS = ['run', 'session', 'q', 'from', 'to'] as const;

/** Writes a filter as query parameters; empty values are left out and lists are comma separated. */
export function filterToParams(filter: EventFilter): URLSearchParams {
  const params = new URLSearchParams();
  for (const field of SINGLE_FIELDS) {
    const value = filter[field]?.trim();
    if (value) params.set(field, value);
  }
  for (const field of LIST_FIELDS) {
    const values = cleaned(filter[field]);
    if (values.length > 0) params.set(field, values.join(','));
  }
  return params;
}

/** A text equal for filters that ask for the same events, whatever their order and spelling of "nothing". */
export function filterKey(filter: EventFilter): string {
  const params = filterToParams(filter);
  params.sort();
  return params.toString();
}

/** Joins the scope of a view with what its reader filters by; the reader's choice narrows and never widens. */
export function narrowFilter(scope: EventFilter, choice: EventFilter): EventFilter {
  const narrowed: EventFilter = { ...scope };
  for (const field of SINGLE_FIELDS) {
    const value = scope[field] || choice[field];
    if (value) narrowed[field] = value;
  }
  if (scope.q && choice.q) narrowed.q = `${scope.q} ${choice.q}`;
  for (const field of LIST_FIELDS) {
    const outer = cleaned(scope[field]);
    const inner = cleaned(choice[field]);
    if (outer.length > 0 && inner.length > 0) narrowed[field] = inner.filter((value) => outer.includes(value));
    else narrowed[field] = outer.length > 0 ? outer : inner;
    if (outer.length > 0 && narrowed[field].length === 0) narrowed[field] = outer;
  }
  return narrowed;
}

function cleaned(values: string[] | undefined): string[] {
  const present = (values ?? []).map((value) => value.trim()).filter((value) => value !== '');
  return [...new Set(present)].sort();
}
