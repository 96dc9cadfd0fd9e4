import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import type { CollectorStatus, EventFilter } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { EmptyState, useStyles2 } from '@grafana/ui';
import { useEffect, useState } from 'react';
import type { CollectorApi } from '../../client/collector-api.ts';
import { filterKey } from '../../client/event-query.ts';
import { CopyButton } from '../../shared/CopyButton.tsx';

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
        {t('empty.how', 'Start your agent with these variables. It needs no other change.')}
      </EmptyState>
      {status ? <Snippet status={status} /> : null}
      {status ? <Received status={status} /> : null}
    </div>
  );
}

function Snippet({ status }: { status: CollectorStatus }) {
  const styles = useStyles2(getStyles);
  const snippet = [
    `OTEL_EXPORTER_OTLP_ENDPOINT=${status.otlp.http}`,
    'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
    'OTEL_BSP_SCHEDULE_DELAY=200',
    'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true',
  ].join('\n');
  return (
    <div className={styles.snippet}>
      <pre className={styles.code} tabIndex={0}>
        {snippet}
      </pre>
      <CopyButton text={snippet} label={t('empty.copy', 'Copy')} />
      <p className={styles.note}>
        {t(
          'empty.explain',
          'The third line makes events appear at once instead of every five seconds; the fourth includes prompts and answers.',
        )}
      </p>
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
        {rejected > 0 ? ` · ${t('empty.rejected', '{{count}} rejected', { count: rejected })}` : ''}
        {unauthorized > 0
          ? ` · ${t('empty.unauthorized', '{{count}} without a valid key', { count: unauthorized })}`
          : ''}
      </div>
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
  snippet: css({ maxWidth: 620, margin: '0 auto', textAlign: 'left' }),
  code: css({ margin: theme.spacing(0, 0, 1), fontSize: theme.typography.bodySmall.fontSize, overflowX: 'auto' }),
  note: css({
    marginTop: theme.spacing(1),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  received: css({
    marginTop: theme.spacing(1),
    color: theme.colors.text.secondary,
    fontVariantNumeric: 'tabular-nums',
  }),
});
