import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { Approval, Problem } from '@signalbox/event-model';
import { GrafanaSigner } from '../src/testing/grafana-signer.ts';
import { TestAgent } from '../src/testing/test-agent.ts';
import { READ_KEY, startTestCollector, type TestCollector } from '../src/testing/test-collector.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';

const SECRET = 'the-secret-of-the-proxy';
const grafana = new GrafanaSigner();
const other = new GrafanaSigner();
let db: TestDatabase;
let collector: TestCollector;
let approval: Approval;
let keys = 0;

beforeAll(async () => {
  await Promise.all([grafana.start(), other.start()]);
  db = await createTestDatabase();
  collector = await startTestCollector(db.url, {
    SIGNALBOX_PROXY_SECRET: SECRET,
    SIGNALBOX_GRAFANA_ISSUER: grafana.issuer,
  });
  const agent = new TestAgent(collector.api, 'asks');
  await agent.connect();
  agent.send({ type: 'approval.request', id: 'r1', action: 'delete', args: { path: '/srv' } });
  await agent.until(() => agent.frames.some((frame) => frame.type === 'approval.stored'));
  const { approvals } = await collector.get<{ approvals: Approval[] }>('/api/approvals');
  approval = approvals[0] as Approval;
});
afterAll(async () => {
  await collector.stop();
  await Promise.all([grafana.stop(), other.stop()]);
  await db.drop();
});

type Headers = Record<string, string>;

async function decide(headers: Headers, body: unknown = undefined): Promise<{ status: number; body: Problem }> {
  keys += 1;
  const answer = await fetch(`${collector.api}/api/approvals/${approval.id}/decision`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(
      body ?? { decision: 'approve', shownHash: approval.shownHash, idempotencyKey: `token-test-${keys}` },
    ),
  });
  return { status: answer.status, body: (await answer.json()) as Problem };
}

const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = (more = {}) => {
  const now = Math.floor(Date.now() / 1000);
  const base = { aud: 'org:1', iss: grafana.issuer, sub: 'user:1', type: 'user', username: 'eve', role: 'Admin' };
  return { ...base, iat: now, exp: now + 600, ...more };
};
const past = Math.floor(Date.now() / 1000) - 3600;

const FORGED: [string, () => Promise<string> | string, string][] = [
  ['of no algorithm', () => `${b64({ alg: 'none' })}.${b64(claims())}.`, 'bad_token'],
  [
    'signed with the public key as a password',
    () => {
      const head = `${b64({ alg: 'HS256', kid: 'id-1' })}.${b64(claims())}`;
      return `${head}.${createHmac('sha256', JSON.stringify(grafana.publicKeys[0])).update(head).digest('base64url')}`;
    },
    'bad_token',
  ],
  [
    'signed with a key of the forger under a known name',
    () => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const head = `${b64({ alg: 'ES256', kid: 'id-1' })}.${b64(claims())}`;
      const signature = sign('sha256', Buffer.from(head), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${head}.${signature.toString('base64url')}`;
    },
    'bad_token',
  ],
  ['of a key nobody knows', () => grafana.token('eve', 'Admin', {}, { kid: 'id-99' }), 'bad_token'],
  ['of another Grafana', () => other.token('eve', 'Admin'), 'bad_token'],
  ['of another Grafana that names ours', () => other.token('eve', 'Admin', { iss: grafana.issuer }), 'bad_token'],
  ['of another organisation', () => grafana.token('eve', 'Admin', { aud: 'org:2' }), 'bad_token'],
  ['that expired', () => grafana.token('eve', 'Admin', { iat: past, exp: past + 600 }), 'expired_token'],
  ['that never expires', () => grafana.token('eve', 'Admin', { exp: undefined }), 'bad_token'],
  [
    'issued long ago for a long time',
    () => grafana.token('eve', 'Admin', { iat: past, exp: past + 7200 }),
    'expired_token',
  ],
  ['of a service account', () => grafana.token('sa-1', 'Admin', { type: 'service-account' }), 'not_a_user'],
  ['of an anonymous visitor', () => grafana.token('anon', 'Admin', { type: 'anonymous' }), 'not_a_user'],
  ['without a name', () => grafana.token('', 'Admin'), 'bad_token'],
  [
    'whose claims were changed',
    async () => {
      const [head = '', , signature = ''] = (await grafana.token('vera', 'Viewer')).split('.');
      return `${head}.${b64(claims())}.${signature}`;
    },
    'bad_token',
  ],
  ['cut short', async () => (await grafana.token('anna', 'Editor')).slice(0, -8), 'bad_token'],
  [
    'sent twice',
    async () => `${await grafana.token('anna', 'Editor')}, ${await grafana.token('eve', 'Admin')}`,
    'bad_token',
  ],
];

test.each(FORGED)('a token %s decides nothing', async (_, make, code) => {
  const answer = await decide({ 'x-signalbox-proxy': SECRET, 'x-grafana-id': await make() });

  expect(answer).toMatchObject({ status: 403, body: { code } });
});

test.each<[string, () => Promise<Headers>, number]>([
  [
    'a true token without the secret of the proxy',
    async () => ({ 'x-grafana-id': await grafana.token('anna', 'Editor') }),
    403,
  ],
  [
    'a true token with a wrong secret',
    async () => ({ 'x-signalbox-proxy': 'wrong', 'x-grafana-id': await grafana.token('anna', 'Editor') }),
    403,
  ],
  [
    'unsigned names only',
    () =>
      Promise.resolve({
        'x-signalbox-proxy': SECRET,
        'x-grafana-user': 'anna',
        'x-grafana-context': '{"role":"Admin"}',
      }),
    403,
  ],
  ['the read key', () => Promise.resolve({ authorization: `Bearer ${READ_KEY}` }), 403],
  [
    'the read key and a true token',
    async () => ({ authorization: `Bearer ${READ_KEY}`, 'x-grafana-id': await grafana.token('anna', 'Editor') }),
    403,
  ],
  ['nothing', () => Promise.resolve({}), 401],
  [
    'a form of another site',
    async () => ({
      'x-signalbox-proxy': SECRET,
      'x-grafana-id': await grafana.token('anna', 'Editor'),
      'content-type': 'text/plain',
    }),
    415,
  ],
])('%s decides nothing', async (_, headers, status) => {
  expect((await decide(await headers())).status).toBe(status);
});

test('keys may rotate, and clocks may differ by a little', async () => {
  await grafana.rotate('id-2');
  const now = Math.floor(Date.now() / 1000);

  const fresh = { 'x-signalbox-proxy': SECRET, 'x-grafana-id': await grafana.token('vera', 'Viewer') };
  let rotated = await decide(fresh);
  // Unknown keys are looked up once a second at most, and a forged one was looked up just now.
  while (rotated.body.code === 'bad_token') rotated = await decide(fresh);
  const skewed = await grafana.token('vera', 'Viewer', { iat: now + 10, exp: now - 10 });
  const late = await decide({ 'x-signalbox-proxy': SECRET, 'x-grafana-id': skewed });

  expect([rotated.body.code, late.body.code]).toEqual(['not_allowed', 'not_allowed']);
});

test('with Grafana away known keys hold, unknown ones wait for it', async () => {
  await decide({ 'x-signalbox-proxy': SECRET, 'x-grafana-id': await grafana.token('vera', 'Viewer') });
  grafana.down = true;
  const known = await decide({ 'x-signalbox-proxy': SECRET, 'x-grafana-id': await grafana.token('vera', 'Viewer') });
  const fresh = await startTestCollector(db.url, {
    SIGNALBOX_PROXY_SECRET: SECRET,
    SIGNALBOX_GRAFANA_ISSUER: grafana.issuer,
  });
  const answer = await fetch(`${fresh.api}/api/approvals/${approval.id}/decision`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-signalbox-proxy': SECRET,
      'x-grafana-id': await grafana.token('anna', 'Editor'),
    },
    body: '{}',
  });
  grafana.down = false;
  await fresh.stop();

  expect(known).toMatchObject({ status: 403, body: { code: 'not_allowed' } });
  expect(answer.status).toBe(503);
});

test('after all of that the approval still waits', async () => {
  expect((await collector.get<Approval>(`/api/approvals/${approval.id}`)).status).toBe('pending');
});
