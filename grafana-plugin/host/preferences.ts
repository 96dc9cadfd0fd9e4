/** Languages the console speaks. */
export type ConsoleLanguage = 'en-US' | 'ru-RU';

/** Colour scheme the visitor asked for; `system` follows the operating system. */
export type ThemeChoice = 'dark' | 'light' | 'system';

/** What the visitor chose, kept in this browser. */
export interface Preferences {
  language: ConsoleLanguage;
  theme: ThemeChoice;
}

const LANGUAGE_KEY = 'signalbox.language';
const THEME_KEY = 'signalbox.theme';

/** Reads the visitor's choices; without one, the browser's language and colour scheme decide. */
export function readPreferences(): Preferences {
  const language = read(LANGUAGE_KEY);
  const theme = read(THEME_KEY);
  return {
    language: isLanguage(language) ? language : navigator.language.startsWith('ru') ? 'ru-RU' : 'en-US',
    theme: theme === 'dark' || theme === 'light' ? theme : 'system',
  };
}

/** Keeps the language for the next page load. */
export function saveLanguage(language: ConsoleLanguage): void {
  write(LANGUAGE_KEY, language);
}

/** Keeps the colour scheme. */
export function saveTheme(theme: ThemeChoice): void {
  write(THEME_KEY, theme);
}

/** The colour scheme to draw now. */
export function resolveTheme(choice: ThemeChoice): 'dark' | 'light' {
  if (choice !== 'system') return choice;
  return window.matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

function isLanguage(value: string | null): value is ConsoleLanguage {
  return value === 'en-US' || value === 'ru-RU';
}

function read(key: string): string | null {
  try {
    return window.localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    window.localStorage.setItem(key, value);
  } catch {
    // Storage may be blocked; the choice then lasts as long as the page.
  }
}
