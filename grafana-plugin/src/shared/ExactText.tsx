import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { AS_IS } from './as-is.ts';
import { splitInvisible } from './invisible-text.ts';
import { RedactedText } from './RedactedText.tsx';

/** Text in which nothing can hide: what would not be seen, or would turn the order of letters around, is a mark. */
export function ExactText({ text }: { text: string }) {
  return (
    <bdi>
      {splitInvisible(text).map((piece, index) =>
        piece.kind === 'text' ? (
          <RedactedText key={index} text={piece.text} />
        ) : (
          <InvisibleMark key={index} code={piece.code} />
        ),
      )}
    </bdi>
  );
}

function InvisibleMark({ code }: { code: string }) {
  const styles = useStyles2(getStyles);
  const hint = t('exact.hint', 'A character that is not seen ({{code}}). It is part of what is sent.', {
    code,
    ...AS_IS,
  });
  return (
    <span className={styles.mark} title={hint} data-testid="invisible">
      {code}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  mark: css({
    label: 'invisible',
    margin: '0 1px',
    padding: '0 3px',
    borderRadius: theme.shape.radius.default,
    border: `1px solid ${theme.colors.error.border}`,
    color: theme.colors.error.text,
    fontSize: '0.85em',
    whiteSpace: 'nowrap',
  }),
});
