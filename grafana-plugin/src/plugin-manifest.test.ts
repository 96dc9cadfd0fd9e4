import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const source = __dirname;

interface Manifest {
  id: string;
  type: string;
  name: string;
  info: {
    description: string;
    keywords: string[];
    version: string;
    logos: Record<string, string>;
    screenshots: { path: string }[];
  };
  languages: string[];
  includes?: { type: string; path: string; role?: string }[];
  roles?: { role: { name: string; permissions: { action: string }[] }; grants: string[] }[];
  routes?: {
    path: string;
    method: string;
    url?: string;
    reqAction?: string;
    reqRole?: string;
    headers?: { name: string; content: string }[];
  }[];
  dependencies: { grafanaDependency: string };
  backend?: boolean;
  alerting?: boolean;
}

function read(file: string): Manifest {
  return JSON.parse(readFileSync(path.join(source, file), 'utf8')) as Manifest;
}

const files = globSync('**/plugin.json', { cwd: source })
  .map((file) => file.replaceAll(path.sep, '/'))
  .sort();
const app = read('plugin.json');
const datasource = read('datasource/plugin.json');

describe('plugin manifests', () => {
  test('are these four', () => {
    expect(Object.fromEntries(files.map((file) => [file, read(file).id]))).toEqual({
      'datasource/plugin.json': 'signalbox-events-datasource',
      'panels/approvals/plugin.json': 'signalbox-approvals-panel',
      'panels/event-feed/plugin.json': 'signalbox-eventfeed-panel',
      'plugin.json': 'signalbox-agents-app',
    });
  });

  test.each(files)('%s is complete', (file) => {
    const manifest = read(file);
    const folder = path.dirname(path.join(source, file));

    expect(manifest.id).toMatch(new RegExp(`^[0-9a-z]+-([0-9a-z]+-)?${manifest.type}$`));
    expect(manifest.info.version).toBe('%VERSION%');
    expect(manifest.info.description).not.toBe('');
    expect(manifest.info.keywords.length).toBeGreaterThan(0);
    expect(manifest.dependencies.grafanaDependency).toBe('>=12.2.5');
    expect(manifest.languages).toEqual(['en-US', 'ru-RU']);
    const pictures = [...Object.values(manifest.info.logos), ...manifest.info.screenshots.map((shot) => shot.path)];
    for (const picture of pictures) expect(existsSync(path.join(folder, picture))).toBe(true);
  });

  test('logos hold no scripts and load nothing', () => {
    for (const logo of globSync('**/img/*.svg', { cwd: source })) {
      expect(readFileSync(path.join(source, logo), 'utf8')).not.toMatch(/<script|<image|href=|on\w+=|<foreignObject/i);
    }
  });

  test('every nested plugin is included, and its file is there', () => {
    const nested = (app.includes ?? []).filter((include) => include.type !== 'page').map((include) => include.path);

    expect(nested.sort()).toEqual(files.filter((file) => file !== 'plugin.json'));
  });

  test('pages are open to those who may read', () => {
    const pages = (app.includes ?? []).filter((include) => include.path.startsWith('/a/'));

    expect(pages.map((page) => [page.path.split('/').at(-1), page.role])).toEqual([
      ['feed', 'Viewer'],
      ['approvals', 'Viewer'],
    ]);
  });

  test('app routes: one method each, the prefix kept, both secrets added on the server', () => {
    for (const route of app.routes ?? []) {
      const prefix = route.path.replace('/*', '');
      // The proxy appends only what one wildcard at the end matched, so the prefix must be in the URL, and a wildcard
      // in the middle would be lost.
      expect(route.path).toMatch(/^[a-z/]+(\/\*)?$/);
      expect(route.url).toBe(`{{ .JsonData.collectorUrl }}/${prefix}`);
      expect(route.headers).toEqual([
        { name: 'Authorization', content: 'Bearer {{ .SecureJsonData.readKey }}' },
        { name: 'X-Signalbox-Proxy', content: '{{ .SecureJsonData.proxySecret }}' },
      ]);
    }
    const known = app.routes?.map((route) => `${route.method} ${route.path}`);
    expect(known).toEqual([
      'GET api/*',
      'POST api/approvals/*',
      'POST api/runs/*',
      'POST api/agents/*',
      'POST api/stop',
      'GET ws/*',
    ]);
  });

  test('what changes something asks for a right that Editors have and Viewers do not', () => {
    const granted = new Map(
      (app.roles ?? []).flatMap(({ role, grants }) => role.permissions.map(({ action }) => [action, grants] as const)),
    );
    for (const route of app.routes ?? []) {
      if (route.method === 'GET') expect([route.reqAction, route.reqRole]).toEqual([undefined, undefined]);
      else expect([granted.get(route.reqAction ?? ''), route.reqRole]).toEqual([['Editor'], 'Editor']);
      if (route.reqAction) expect(route.reqAction.startsWith(`${app.id}.`)).toBe(true);
    }
  });

  test('the data source reads only: GET with the read key, never the proxy secret', () => {
    expect(datasource.backend).toBe(false);
    expect(datasource.alerting).toBe(false);
    for (const route of datasource.routes ?? []) {
      expect(route.method).toBe('GET');
      expect(JSON.stringify(route)).not.toContain('proxySecret');
      expect(route.headers?.[0]?.content).toBe('Bearer {{ .SecureJsonData.readKey }}');
    }
  });
});
