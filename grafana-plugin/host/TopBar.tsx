import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { type ConsoleLanguage, saveLanguage, type ThemeChoice } from './preferences.ts';
import { type ConsoleSession, signOut } from './session.ts';

interface TopBarProps {
  session: ConsoleSession | null;
  language: ConsoleLanguage;
  theme: ThemeChoice;
  onTheme: (theme: ThemeChoice) => void;
}

/** Product name and the visitor's choices; the app brings its own navigation. */
export function TopBar({ session, language, theme, onTheme }: TopBarProps) {
  const styles = useStyles2(getStyles);
  return (
    <header className={styles.bar}>
      <a className={styles.brand} href="/a/signalbox-agents-app/feed" aria-label="Signalbox">
        <img src="/public/host/logo.svg" alt="" width={24} height={24} />
        <span className={styles.name}>Signalbox</span>
      </a>
      {session?.demo ? (
        <span
          className={styles.demo}
          title={t('console.demo-hint', 'Recorded runs of real agents are being replayed.')}
        >
          {t('console.demo', 'Demo data')}
        </span>
      ) : null}
      <div className={styles.choices}>
        <LanguageChoice language={language} />
        <ThemeSelect theme={theme} onTheme={onTheme} />
        {session ? (
          <button
            type="button"
            className={styles.button}
            onClick={() => void signOut(session.csrfToken)}
            title={session.user.name}
          >
            {t('console.sign-out', 'Sign out')}
          </button>
        ) : null}
      </div>
    </header>
  );
}

function LanguageChoice({ language }: { language: ConsoleLanguage }) {
  const styles = useStyles2(getStyles);
  const choose = (next: string) => {
    saveLanguage(next as ConsoleLanguage);
    // Texts are fixed when the plugin is loaded, as in Grafana, where this also needs a page load.
    window.location.reload();
  };
  return (
    <select
      className={styles.select}
      value={language}
      aria-label={t('console.language', 'Language')}
      onChange={(event) => choose(event.target.value)}
    >
      <option value="en-US">English</option>
      <option value="ru-RU">Русский</option>
    </select>
  );
}

function ThemeSelect({ theme, onTheme }: { theme: ThemeChoice; onTheme: (theme: ThemeChoice) => void }) {
  const styles = useStyles2(getStyles);
  return (
    <select
      className={styles.select}
      value={theme}
      aria-label={t('console.theme', 'Colours')}
      onChange={(event) => onTheme(event.target.value as ThemeChoice)}
    >
      <option value="dark">{t('console.theme-dark', 'Dark')}</option>
      <option value="light">{t('console.theme-light', 'Light')}</option>
      <option value="system">{t('console.theme-system', 'System')}</option>
    </select>
  );
}

const controlStyle = (theme: GrafanaTheme2) => ({
  width: 'auto',
  height: 28,
  padding: theme.spacing(0, 1),
  color: theme.colors.text.primary,
  background: theme.colors.background.primary,
  border: `1px solid ${theme.colors.border.medium}`,
  borderRadius: theme.shape.radius.default,
  font: 'inherit',
  fontSize: theme.typography.bodySmall.fontSize,
  '&:hover': { background: theme.colors.action.hover },
  [theme.breakpoints.down('md')]: { height: 36 },
});

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    label: 'top-bar',
    display: 'flex',
    alignItems: 'center',
    flexWrap: 'wrap',
    gap: theme.spacing(1, 2),
    minHeight: 41,
    padding: theme.spacing(0.5, 2),
    background: theme.colors.background.primary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    [theme.breakpoints.down('md')]: { padding: theme.spacing(0.5, 1), gap: theme.spacing(1) },
  }),
  brand: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    fontWeight: theme.typography.fontWeightMedium,
    color: theme.colors.text.primary,
  }),
  name: css({ [theme.breakpoints.down('sm')]: { display: 'none' } }),
  demo: css({
    padding: theme.spacing(0.25, 1),
    borderRadius: theme.shape.radius.pill,
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.warning.text,
    border: `1px solid ${theme.colors.warning.border}`,
  }),
  choices: css({ display: 'flex', gap: theme.spacing(1), marginLeft: 'auto' }),
  select: css(controlStyle(theme)),
  button: css(controlStyle(theme)),
});
