import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { Glyph } from './Glyph.tsx';
import { splitRedactions } from './redaction.ts';

/** Text as it is, with what was taken out of it shown as chips. Never interprets the text as markup. */
export function RedactedText({ text }: { text: string }) {
  const pieces = splitRedactions(text);
  return (
    <>
      {pieces.map((piece, index) =>
        piece.kind === 'text' ? (
          piece.text
        ) : (
          <RedactionChip key={index} rule={piece.rule} fingerprint={piece.fingerprint} />
        ),
      )}
    </>
  );
}

function RedactionChip({ rule, fingerprint }: { rule: string; fingerprint: string }) {
  const styles = useStyles2(getStyles);
  const hint = t(
    'redaction.hint',
    'Taken out by rule "{{rule}}" before storing. Equal marks ({{fingerprint}}) stood for equal values.',
    {
      rule,
      fingerprint,
      interpolation: { escapeValue: false },
    },
  );
  return (
    <span className={styles.chip} title={hint}>
      <Glyph name="lock" size={11} />
      {t('redaction.chip', 'redacted: {{rule}}', { rule, interpolation: { escapeValue: false } })}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  chip: css({
    label: 'redacted',
    display: 'inline-flex',
    alignItems: 'center',
    gap: 3,
    padding: '0 5px',
    borderRadius: theme.shape.radius.default,
    // The warning colour is too faint on its own tint in the light theme.
    color: theme.isDark ? theme.colors.warning.text : theme.colors.text.primary,
    background: theme.colors.warning.transparent,
    whiteSpace: 'nowrap',
    lineHeight: 1.4,
  }),
});
