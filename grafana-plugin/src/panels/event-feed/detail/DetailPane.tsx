import { cx } from '@emotion/css';
import type { EventDetail, EventRow } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Alert, IconButton, useStyles2 } from '@grafana/ui';
import { useEffect, useRef } from 'react';
import type { CollectorApi } from '../../../client/collector-api.ts';
import type { CollectorError } from '../../../client/problem.ts';
import { typeLabel } from '../../../shared/event-labels.ts';
import { typeLook } from '../../../shared/event-look.ts';
import { Glyph } from '../../../shared/Glyph.tsx';
import { DetailActions } from './DetailActions.tsx';
import { getDetailStyles } from './detail-styles.ts';
import { EventFacts } from './EventFacts.tsx';
import { EventSections } from './EventSections.tsx';
import type { FilterChoice } from '../filter-choice.ts';
import { LikeThis } from './LikeThis.tsx';
import { useEventDetail } from './use-event-detail.ts';
import { useKnownMessages } from './use-known-messages.ts';

interface DetailPaneProps {
  id: string;
  /** The row as the list knows it; null when it was opened by its address. */
  row: EventRow | null;
  api: CollectorApi | null;
  timeZone: string;
  permalink: string | null;
  /** True when the pane stands in the list's place. */
  alone: boolean;
  onClose: () => void;
  onOpen: (id: string) => void;
  filter: FilterChoice;
  onFilter: (filter: FilterChoice) => void;
}

/** One event with everything known about it. */
export function DetailPane(props: DetailPaneProps) {
  const { id, row, api, alone, onClose } = props;
  const styles = useStyles2(getDetailStyles);
  const { detail, error } = useEventDetail(api, id, row?.revision ?? 0);
  const known = useKnownMessages(api, detail);
  const event = newer(detail, row);
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    // Where the list is gone, focus would be lost with it.
    if (alone) pane.current?.focus();
  }, [alone]);
  return (
    <section
      ref={pane}
      tabIndex={-1}
      className={cx(styles.pane, alone && styles.alone)}
      aria-label={t('detail.region', 'Event details')}
      data-testid="detail"
      onKeyDown={(pressed) => {
        if (pressed.key === 'Escape') onClose();
      }}
    >
      <DetailHead event={event} alone={alone} onClose={onClose} />
      <div className={styles.body} tabIndex={0} role="region" aria-label={t('detail.content', 'Content of the event')}>
        {event ? <EventFacts event={event} timeZone={props.timeZone} onOpen={props.onOpen} /> : null}
        {detail ? (
          <EventSections detail={detail} known={known} partUrl={(part) => api?.partUrl(id, part) ?? null} />
        ) : null}
        <Missing detail={detail} error={error} api={api} />
        {event ? <LikeThis event={event} filter={props.filter} onFilter={props.onFilter} /> : null}
        {event ? <DetailActions event={detail ?? event} permalink={props.permalink} /> : null}
      </div>
    </section>
  );
}

function DetailHead({ event, alone, onClose }: { event: EventRow | null; alone: boolean; onClose: () => void }) {
  const styles = useStyles2(getDetailStyles);
  return (
    <header className={styles.head}>
      {alone ? (
        <IconButton name="arrow-left" size="lg" aria-label={t('detail.back', 'Back to the feed')} onClick={onClose} />
      ) : null}
      {event ? <Title event={event} /> : null}
      <span className={styles.spacer} />
      {alone ? null : <IconButton name="times" size="lg" aria-label={t('detail.close', 'Close')} onClick={onClose} />}
    </header>
  );
}

function newer(detail: EventDetail | null, row: EventRow | null): EventRow | null {
  return detail && (!row || detail.revision >= row.revision) ? detail : (row ?? detail);
}

function Title({ event }: { event: EventRow }) {
  const styles = useStyles2(getDetailStyles);
  return (
    <h2 className={styles.title}>
      <Glyph name={typeLook(event.type).glyph} size={16} />
      {typeLabel(event.type)}
    </h2>
  );
}

function Missing({
  detail,
  error,
  api,
}: {
  detail: EventDetail | null;
  error: CollectorError | null;
  api: CollectorApi | null;
}) {
  const styles = useStyles2(getDetailStyles);
  if (detail) return null;
  if (!api)
    return (
      <p className={styles.quiet}>{t('detail.no-collector', 'The content is only available from the collector.')}</p>
    );
  if (!error) return <p className={styles.quiet}>{t('detail.loading', 'Loading the content…')}</p>;
  const title =
    error.kind === 'not_found'
      ? t('detail.gone', 'This event is not stored (any more)')
      : t('detail.failed', 'The content could not be read');
  return (
    <Alert severity="warning" title={title} topSpacing={1}>
      {error.problem?.hint ?? error.message}
    </Alert>
  );
}
