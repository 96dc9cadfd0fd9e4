import { readFileSync } from 'node:fs';
import path from 'node:path';
import { helpText, settingsTable } from './help.ts';
import { readEnvironment } from './read-environment.ts';

const KEY = 'a-key-of-enough-length';

test('without any setting everything stays on this machine', () => {
  expect(readEnvironment({ PATH: '/bin' })).toMatchObject({
    host: '127.0.0.1',
    grpcPort: 4317,
    httpPort: 4318,
    apiPort: 4320,
    ingestKeys: [],
  });
});

test.each([
  [{ SIGNALBOX_API_PORT: 'eighty' }, /SIGNALBOX_API_PORT must be a port number from 0 to 65535, not "eighty"/],
  [{ SIGNALBOX_API_PORT: '65536' }, /SIGNALBOX_API_PORT must be a port number/],
  [{ SIGNALBOX_COLOUR: 'red' }, /SIGNALBOX_COLOUR is not a setting of this version/],
  [{ DATABASE_URL: 'mysql://x' }, /DATABASE_URL must be a URL like postgresql:/],
  [{ SIGNALBOX_INGEST_KEYS: 'short' }, /SIGNALBOX_INGEST_KEYS must be "name:key" pairs/],
  [{ SIGNALBOX_AGUI_URLS: 'http://127.0.0.1:8000' }, /SIGNALBOX_AGUI_URLS must be "name=url" entries/],
  [{ SIGNALBOX_AGUI_URLS: 'a=http://one,a=http://two' }, /SIGNALBOX_AGUI_URLS must be .* each name once/],
  [{ SIGNALBOX_RETENTION_DAYS: '0' }, /SIGNALBOX_RETENTION_DAYS must be a whole number of days/],
])('%j is refused with its name and what was expected', (environment, message) => {
  expect(() => readEnvironment(environment)).toThrow(message);
});

test('agents are named with their addresses, which may hold an equals sign', () => {
  expect(readEnvironment({ SIGNALBOX_AGUI_URLS: 'coder=http://h:1/a?k=v, writer=https://w' }).aguiAgents).toEqual([
    { name: 'coder', url: 'http://h:1/a?k=v' },
    { name: 'writer', url: 'https://w' },
  ]);
});

test('all faults are named at once, and no secret is repeated', () => {
  const read = () => readEnvironment({ SIGNALBOX_READ_KEY: 'tiny secret', SIGNALBOX_API_PORT: 'x' });

  expect(read).toThrow(/SIGNALBOX_API_PORT.*SIGNALBOX_READ_KEY/);
  expect(read).not.toThrow(/tiny secret/);
});

test.each(['0.0.0.0', '::', '192.0.2.1'])('binding to %s is refused without keys and allowed with them', (host) => {
  const wide = { SIGNALBOX_HOST: host };

  expect(() => readEnvironment(wide)).toThrow(
    /SIGNALBOX_INGEST_KEYS and SIGNALBOX_ADMIN_PASSWORD or SIGNALBOX_PROXY_SECRET/,
  );
  expect(() => readEnvironment({ ...wide, SIGNALBOX_INGEST_KEYS: `a:${KEY}` })).toThrow(/SIGNALBOX_ADMIN_PASSWORD/);
  expect(readEnvironment({ ...wide, SIGNALBOX_INGEST_KEYS: `a:${KEY}`, SIGNALBOX_PROXY_SECRET: KEY }).host).toBe(host);
});

test('the README lists the settings as they are', () => {
  const readme = readFileSync(path.join(import.meta.dirname, '..', '..', '..', 'README.md'), 'utf8');

  const cells = (table: string): string[] =>
    table
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.replace(/\s+/g, ' '));

  expect(cells(readme).filter((line) => /`(SIGNALBOX_|DATABASE_URL|REDIS_URL|OLLAMA_HOST)/.test(line))).toEqual(
    cells(settingsTable()),
  );
  expect(helpText('1.2.3')).toContain('SIGNALBOX_API_PORT');
});
