import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { followPolicy, parsePolicy } from './policy-file.ts';
import {
  DEFAULT_POLICY,
  mayDecide,
  maySteer,
  weighRisk,
  timeLimitMs,
  votesNeeded,
  type Asker,
  type Role,
} from './policy.ts';

const asker = (login: string, role: Role): Asker => ({ principal: { login, name: login, via: 'grafana' }, role });
const matter = (more = {}) => ({ action: 'publish', workflow: 'reports', risk: 'medium', startedBy: null, ...more });

describe('without a policy file', () => {
  test.each<[Role, boolean]>([
    ['Viewer', false],
    ['Editor', true],
    ['Admin', true],
  ])('a %s may decide: %s', (role, allowed) => {
    expect(mayDecide(DEFAULT_POLICY, asker('anna', role), matter())).toMatchObject({
      allowed,
      who: ['Editor', 'Admin'],
    });
    expect(maySteer(DEFAULT_POLICY, asker('anna', role), null).allowed).toBe(allowed);
  });
});

const POLICY = parsePolicy(
  JSON.stringify({
    approvers: [
      { logins: ['anna'], tools: ['delete_*'], maxRisk: 'critical' },
      { roles: ['Editor'], workflows: ['reports'], maxRisk: 'high' },
    ],
    operators: [{ roles: ['Admin'] }],
    twoPerson: ['critical'],
    timeLimitMinutes: { high: 10 },
    risks: [
      { tool: 'delete_*', risk: 'critical' },
      { tool: 'publish', workflow: 'public-*', risk: 'high' },
    ],
  }),
);

describe('a policy', () => {
  test.each<[string, Asker, object, boolean]>([
    ['an Editor in the workflow', asker('boris', 'Editor'), {}, true],
    ['an Editor in another workflow', asker('boris', 'Editor'), { workflow: 'payments' }, false],
    ['an Editor above the risk', asker('boris', 'Editor'), { risk: 'critical' }, false],
    ['an Admin nobody named', asker('root', 'Admin'), {}, false],
    [
      'a login for its tools',
      asker('anna', 'Viewer'),
      { action: 'delete_disk', risk: 'critical', workflow: null },
      true,
    ],
    ['a login for other tools', asker('anna', 'Viewer'), {}, false],
    ['a risk in words nobody knows', asker('boris', 'Editor'), { risk: 'terrible' }, false],
    ['whoever started the run', asker('boris', 'Editor'), { startedBy: 'boris' }, false],
  ])('%s', (_, who, about, allowed) => {
    const may = mayDecide(POLICY, who, matter(about));

    expect(may.allowed).toBe(allowed);
    expect(may.reason === null).toBe(allowed);
  });

  test('names who can instead', () => {
    expect(mayDecide(POLICY, asker('vera', 'Viewer'), matter({ action: 'delete_disk', risk: 'critical' })).who).toEqual(
      ['anna'],
    );
  });

  test('rules the risk of actions; what the agent says counts where it rules nothing', () => {
    expect(weighRisk(POLICY, { action: 'delete_disk', workflow: null, risk: 'low' }).risk).toBe('critical');
    expect(weighRisk(POLICY, { action: 'publish', workflow: 'public-site', risk: null }).risk).toBe('high');
    expect(weighRisk(POLICY, { action: 'publish', workflow: 'internal', risk: 'low' }).risk).toBe('low');
    expect(weighRisk(POLICY, { action: 'publish', workflow: 'internal', risk: 'odd' }).risk).toBe('medium');
  });

  test('limits how long a request waits, whatever the agent asks', () => {
    expect(timeLimitMs(POLICY, 'high', null)).toBe(600_000);
    expect(timeLimitMs(POLICY, 'high', 5_000)).toBe(5_000);
    expect(timeLimitMs(POLICY, 'high', 86_400_000)).toBe(600_000);
    expect(timeLimitMs(POLICY, 'low', null)).toBe(3_600_000);
  });

  test('wants two people where it says so', () => {
    expect([votesNeeded(POLICY, 'critical'), votesNeeded(POLICY, 'high')]).toEqual([2, 1]);
  });

  test('says who may steer apart from who may decide', () => {
    expect(maySteer(POLICY, asker('boris', 'Editor'), 'reports').allowed).toBe(false);
    expect(maySteer(POLICY, asker('root', 'Admin'), 'reports').allowed).toBe(true);
  });
});

test.each([
  ['{', 'it is not JSON'],
  ['{"approvers": [{}]}', 'approvers.0: needs "logins" or "roles"'],
  ['{"approvers": [{"roles": ["Owner"]}]}', 'approvers.0.roles.0'],
  ['{"approvers": [], "twoPersons": ["high"]}', 'twoPersons'],
  ['{"approvers": [], "timeLimitMinutes": {"high": 0}}', 'timeLimitMinutes.high'],
  ['{"approvers": [], "risks": [{"tool": "x", "risk": "huge"}]}', 'risks.0.risk'],
])('a file with a mistake says where it is: %s', (text, where) => {
  expect(() => parsePolicy(text)).toThrow(where);
});

test('a file is followed: a change counts, a mistake leaves the policy before it and says so', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'signalbox-policy-'));
  const file = path.join(folder, 'policy.json');
  const seen: string[] = [];
  writeFileSync(file, '{"approvers": [{"logins": ["anna"]}]}');
  const source = followPolicy(file, {
    changed: (policy) => seen.push(`changed ${policy.approvers[0]?.logins?.join() ?? ''}`),
    broken: (problem) => seen.push(`broken ${problem.includes('not JSON')}`),
  });

  source.refresh();
  writeFileSync(file, '{"approvers": [{"logins": ["boris"]}]}');
  source.refresh();
  writeFileSync(file, '{"approvers": [{"logins": ["eve"]}');
  source.refresh();
  source.refresh();
  const held = source.current.approvers[0]?.logins;
  const problem = source.problem;
  writeFileSync(file, '{"approvers": [{"logins": ["vera"]}]}');
  source.refresh();

  expect(seen).toEqual(['changed boris', 'broken true', 'changed vera']);
  expect(held).toEqual(['boris']);
  expect(problem).toContain('policy.json');
  expect(source.problem).toBeNull();
  rmSync(folder, { recursive: true });
});

test('a file that is bad at the start stops the start', () => {
  expect(() =>
    followPolicy('/nonexistent/policy.json', { changed: () => undefined, broken: () => undefined }),
  ).toThrow();
});

test('patterns cost no more than their length times the text', () => {
  const pattern = `${'*a'.repeat(100)}b`;
  const policy = { ...POLICY, risks: [{ tool: pattern, risk: 'high' as const }] };

  expect(weighRisk(policy, { action: 'a'.repeat(5_000), workflow: null, risk: null }).risk).toBe('medium');
});
