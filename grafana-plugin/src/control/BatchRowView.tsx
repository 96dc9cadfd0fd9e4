import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Checkbox, useStyles2 } from '@grafana/ui';
import { type RefObject, useEffect, useRef } from 'react';
import { ExactText } from '../shared/ExactText.tsx';
import { Glyph } from '../shared/Glyph.tsx';
import { useNow } from '../shared/use-now.ts';
import { ActionCode } from './ActionCode.tsx';
import { getCardStyles } from './card-styles.ts';
import { useControlScope } from './control-scope.ts';
import { ExpiryChip } from './ExpiryChip.tsx';
import type { BatchRow } from './use-batch.ts';

interface BatchRowViewProps {
  row: BatchRow;
  onTick: (ticked: boolean) => void;
  onWhole: () => void;
}

/** One request of a batch with the exact call; it can be ticked once all of the call is on the screen. */
export function BatchRowView({ row, onTick, onWhole }: BatchRowViewProps) {
  const styles = useStyles2(getCardStyles);
  const own = useStyles2(getStyles);
  const { timeZone } = useControlScope();
  const now = useNow(true);
  const { approval, state, ticked, whole, fault } = row;
  const why = whyNot(row);
  const line = useInSight(fault !== null);
  return (
    <li
      ref={line}
      className={own.row}
      data-testid="batch-row"
      data-id={approval.id}
      data-fault={fault !== null || undefined}
    >
      <div className={styles.chips}>
        <Checkbox
          label={approval.question ?? approval.action}
          value={ticked}
          disabled={state !== 'open' || !whole}
          onChange={(event) => onTick(event.currentTarget.checked)}
        />
        <span className={styles.push}>
          <ExpiryChip approval={approval} now={now} timeZone={timeZone} />
        </span>
      </div>
      {why === null ? null : <p className={styles.note}>{why}</p>}
      {fault === null ? null : (
        <p className={own.fault}>
          <Glyph name="alert" /> <ExactText text={fault} />
        </p>
      )}
      {approval.reason === null ? null : (
        <p className={styles.note}>
          “<ExactText text={approval.reason} />”
        </p>
      )}
      <ActionCode
        action={approval.action}
        args={approval.args}
        hash={approval.shownHash}
        whole={whole}
        onWhole={onWhole}
      />
    </li>
  );
}

function useInSight(wanted: boolean): RefObject<HTMLLIElement> {
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (wanted) line.current?.scrollIntoView({ block: 'start' });
  }, [wanted]);
  return line;
}

function whyNot({ state, whole }: BatchRow): string | null {
  if (state === 'gone') return t('batch.gone', 'It no longer waits for a decision.');
  if (state === 'changed')
    return t('batch.changed', 'It has changed since this list was opened. Decide it on its own.');
  return whole ? null : t('batch.not-seen', 'Show all of it to be able to tick it.');
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({
    label: 'batch-row',
    padding: theme.spacing(1, 0),
    borderTop: `1px solid ${theme.colors.border.weak}`,
    '&:first-of-type': { borderTop: 'none' },
    '&[data-fault]': {
      paddingLeft: theme.spacing(1),
      borderLeft: `2px solid ${theme.colors.error.border}`,
    },
  }),
  fault: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    margin: theme.spacing(0.5, 0),
    color: theme.colors.error.text,
  }),
});
