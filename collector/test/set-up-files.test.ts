import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SETTINGS } from '../src/config/settings.ts';

const root = path.join(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const PLUGINS = [
  'signalbox-agents-app',
  'signalbox-eventfeed-panel',
  'signalbox-approvals-panel',
  'signalbox-events-datasource',
];

test('every environment variable of the compose file is a setting of the collector', () => {
  const compose = read('docker-compose.yml');
  const collector = compose.slice(compose.indexOf('\n  collector:'), compose.indexOf('\n  plugin:'));
  const names = [...collector.matchAll(/^ {6}(SIGNALBOX_\w+|DATABASE_URL|REDIS_URL):/gm)].map((match) => match[1]);
  const known = SETTINGS.map((setting) => setting.name as string);

  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !known.includes(name ?? ''))).toEqual([]);
});

test('the compose file allows exactly our unsigned plugins, knows no anonymous access and no default password', () => {
  const compose = read('docker-compose.yml');

  expect(/ALLOW_LOADING_UNSIGNED_PLUGINS: (.*)/.exec(compose)?.[1]?.split(',')).toEqual(PLUGINS);
  expect(compose).toContain("GF_AUTH_ANONYMOUS_ENABLED: 'false'");
  const secrets = [...compose.matchAll(/^ +\w*(PASSWORD|SECRET|KEY|KEYS): (.*)$/gm)].map((match) => match[2] ?? '');
  expect(secrets.length).toBeGreaterThan(5);
  expect(secrets.filter((value) => !value.includes(':?'))).toEqual([]);
  for (const image of compose.matchAll(/image: (\S+)/g)) expect(image[1]).toMatch(/:\d+\.\d+/);
});

test('the secrets that compose asks for are the ones the env script writes', () => {
  const asked = new Set([...read('docker-compose.yml').matchAll(/\$\{(\w+):\?/g)].map((match) => match[1]));
  const written = new Set([...read('scripts/make-env.mjs').matchAll(/^ {2}'(\w+)',$/gm)].map((match) => match[1]));

  expect(written).toEqual(asked);
});

test('ports other than Grafana stay on this machine', () => {
  const ports = [...read('docker-compose.yml').matchAll(/^ {6}- '([\d.:]+)'$/gm)].map((match) => match[1] ?? '');

  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual(['3000:3000']);
});

test('provisioning and dashboards name our plugins and one data source uid', () => {
  const uid = /uid: (\S+)/.exec(read('provisioning/datasources/signalbox.yaml'))?.[1];

  expect(uid).toBe('signalbox-events');
  expect(read('provisioning/datasources/signalbox.yaml')).toContain('type: signalbox-events-datasource');
  expect(read('provisioning/plugins/signalbox.yaml')).toContain('type: signalbox-agents-app');
  for (const name of readdirSync(path.join(root, 'dashboards'))) {
    const dashboard = JSON.parse(read(`dashboards/${name}`)) as {
      id: unknown;
      uid: string;
      title: string;
      schemaVersion: number;
      panels: { type: string }[];
    };
    expect(dashboard).toMatchObject({ id: null, uid: expect.stringMatching(/^signalbox-/) as string });
    expect(dashboard.title).not.toBe('');
    expect(dashboard.schemaVersion).toBeLessThanOrEqual(41);
    expect(dashboard.panels.every((panel) => PLUGINS.includes(panel.type))).toBe(true);
    expect(JSON.stringify(dashboard)).toContain('signalbox-events-datasource');
  }
});
