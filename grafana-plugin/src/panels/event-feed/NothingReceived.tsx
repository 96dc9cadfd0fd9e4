import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import type { CollectorStatus, EventFilter } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { EmptyState, useStyles2 } from '@grafana/ui';
import { useEffect, useState } from 'react';
import type { CollectorApi } from '../../client/collector-api.ts';
import { filterKey } from '../../client/event-query.ts';
import { ConnectRecipe } from './ConnectRecipe.tsx';

const ASK_EVERY_MS = 2000;

/** Shown until the first event: how to connect an agent, and what has arrived so far. */
export function NothingReceived({ api, scope }: { api: CollectorApi | null; scope: EventFilter }) {
  const styles = useStyles2(getStyles);
  const status = useStatus(api);
  const scoped = filterKey(scope) !== '';
  return (
    <div className={styles.box} data-testid="nothing-received">
      <EmptyState
        variant="call-to-action"
        hideImage
        message={scoped ? t('empty.scoped', 'No events here yet') : t('empty.nothing', 'Waiting for the first event')}
      >
        {t('empty.how', 'Pick what your agent is built with and start it with these lines.')}
      </EmptyState>
      {status ? <ConnectRecipe status={status} /> : null}
      {status ? <Received status={status} /> : null}
    </div>
  );
}

function Received({ status }: { status: CollectorStatus }) {
  const styles = useStyles2(getStyles);
  const { spans, logs, rejected, unauthorized } = status.received;
  const address = { grpc: status.otlp.grpc, http: status.otlp.http, interpolation: { escapeValue: false } };
  return (
    <div className={styles.received} role="status">
      <div>{t('empty.listening', 'Listening on {{grpc}} (gRPC) and {{http}} (HTTP)', address)}</div>
      <div>
        {t('empty.received', 'Received so far: {{spans}} spans, {{logs}} log records', { spans, logs })}
        {` · ${t('empty.rejected', '{{count}} rejected', { count: rejected })}`}
        {` · ${t('empty.unauthorized', '{{count}} without a valid key', { count: unauthorized })}`}
      </div>
      {unauthorized > 0 ? (
        <div className={styles.warning}>
          {t('empty.key-hint', 'An agent is knocking without a valid key: set the header as in the lines above.')}
        </div>
      ) : null}
      {rejected > 0 ? (
        <div className={styles.warning}>
          {t(
            'empty.rejected-hint',
            'Something arrives that is not OTLP or is too large; the log of the collector says what.',
          )}
        </div>
      ) : null}
      {spans > 0 ? <div>{t('empty.not-agents', 'None of them was recognised as work of an agent.')}</div> : null}
    </div>
  );
}

function useStatus(api: CollectorApi | null): CollectorStatus | null {
  const [status, setStatus] = useState<CollectorStatus | null>(null);
  useEffect(() => {
    if (!api) return undefined;
    const abort = new AbortController();
    const ask = () => void api.status(abort.signal).then(setStatus, () => undefined);
    ask();
    const timer = setInterval(ask, ASK_EVERY_MS);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [api]);
  return status;
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ flex: 1, minHeight: 0, overflow: 'auto', padding: theme.spacing(0, 2, 2), textAlign: 'center' }),
  warning: css({ color: theme.colors.warning.text }),
  received: css({
    marginTop: theme.spacing(1),
    color: theme.colors.text.secondary,
    fontVariantNumeric: 'tabular-nums',
  }),
});
