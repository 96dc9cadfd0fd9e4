import { createBootData } from './boot-data.ts';
import { readPreferences } from './preferences.ts';
import { goToSignIn, readSession } from './session.ts';

/** Grafana's packages read the boot data when they are imported, so it is in place before the console is. */
async function start(): Promise<void> {
  const session = await readSession();
  if (session.kind === 'signed-out') return goToSignIn();
  const preferences = readPreferences();
  document.documentElement.lang = preferences.language;
  Object.assign(window, {
    grafanaBootData: createBootData(session.kind === 'signed-in' ? session.session : null, preferences),
    __grafana_public_path__: '/public/',
  });
  const { renderConsole } = await import('./RenderConsole.tsx');
  await renderConsole(session.kind === 'signed-in' ? session.session : null, preferences);
}

void start();
