import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, Modal, useStyles2 } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { Glyph } from '../shared/Glyph.tsx';
import { ApprovalLoader } from './ApprovalLoader.tsx';
import { byUrgency } from './approval-shape.ts';
import { useControlScope, usePolled } from './control-scope.ts';

/** Says that actions wait for a person, of one run or of all; opens only when asked to, and takes no focus by itself. */
export function PendingBanner({ runId }: { runId: string | null }) {
  const styles = useStyles2(getStyles);
  const { hub } = useControlScope();
  const pending = usePolled(hub.waiting).value?.pending ?? [];
  const concerned = byUrgency(pending.filter((approval) => runId === null || approval.runId === runId));
  const [openId, setOpenId] = useState<string | null>(null);
  const [first] = concerned;
  useOpenKey(first?.id ?? null, setOpenId);
  const title = t('card.title', 'Approval');
  return (
    <>
      <div
        role="status"
        className={first ? styles.banner : undefined}
        data-testid={first ? 'pending-banner' : undefined}
      >
        {first ? (
          <>
            <Glyph name="shield" />
            <span>
              {t('pending.wait', '{{count}} actions wait for you', {
                count: concerned.length,
                defaultValue_one: '{{count}} action waits for you',
              })}
            </span>
            <Button size="sm" variant="secondary" onClick={() => setOpenId(first.id)}>
              {t('pending.open', 'Review (Shift+A)')}
            </Button>
          </>
        ) : null}
      </div>
      {openId === null ? null : (
        <Modal title={title} isOpen onDismiss={() => setOpenId(null)} contentClassName={styles.modal}>
          <ApprovalLoader key={openId} id={openId} onNext={setOpenId} />
        </Modal>
      )}
    </>
  );
}

function useOpenKey(id: string | null, open: (id: string) => void): void {
  useEffect(() => {
    if (id === null) return undefined;
    const onKey = (event: KeyboardEvent) => {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (event.key !== 'A' || !event.shiftKey || !plain || isTyping(event.target)) return;
      event.preventDefault();
      open(id);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [id, open]);
}

/** Whether keys go into a text now. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  banner: css({
    label: 'pending-banner',
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(1),
    padding: theme.spacing(0.5, 1.5),
    minHeight: 36,
    // The warning colour is too faint on its own tint in the light theme.
    color: theme.isDark ? theme.colors.warning.text : theme.colors.text.primary,
    background: theme.colors.warning.transparent,
    border: `1px solid ${theme.colors.warning.border}`,
    borderRadius: theme.shape.radius.default,
  }),
  // Twice the class, for Grafana sets another padding on narrow screens.
  modal: css({ '&&': { padding: 0 }, overflow: 'auto' }),
});
