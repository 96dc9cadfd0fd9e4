import type { Access } from '../src/api/routing/route.ts';
import { routeTable, type RouteParts } from '../src/api/route-table.ts';
import { GrafanaSigner } from '../src/testing/grafana-signer.ts';
import { READ_KEY, startTestCollector, type TestCollector } from '../src/testing/test-collector.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';

const SECRET = 'the-secret-of-the-proxy';
const PASSWORD = 'a password for the tests';
const SOME_ID = '00000000-0000-4000-8000-000000000000';
const OTHER_ID = '00000000-0000-4000-8000-000000000001';
/** Refusals of the person or the credential; everything else means that the request was let in. */
const REFUSED = new Set([401, 403]);

const grafana = new GrafanaSigner();
let db: TestDatabase;
let collector: TestCollector;
let cookie = '';
let csrf = '';

beforeAll(async () => {
  await grafana.start();
  db = await createTestDatabase();
  collector = await startTestCollector(db.url, {
    SIGNALBOX_PROXY_SECRET: SECRET,
    SIGNALBOX_GRAFANA_ISSUER: grafana.issuer,
    SIGNALBOX_ADMIN_PASSWORD: PASSWORD,
  });
  const signedIn = await fetch(`${collector.api}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ password: PASSWORD }),
  });
  cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const session = await fetch(`${collector.api}/api/session`, { headers: { cookie } });
  csrf = ((await session.json()) as { csrfToken: string }).csrfToken;
});
afterAll(async () => {
  await collector.stop();
  await grafana.stop();
  await db.drop();
});

type Headers = Record<string, string>;
const throughGrafana = async (role: string): Promise<Headers> => ({
  'x-signalbox-proxy': SECRET,
  'x-grafana-id': await grafana.token(`someone-${role}`, role),
});

/** Who may do what: `read` GET routes, `decide` what a person orders, `admin` what is for administrators. */
const IDENTITIES: [string, () => Promise<Headers> | Headers, { read: boolean; decide: boolean; admin: boolean }][] = [
  ['nobody', () => ({}), { read: false, decide: false, admin: false }],
  [
    'a wrong key',
    () => ({ authorization: 'Bearer wrong-key-of-somebody' }),
    { read: false, decide: false, admin: false },
  ],
  ['the read key', () => ({ authorization: `Bearer ${READ_KEY}` }), { read: true, decide: false, admin: false }],
  ['the proxy without a user', () => ({ 'x-signalbox-proxy': SECRET }), { read: true, decide: false, admin: false }],
  [
    'a wrong proxy secret',
    () => ({ 'x-signalbox-proxy': 'not-the-secret' }),
    { read: false, decide: false, admin: false },
  ],
  ['a Viewer through Grafana', () => throughGrafana('Viewer'), { read: true, decide: false, admin: false }],
  ['an Editor through Grafana', () => throughGrafana('Editor'), { read: true, decide: true, admin: false }],
  ['an Admin through Grafana', () => throughGrafana('Admin'), { read: true, decide: true, admin: true }],
  [
    'a Grafana user without the proxy secret',
    async () => ({ 'x-grafana-id': await grafana.token('anna', 'Admin') }),
    { read: false, decide: false, admin: false },
  ],
  ['the console', () => ({ cookie, 'x-signalbox-csrf': csrf }), { read: true, decide: true, admin: true }],
  ['the console without its token', () => ({ cookie }), { read: true, decide: false, admin: true }],
  [
    'the console from another site',
    () => ({ cookie, 'x-signalbox-csrf': csrf, origin: 'https://evil.example' }),
    { read: false, decide: false, admin: false },
  ],
  [
    'a session nobody has',
    () => ({ cookie: 'signalbox_session=forged' }),
    { read: false, decide: false, admin: false },
  ],
];

const ROUTES = routeTable({} as RouteParts).map(({ method, path, access }) => ({ method, path, access }));

/** A body that is right in form, so that only the person can be what is wrong with the request. */
function bodyFor(path: string): unknown {
  const idempotencyKey = 'authorisation-test';
  if (path.endsWith('/decisions')) {
    const items = [SOME_ID, OTHER_ID].map((id) => ({ id, shownHash: 'a'.repeat(64) }));
    return { decision: 'approve', items, idempotencyKey };
  }
  if (path.endsWith('/decision')) return { decision: 'approve', shownHash: 'a'.repeat(64), idempotencyKey };
  if (path.endsWith('/tasks')) return { text: 'a task', idempotencyKey };
  if (path === '/api/agents/{id}/runs') return { text: 'a run', idempotencyKey };
  if (path.endsWith('/plan')) return { change: 'cancel', items: ['1'], idempotencyKey };
  if (path === '/api/stop') return { workflow: 'no such workflow', idempotencyKey };
  return { idempotencyKey };
}

function isAllowed(access: Access, method: string, may: { read: boolean; decide: boolean; admin: boolean }): boolean {
  if (access === 'public') return true;
  if (access === 'admin') return may.admin;
  return method === 'get' ? may.read : may.decide;
}

describe.each(ROUTES)('$method $path', ({ method, path, access }) => {
  test.each(IDENTITIES)('%s', async (_, headersOf, may) => {
    // Signing out ends the session the other cases use; who may do that is the session itself.
    if (path === '/api/session/sign-out') return;
    const headers = await headersOf();
    const target = path.replaceAll(/\{\w+\}/g, SOME_ID);
    const answer = await fetch(`${collector.api}${target}`, {
      method: method.toUpperCase(),
      headers: { ...headers, ...(method === 'post' ? { 'content-type': 'application/json' } : {}) },
      ...(method === 'post' ? { body: JSON.stringify(bodyFor(path)) } : {}),
    });
    await answer.arrayBuffer();

    expect(REFUSED.has(answer.status)).toBe(!isAllowed(access, method, may));
    // Grafana repeats what was answered with 401, and a repeated order is a second order.
    if ('x-signalbox-proxy' in headers || 'x-grafana-id' in headers) expect(answer.status).not.toBe(401);
  });
});

test('every route is in the matrix, and every order needs a person', () => {
  expect(ROUTES.length).toBeGreaterThan(20);
  expect(
    ROUTES.filter(({ method, access }) => method === 'post' && access === 'reader').map(({ path }) => path),
  ).toEqual(['/api/session/sign-out']);
});
