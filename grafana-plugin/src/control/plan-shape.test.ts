import type { Command, PlanRevision } from '@signalbox/event-model';
import { arranged, isPlanOrder, moved, orderMark, rebased } from './plan-order.ts';
import { planProposals } from './plan-proposals.ts';
import { ambiguousIds, planProgress, plansOf } from './plan-shape.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const at = (seconds: number) => new Date(NOON + seconds * 1000).toISOString();
const items = (list: string) =>
  list.split(' ').map((one) => {
    const [id = '', status = 'pending'] = one.split(':');
    return { id, text: `do ${id}`, status, owner: 'planner' };
  });

function revision(seconds: number, list: string, name = 'planner'): PlanRevision {
  const change = { added: [], removed: [], changed: [] };
  const actor = { kind: 'agent' as const, name };
  const reason = { reason: null, reasonBasis: null, causeEventId: null };
  return {
    eventId: `e${seconds}`,
    runId: 'r',
    number: 1,
    actor,
    at: at(seconds),
    items: items(list),
    change,
    ...reason,
  };
}

function proposed(kind: Command['kind'], ids: string, states: Command['state'][]): Command {
  const history = states.map((state, index) => ({ state, at: at(index * 10), evidence: null }));
  const target = { runtime: 'agent-link', agent: 'a', runId: 'r', approvalId: null };
  return {
    id: 'c1',
    kind,
    target,
    requestedBy: { login: 'anna', name: 'Anna', via: 'console' },
    state: states.at(-1) ?? 'queued',
    payload: { items: ids.split(' ') },
    createdAt: at(0),
    expiresAt: null,
    history,
    problem: null,
  };
}

describe('an order of a plan', () => {
  const plan = items('a:completed b:in_progress c d e:blocked');

  test('moves what is ahead, and nothing over its ends', () => {
    expect(moved(['c', 'd', 'e'], 'e', -1)).toEqual(['c', 'e', 'd']);
    expect(moved(['c', 'd', 'e'], 'c', -1)).toEqual(['c', 'd', 'e']);
    expect(moved(['c', 'd', 'e'], 'e', 1)).toEqual(['c', 'd', 'e']);
    expect(moved(['c'], 'gone', 1)).toEqual(['c']);
  });

  test('leaves what is done, and being done, where it is', () => {
    expect(arranged(plan, ['e', 'd', 'c']).map(({ id }) => id)).toEqual(['a', 'b', 'e', 'd', 'c']);
    expect(isPlanOrder(plan, ['c', 'd', 'e'])).toBe(true);
    expect(isPlanOrder(plan, ['d', 'c', 'e'])).toBe(false);
  });

  test.each([
    ['c d e', ['d', 'c', 'e'], ['d', 'c', 'e']],
    ['c d f', ['d', 'c', 'e'], ['d', 'c', 'f']],
    ['d e f', ['e', 'd', 'c'], ['e', 'd', 'f']],
    ['x c y d', ['d', 'c'], ['x', 'd', 'y', 'c']],
    ['c:completed d e', ['e', 'd', 'c'], ['e', 'd']],
  ])('laid over %s: %j is %j, each once', (now, order, expected) => {
    expect(rebased(items(now), order)).toEqual(expected);
  });

  test('is stale once what can be moved is another, not when something else is finished', () => {
    expect(orderMark(items('a:completed b:completed c d e:blocked'))).toBe(orderMark(plan));
    expect(orderMark(items('a:completed b:in_progress c d'))).not.toBe(orderMark(plan));
    expect(orderMark(items('a:completed b:in_progress d c e:blocked'))).not.toBe(orderMark(plan));
  });
});

test('plans are apart by agent; ids in several of them are unclear; what was dropped is not counted', () => {
  const both = [...items('a:completed b c:cancelled'), { ...items('b')[0], owner: 'coder' }] as ReturnType<
    typeof items
  >;

  expect(plansOf({ items: both }).map((plan) => [plan.owner, plan.items.length])).toEqual([
    ['planner', 3],
    ['coder', 1],
  ]);
  expect([...ambiguousIds({ items: both })]).toEqual(['b']);
  expect(planProgress(plansOf({ items: both })[0]?.items ?? [])).toEqual({ done: 1, total: 2 });
});

describe('a proposal', () => {
  const stateOf = (command: Command, ...revisions: PlanRevision[]) =>
    planProposals([command], { revisions }, NOON + 5000)[0]?.state;

  test.each<[Command['state'][], [number, string][], string]>([
    [
      ['queued'],
      [
        [-1, 'a b'],
        [5, 'a b'],
      ],
      'proposed',
    ],
    [['queued', 'delivered'], [[-1, 'a b']], 'seen'],
    [
      ['queued', 'delivered'],
      [
        [-1, 'a b'],
        [15, 'a b'],
      ],
      'ignored',
    ],
    [
      ['queued', 'delivered'],
      [
        [-1, 'a b'],
        [15, 'a'],
      ],
      'done',
    ],
    [
      ['queued', 'delivered'],
      [
        [-1, 'a b'],
        [15, 'a b:cancelled'],
      ],
      'done',
    ],
    [
      ['queued', 'delivered', 'acked'],
      [
        [-1, 'a b'],
        [15, 'a b'],
      ],
      'accepted',
    ],
    [
      ['queued', 'delivered', 'acked'],
      [
        [-1, 'a b'],
        [25, 'a b'],
      ],
      'unkept',
    ],
    [['queued', 'delivered', 'acked', 'effective'], [[-1, 'a b']], 'reported'],
    [
      ['queued', 'delivered', 'acked', 'effective'],
      [
        [-1, 'a b'],
        [25, 'a b'],
        [35, 'a b'],
      ],
      'unkept',
    ],
    [
      ['queued', 'delivered', 'acked', 'effective'],
      [
        [-1, 'a b'],
        [15, 'a'],
        [35, 'a b'],
      ],
      'done',
    ],
    [
      ['queued', 'delivered', 'refused'],
      [
        [-1, 'a b'],
        [25, 'a b'],
      ],
      'refused',
    ],
    [
      ['queued', 'expired'],
      [
        [-1, 'a b'],
        [25, 'a b'],
      ],
      'expired',
    ],
  ])('to cancel, %j, with the plan %j, is %s', (states, plans, expected) => {
    const revisions = plans.map(([seconds, list]) => revision(seconds, list));

    expect(stateOf(proposed('task.cancel', 'b', states), ...revisions)).toBe(expected);
  });

  test('of an order looks at the places of what is still there', () => {
    const order = proposed('task.reorder', 'a c b', ['queued', 'delivered']);

    expect(stateOf(order, revision(-1, 'a b c'), revision(15, 'a c x b'))).toBe('done');
    expect(stateOf(order, revision(-1, 'a b c'), revision(15, 'c b'))).toBe('done');
    expect(stateOf(order, revision(-1, 'a b c'), revision(15, 'a b c'))).toBe('ignored');
  });

  test('is not measured by the plan of another agent', () => {
    const cancel = proposed('task.cancel', 'b', ['queued', 'delivered']);

    expect(stateOf(cancel, revision(-1, 'a b'), revision(15, 'x y', 'coder'))).toBe('seen');
  });

  test('nobody has seen for ten seconds is late; tasks are none', () => {
    const cancel = proposed('task.cancel', 'b', ['queued']);

    expect(planProposals([cancel], { revisions: [] }, NOON + 9999)[0]?.late).toBe(false);
    expect(planProposals([cancel], { revisions: [] }, NOON + 10_000)[0]?.late).toBe(true);
    expect(planProposals([proposed('task.add', 'b', ['queued'])], { revisions: [] }, NOON)).toEqual([]);
  });
});
