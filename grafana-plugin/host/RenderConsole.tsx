import { createRoot } from 'react-dom/client';
import { setPluginPage } from 'plugin-page-slot';
import { ConsoleShell } from './ConsoleShell.tsx';
import { ConsolePage } from './ConsolePage.tsx';
import type { Preferences } from './preferences.ts';
import { provideServices } from './services.ts';
import type { ConsoleSession } from './session.ts';
import { shareModules } from './shared-modules.ts';
import { startTranslations } from './translations.ts';

/** Sets up what a Grafana would and draws the console. */
export async function renderConsole(session: ConsoleSession | null, preferences: Preferences): Promise<void> {
  await startTranslations(preferences.language);
  provideServices();
  // Sharing takes a copy, so the page frame is in place before.
  setPluginPage(ConsolePage);
  shareModules();
  const root = document.getElementById('console');
  if (root) createRoot(root).render(<ConsoleShell session={session} preferences={preferences} />);
}
