import { css, cx } from '@emotion/css';
import type { Approval } from '@signalbox/event-model';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Tab, TabsBar, useStyles2 } from '@grafana/ui';
import { type KeyboardEvent, useRef, useState } from 'react';
import { ApprovalLoader } from '../../control/ApprovalLoader.tsx';
import { useControlScope, usePolled } from '../../control/control-scope.ts';
import { isTyping } from '../../control/PendingBanner.tsx';
import { PolicyLine } from '../../control/PolicyNote.tsx';
import { approvalLink } from '../../shared/app-links.ts';
import { InboxList } from './InboxList.tsx';
import { INBOX_TABS, inScope, type InboxScope, type InboxTab, stepIn, waitingList } from './inbox-shape.ts';
import { useDecided } from './use-decided.ts';
import { useElementWidth } from '../../shared/use-element-width.ts';

interface InboxViewProps {
  scope: InboxScope;
  tab: InboxTab;
  onTab: (tab: InboxTab) => void;
  selectedId: string | null;
  onSelect: (id: string | null) => void;
}

const SIDE_BY_SIDE_FROM = 860;

/** What waits for a person, what was decided, and the one being read. */
export function InboxView(props: InboxViewProps) {
  const { tab, scope, selectedId, onSelect } = props;
  const styles = useStyles2(getStyles);
  const root = useRef<HTMLDivElement>(null);
  const wide = useElementWidth(root) >= SIDE_BY_SIDE_FROM;
  const { list, source, pending, retry } = useInbox(tab, scope);
  const openedId = useOpened(tab, list[0]?.id);
  const shownId = selectedId ?? (wide ? openedId : null);
  const select = (id: string | null) => {
    onSelect(id);
    if (id !== null) focusRow(root.current, id);
  };
  return (
    <div
      ref={root}
      className={styles.root}
      data-testid="inbox"
      onKeyDown={(event) => walk(event, list, shownId, select)}
    >
      <section
        className={cx(styles.list, !wide && shownId !== null && styles.hidden)}
        aria-label={t('inbox.region', 'Approvals')}
      >
        <InboxTabs {...props} pending={pending} />
        <InboxList tab={tab} list={list} source={source} selectedId={shownId} onSelect={onSelect} onRetry={retry} />
        <PolicyLine />
      </section>
      {shownId === null ? null : (
        <Reading
          id={shownId}
          known={list.find((approval) => approval.id === shownId)}
          alone={!wide}
          onSelect={onSelect}
        />
      )}
    </div>
  );
}

/** The list of a tab, and how much waits. */
function useInbox(tab: InboxTab, scope: InboxScope) {
  const { hub } = useControlScope();
  const waiting = usePolled(hub.waiting);
  const pending = waiting.value?.pending ?? [];
  const decided = useDecided(tab, pending.length);
  const waits = tab === 'pending';
  return {
    list: waits ? waitingList(waiting.value, scope) : inScope(decided.value ?? [], scope),
    source: waits ? waiting : decided,
    pending: inScope(pending, scope).length,
    retry: () => hub.waiting.refresh(),
  };
}

/** The first one is opened for the reader, and then stays open: a card must never change under a finger. */
function useOpened(tab: InboxTab, first: string | undefined): string | null {
  const [opened, setOpened] = useState<{ tab: InboxTab; id: string } | null>(null);
  if (first !== undefined && opened?.tab !== tab) setOpened({ tab, id: first });
  return opened?.tab === tab ? opened.id : null;
}

function InboxTabs({ tab, onTab, pending }: InboxViewProps & { pending: number }) {
  const labels: Record<InboxTab, () => string> = {
    pending: () => t('inbox.pending', 'Pending'),
    mine: () => t('inbox.mine', 'Mine'),
    decided: () => t('inbox.decided', 'Decided'),
  };
  return (
    <TabsBar>
      {INBOX_TABS.map((name) => (
        <Tab
          key={name}
          label={labels[name]()}
          active={name === tab}
          counter={name === 'pending' ? pending : null}
          onChangeTab={() => onTab(name)}
        />
      ))}
    </TabsBar>
  );
}

interface ReadingProps {
  id: string;
  known: Approval | undefined;
  alone: boolean;
  onSelect: (id: string | null) => void;
}

function Reading({ id, known, alone, onSelect }: ReadingProps) {
  const styles = useStyles2(getStyles);
  return (
    <section
      className={styles.reading}
      aria-label={t('inbox.reading', 'The approval being read')}
      data-testid="reading"
      tabIndex={-1}
    >
      {alone ? (
        <button type="button" className={styles.back} onClick={() => onSelect(null)}>
          ‹ {t('inbox.back', 'All approvals')}
        </button>
      ) : null}
      <ApprovalLoader
        key={id}
        id={id}
        known={known?.status === 'observed' ? known : undefined}
        onNext={onSelect}
        also={(approval) =>
          approval.status === 'observed' ? null : (
            <a className={styles.link} href={approvalLink(id)}>
              {t('card.own-page', 'On a page of its own')}
            </a>
          )
        }
      />
    </section>
  );
}

/** `j` and `k` walk the list; while something is typed they are letters. */
function walk(
  event: KeyboardEvent,
  list: readonly Approval[],
  id: string | null,
  select: (id: string | null) => void,
): void {
  const step = ({ j: 1, J: 1, k: -1, K: -1 } as const)[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  event.preventDefault();
  select(stepIn(list, id, step));
}

function focusRow(root: HTMLElement | null, id: string): void {
  root?.querySelector<HTMLElement>(`[data-approval-row="${CSS.escape(id)}"]`)?.focus();
}

const getStyles = (theme: GrafanaTheme2) => {
  const box = {
    minWidth: 0,
    minHeight: 0,
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  };
  return {
    root: css({ label: 'inbox', display: 'flex', gap: theme.spacing(1), width: '100%', height: '100%', minHeight: 0 }),
    list: css({ ...box, display: 'flex', flexDirection: 'column', flex: '9 1 0', overflow: 'hidden' }),
    hidden: css({ display: 'none' }),
    reading: css({ ...box, flex: '11 1 0', overflow: 'auto', outline: 'none' }),
    back: css({
      minHeight: 44,
      padding: theme.spacing(0, 2),
      border: 'none',
      background: 'transparent',
      color: theme.colors.text.link,
      font: 'inherit',
    }),
    link: css({ color: theme.colors.text.link, '&:hover': { textDecoration: 'underline' } }),
  };
};
