import { css, injectGlobal } from '@emotion/css';
import { createTheme, type GrafanaTheme2, ThemeContext } from '@grafana/data';
import { config, LocationServiceProvider, locationService } from '@grafana/runtime';
import { GlobalStyles, PortalContainer, useStyles2 } from '@grafana/ui';
import { useEffect, useMemo, useState } from 'react';
import { TopBar } from './TopBar.tsx';
import { PluginRoute } from './PluginRoute.tsx';
import { type Preferences, resolveTheme, saveTheme, type ThemeChoice } from './preferences.ts';
import type { ConsoleSession } from './session.ts';

// What Grafana's own page brings beside the shared global styles.
injectGlobal({
  '*, *::before, *::after': { boxSizing: 'border-box' },
  body: { margin: 0 },
  a: { textDecoration: 'none' },
});

interface ConsoleShellProps {
  session: ConsoleSession | null;
  preferences: Preferences;
}

/** The console: top bar, theme, and below them what the address names. */
export function ConsoleShell({ session, preferences }: ConsoleShellProps) {
  const [choice, setChoice] = useState<ThemeChoice>(preferences.theme);
  const mode = useResolvedTheme(choice);
  const theme = useMemo(() => createTheme({ colors: { mode } }), [mode]);

  useEffect(() => {
    // Grafana's own code reads the theme from here when it is outside React.
    config.theme2 = theme;
    document.documentElement.style.colorScheme = mode;
  }, [theme, mode]);

  const chooseTheme = (next: ThemeChoice) => {
    saveTheme(next);
    setChoice(next);
  };

  return (
    <LocationServiceProvider service={locationService}>
      <ThemeContext.Provider value={theme}>
        <GlobalStyles />
        <Frame>
          <TopBar session={session} language={preferences.language} theme={choice} onTheme={chooseTheme} />
          <PluginRoute />
        </Frame>
        <PortalContainer />
      </ThemeContext.Provider>
    </LocationServiceProvider>
  );
}

function Frame({ children }: { children: React.ReactNode }) {
  const styles = useStyles2(getStyles);
  useInternalLinks();
  return <div className={styles.frame}>{children}</div>;
}

function useResolvedTheme(choice: ThemeChoice): 'dark' | 'light' {
  const [mode, setMode] = useState(() => resolveTheme(choice));
  const [seen, setSeen] = useState(choice);
  if (seen !== choice) {
    setSeen(choice);
    setMode(resolveTheme(choice));
  }
  useEffect(() => {
    const media = window.matchMedia('(prefers-color-scheme: light)');
    const follow = () => setMode(resolveTheme(choice));
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, [choice]);
  return mode;
}

/** Grafana turns clicks on its own links into navigation without a page load; so does the console. */
function useInternalLinks(): void {
  useEffect(() => {
    const follow = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a[href^="/a/"]') : null;
      const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
      if (!link || !plain || event.defaultPrevented) return;
      event.preventDefault();
      locationService.push(link.getAttribute('href') ?? '/');
    };
    document.addEventListener('click', follow);
    return () => document.removeEventListener('click', follow);
  }, []);
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({
    label: 'console',
    display: 'flex',
    flexDirection: 'column',
    height: '100dvh',
    background: theme.colors.background.canvas,
  }),
});
