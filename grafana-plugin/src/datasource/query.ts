import type { DataSourceJsonData } from '@grafana/data';
import type { DataQuery } from '@grafana/schema';
import type { EventFilter } from '@signalbox/event-model';

/** One query of the events data source. Lists are comma separated texts, so that dashboard variables fit in. */
export interface EventsQuery extends DataQuery {
  run?: string;
  session?: string;
  type?: string;
  status?: string;
  actor?: string;
  text?: string;
  /** Follows new events while the time range reaches to now. */
  live?: boolean;
  /** Set by Grafana's annotation editor. */
  annotations?: boolean;
}

/** Settings of a data source instance; the read key is in Grafana's encrypted store. */
export type EventsJsonData = DataSourceJsonData;

/** What is stored encrypted. */
export interface EventsSecureData {
  readKey?: string;
}

/** A query new to a panel. */
export const NEW_QUERY: Partial<EventsQuery> = { live: true };

/** Fields of a query that hold text. */
export const TEXT_FIELDS = ['run', 'session', 'type', 'status', 'actor', 'text'] as const;

/** The filter a query stands for, after its variables were filled in. */
export function queryToFilter(query: EventsQuery, fill: (text: string) => string): EventFilter {
  const filter: EventFilter = {};
  const single = (text: string | undefined) => fill(text ?? '').trim();
  const list = (text: string | undefined) => splitList(fill(text ?? ''));
  if (single(query.run)) filter.run = single(query.run);
  if (single(query.session)) filter.session = single(query.session);
  if (single(query.text)) filter.q = single(query.text);
  if (list(query.type).length > 0) filter.type = list(query.type);
  if (list(query.status).length > 0) filter.status = list(query.status);
  if (list(query.actor).length > 0) filter.actor = list(query.actor);
  return filter;
}

/** Splits `a, b` and the `{a,b}` Grafana writes for a variable with several values. */
function splitList(text: string): string[] {
  return text
    .replace(/^\{(.*)\}$/, '$1')
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
}
