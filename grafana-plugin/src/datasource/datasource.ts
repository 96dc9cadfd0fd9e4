import {
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  DataSourceApi,
  type DataSourceInstanceSettings,
  LoadingState,
} from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';
import type { EventFilter } from '@signalbox/event-model';
import { merge, Observable } from 'rxjs';
import { hubFor } from '../client/browser-client.ts';
import type { FeedSnapshot } from '../client/event-feed.ts';
import type { FeedHub } from '../client/feed-hub.ts';
import { FEED_HANDLE } from '../shared/feed-handle.ts';
import { renewSession } from '../shared/renew-session.ts';
import { datasourceTexts } from './datasource-texts.ts';
import { checkHealth, type HealthAnswer } from './health.ts';
import { type EventsJsonData, type EventsQuery, NEW_QUERY, queryToFilter } from './query.ts';
import { rowsToAnnotationFrame, rowsToLogFrame } from './to-data-frame.ts';

/** Newest rows put into a frame; our own panel reads the feed itself and is not bound by it. */
const FRAME_ROWS = 1000;
/** Every packet makes a dashboard process all rows again. */
const EMIT_EVERY_MS = 250;

/** Reads agent events through Grafana's data source proxy; it has no way to change anything. */
export class EventsDataSource extends DataSourceApi<EventsQuery, EventsJsonData> {
  readonly #hub: FeedHub;
  /** Grafana's annotation editor with its standard handling of frames. */
  override annotations = {
    prepareQuery: (annotation: { target?: EventsQuery }): EventsQuery => ({
      ...(annotation.target ?? { refId: 'Annotations' }),
      annotations: true,
      live: false,
    }),
  };

  constructor(settings: DataSourceInstanceSettings<EventsJsonData>) {
    super(settings);
    this.#hub = hubFor(settings.url ?? '', renewSession);
  }

  override getDefaultQuery(): Partial<EventsQuery> {
    return NEW_QUERY;
  }

  override filterQuery(query: EventsQuery): boolean {
    return !query.hide;
  }

  override query(request: DataQueryRequest<EventsQuery>): Observable<DataQueryResponse> {
    const queries = request.targets.filter((target) => this.filterQuery(target));
    return merge(...queries.map((query) => this.#stream(query, request)));
  }

  override async testDatasource(): Promise<HealthAnswer> {
    await datasourceTexts;
    return checkHealth(this.#hub.api);
  }

  #stream(query: EventsQuery, request: DataQueryRequest<EventsQuery>): Observable<DataQueryResponse> {
    const live = Boolean(query.live) && endsNow(request);
    const scope = { ...this.#filterOf(query, request), ...rangeOf(request, live) };
    return new Observable((subscriber) => {
      const { feed, release } = this.#hub.lease(scope, { live });
      const handle = { source: this.#hub, scope, live };
      const emit = () => {
        const snapshot = feed.getSnapshot();
        if (snapshot.phase === 'loading') return;
        if (snapshot.phase === 'failed' && !live) return subscriber.error(snapshot.error);
        subscriber.next({
          data: [toFrame(snapshot, query, handle)],
          key: query.refId,
          state: live ? LoadingState.Streaming : LoadingState.Done,
        });
        if (!live) subscriber.complete();
      };
      const throttled = throttle(emit, EMIT_EVERY_MS);
      const unsubscribe = feed.subscribe(throttled.run);
      emit();
      return () => {
        throttled.cancel();
        unsubscribe();
        release();
      };
    });
  }

  #filterOf(query: EventsQuery, request: DataQueryRequest<EventsQuery>): EventFilter {
    return queryToFilter(query, (text) =>
      text.includes('$') || text.includes('[[') ? getTemplateSrv().replace(text, request.scopedVars, 'csv') : text,
    );
  }
}

function toFrame(snapshot: FeedSnapshot, query: EventsQuery, handle: object): DataFrame {
  const rows = snapshot.rows.slice(-FRAME_ROWS);
  if (query.annotations) return rowsToAnnotationFrame(rows, query.refId);
  const frame = rowsToLogFrame(rows, query.refId);
  return { ...frame, meta: { ...frame.meta, custom: { [FEED_HANDLE]: handle } } };
}

function endsNow(request: DataQueryRequest<EventsQuery>): boolean {
  return typeof request.range.raw.to === 'string' && request.range.raw.to.startsWith('now');
}

/**
 * A live range moves with every refresh. Its start is rounded to the minute, so that a refresh finds the stream it
 * already has instead of opening another; its end stays open.
 */
function rangeOf(request: DataQueryRequest<EventsQuery>, live: boolean): EventFilter {
  const from = request.range.from.valueOf();
  if (!live) return { from: String(from), to: String(request.range.to.valueOf()) };
  return { from: String(from - (from % 60_000)) };
}

function throttle(run: () => void, everyMs: number): { run: () => void; cancel: () => void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  return {
    run: () => {
      timer ??= setTimeout(() => {
        timer = null;
        run();
      }, everyMs);
    },
    cancel: () => {
      if (timer) clearTimeout(timer);
    },
  };
}
