import { css } from '@emotion/css';
import type { Approval } from '@signalbox/event-model';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { locationService } from '@grafana/runtime';
import { useStyles2 } from '@grafana/ui';
import { type KeyboardEvent, useRef } from 'react';
import { ApprovalLoader } from '../control/ApprovalLoader.tsx';
import { nextPending } from '../control/approval-shape.ts';
import { useControlScope, usePolled } from '../control/control-scope.ts';
import { isTyping } from '../control/PendingBanner.tsx';
import { StopButton } from '../control/StopButton.tsx';
import { appPath, approvalLink, runLink } from '../shared/app-links.ts';
import { useRemainingHeight } from './use-remaining-height.ts';

/** One approval on a page of its own: where links in notifications lead, made for one hand on a phone. */
export function ApprovalPage({ id }: { id: string }) {
  const styles = useStyles2(getStyles);
  const box = useRef<HTMLDivElement>(null);
  const height = useRemainingHeight(box, 0);
  const { hub } = useControlScope();
  const pending = usePolled(hub.waiting).value?.pending ?? [];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = ({ j: 1, J: 1, k: -1, K: -1 } as const)[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const next = nextPending(pending, id, step);
    if (next) open(next.id);
  };
  return (
    <div
      ref={box}
      className={styles.page}
      style={height === null ? undefined : { height }}
      data-testid="approval-page"
      onKeyDown={onKeyDown}
    >
      <div className={styles.column}>
        <nav className={styles.head} aria-label={t('page.way-back', 'Way back')}>
          <a className={styles.link} href={appPath('approvals')}>
            ‹ {t('page.all-approvals', 'All approvals')}
          </a>
        </nav>
        <ApprovalLoader key={id} id={id} onNext={open} also={(approval) => <Ways approval={approval} />} />
      </div>
    </div>
  );
}

function Ways({ approval }: { approval: Approval }) {
  const styles = useStyles2(getStyles);
  const { runId, eventId, agent } = approval;
  if (runId === null) return null;
  return (
    <>
      <a className={styles.link} href={runLink(runId, eventId)}>
        {t('card.open-run', 'See the whole run')}
      </a>
      <StopButton runId={runId} name={agent ?? runId.slice(0, 8)} rows={[]} />
    </>
  );
}

function open(id: string): void {
  // The router adds the path Grafana is served at by itself.
  locationService.push(approvalLink(id).replace(/^.*(?=\/a\/)/, ''));
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({
    label: 'approval-page',
    overflow: 'auto',
    // The page's frame has a margin of its own, which a footer at the end of the screen must not leave open.
    margin: theme.spacing(-1, -1, -2),
    [theme.breakpoints.down('md')]: { marginBottom: theme.spacing(-1) },
  }),
  column: css({
    display: 'flex',
    flexDirection: 'column',
    minHeight: '100%',
    maxWidth: 760,
    margin: '0 auto',
    background: theme.colors.background.primary,
    '& > article': { flex: 1 },
  }),
  head: css({
    display: 'flex',
    alignItems: 'center',
    minHeight: 40,
    padding: theme.spacing(0, 2),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  link: css({ color: theme.colors.text.link, '&:hover': { textDecoration: 'underline' } }),
});
