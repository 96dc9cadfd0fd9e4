import { type Preferences, resolveTheme } from './preferences.ts';
import type { ConsoleSession } from './session.ts';

/** The part of Grafana's boot data that its packages and our plugin read. */
export function createBootData(session: ConsoleSession | null, preferences: Preferences): object {
  return {
    user: {
      isSignedIn: session !== null,
      id: 1,
      uid: session?.user.login ?? '',
      login: session?.user.login ?? '',
      name: session?.user.name ?? '',
      email: '',
      orgId: 1,
      orgRole: grafanaRole(session?.user.role),
      isGrafanaAdmin: false,
      theme: resolveTheme(preferences.theme),
      timezone: 'browser',
      weekStart: 'browser',
      language: preferences.language,
      regionalFormat: preferences.language,
      permissions: { 'plugins.app:access': true },
    },
    settings: {
      appSubUrl: '',
      apps: {},
      panels: {},
      datasources: {},
      featureToggles: {},
      buildInfo: { version: '12.4.10', env: 'production', edition: 'Open Source' },
    },
    navTree: [],
  };
}

function grafanaRole(role: string | undefined): string {
  const known = ['Viewer', 'Editor', 'Admin'].find((name) => name.toLowerCase() === role?.toLowerCase());
  return known ?? 'Viewer';
}
