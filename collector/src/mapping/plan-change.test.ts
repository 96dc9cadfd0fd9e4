import type { PlanItem } from '@signalbox/event-model';
import { isUnchanged, planChange } from './plan-change.ts';

const plan = (ids: string): PlanItem[] => [...ids].map((id) => ({ id, text: `task ${id}`, status: 'pending' }));

test.each([
  ['abcd', 'abcd', { added: [], removed: [], changed: [] }],
  ['abcd', 'bcda', { added: [], removed: [], changed: ['a'] }],
  ['abcd', 'dabc', { added: [], removed: [], changed: ['d'] }],
  ['abcd', 'acbd', { added: [], removed: [], changed: ['b'] }],
  ['abcd', 'xacd', { added: ['x'], removed: ['b'], changed: [] }],
  ['', 'ab', { added: ['a', 'b'], removed: [], changed: [] }],
])('from %s to %s', (before, after, expected) => {
  const change = planChange(plan(before), plan(after));

  expect({ ...change, changed: change.changed.length }).toEqual({ ...expected, changed: expected.changed.length });
  expect(isUnchanged(change)).toBe(before === after);
});

test('another text or status is a change', () => {
  const after: PlanItem[] = [
    { id: 'a', text: 'task a', status: 'completed' },
    { id: 'b', text: 'another task', status: 'pending' },
  ];

  expect(planChange(plan('ab'), after).changed).toEqual(['a', 'b']);
});
