import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import type { CollectorStatus } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { CopyButton } from '../../shared/CopyButton.tsx';
import { type Framework, FRAMEWORKS, recipeFor } from './connect-recipes.ts';
import { getPillStyles } from './pill-styles.ts';

/** What to type so that an agent of a chosen framework sends here. */
export function ConnectRecipe({ status }: { status: CollectorStatus }) {
  const styles = useStyles2(getStyles);
  const pills = useStyles2(getPillStyles);
  const [framework, setFramework] = useState<Framework>('langchain-js');
  const { shell, file } = recipeFor(framework, status.otlp.http, status.received.unauthorized > 0);
  return (
    <div className={styles.box}>
      <div className={styles.frameworks} role="group" aria-label={t('connect.framework', 'Framework')}>
        {FRAMEWORKS.map((name) => (
          <button
            key={name}
            type="button"
            className={cx(pills.pill, name === framework && pills.chosen)}
            aria-pressed={name === framework}
            onClick={() => setFramework(name)}
          >
            {frameworkLabel(name)}
          </button>
        ))}
      </div>
      {file ? <Lines name={file.name} text={file.code} /> : null}
      <Lines name={t('connect.shell', 'In a terminal')} text={shell} />
      <p className={styles.note}>
        {t(
          'connect.explain',
          'OTEL_BSP_SCHEDULE_DELAY makes events appear at once instead of every five seconds. A CommonJS agent needs the file with require instead of import.',
        )}
      </p>
    </div>
  );
}

function Lines({ name, text }: { name: string; text: string }) {
  const styles = useStyles2(getStyles);
  return (
    <section>
      <div className={styles.head}>
        <h3 className={styles.name}>{name}</h3>
        <CopyButton text={text} label={t('empty.copy', 'Copy')} />
      </div>
      <pre className={styles.code} tabIndex={0}>
        {text}
      </pre>
    </section>
  );
}

function frameworkLabel(framework: Framework): string {
  const labels: Record<Framework, () => string> = {
    'langchain-js': () => 'LangGraph / LangChain · JS',
    'langchain-python': () => 'LangGraph / LangChain · Python',
    'openai-agents': () => 'OpenAI Agents · Python',
    'ai-sdk': () => 'Vercel AI SDK',
    'gen-ai': () => t('connect.gen-ai', 'Anything with gen_ai spans'),
  };
  return labels[framework]();
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ maxWidth: 720, margin: '0 auto', textAlign: 'left' }),
  frameworks: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5), marginBottom: theme.spacing(1.5) }),
  head: css({ display: 'flex', alignItems: 'center', justifyContent: 'space-between', marginBottom: 4 }),
  name: css({
    margin: 0,
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
    color: theme.colors.text.secondary,
  }),
  code: css({ margin: theme.spacing(0, 0, 1), fontSize: theme.typography.bodySmall.fontSize, overflowX: 'auto' }),
  note: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
});
