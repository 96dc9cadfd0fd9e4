import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { getPillStyles } from './pill-styles.ts';

interface PillMenuProps {
  /** What the group of choices is called. */
  name: string;
  /** What the pill says; its name where it says nothing else. */
  text?: string;
  chosen?: boolean;
  children: () => ReactNode;
}

/** A pill that opens a list of choices below it. */
export function PillMenu({ name, text = name, chosen = false, children }: PillMenuProps) {
  const pills = useStyles2(getPillStyles);
  const styles = useStyles2(getStyles);
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useOutsideClose(box, open, () => setOpen(false));
  return (
    <div
      ref={box}
      className={styles.box}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        setOpen(false);
        button.current?.focus();
      }}
    >
      <button
        ref={button}
        type="button"
        className={cx(pills.pill, chosen && pills.chosen)}
        aria-expanded={open}
        aria-haspopup="true"
        onClick={() => setOpen(!open)}
      >
        <span className={styles.name}>{text}</span> <span aria-hidden>▾</span>
      </button>
      {open ? (
        <div className={styles.menu} role="group" aria-label={name}>
          {children()}
        </div>
      ) : null}
    </div>
  );
}

function useOutsideClose(box: RefObject<HTMLElement | null>, open: boolean, close: () => void): void {
  useEffect(() => {
    if (!open) return undefined;
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) close();
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  });
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ position: 'relative', display: 'inline-flex' }),
  name: css({ overflow: 'hidden', textOverflow: 'ellipsis' }),
  menu: css({
    label: 'choices',
    position: 'absolute',
    top: '100%',
    left: 0,
    zIndex: theme.zIndex.dropdown,
    marginTop: 4,
    minWidth: 220,
    maxWidth: 320,
    maxHeight: 320,
    overflowY: 'auto',
    padding: theme.spacing(0.5),
    background: theme.colors.background.elevated ?? theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z3,
  }),
});
