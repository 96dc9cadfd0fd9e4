import type { Message } from '@signalbox/event-model';
import { groupMessages } from './message-groups.ts';
import { planGlyph, planItemChange } from './plan-look.ts';

const message = (role: string): Message => ({ role, name: null, parts: [] });

describe('groupMessages', () => {
  test('tells instructions, history and the message at hand apart', () => {
    const groups = groupMessages(['system', 'user', 'assistant', 'user'].map(message));

    expect([groups.system.length, groups.history.length, groups.current.length]).toEqual([1, 2, 1]);
  });

  test('keeps tool answers that came together in one', () => {
    const groups = groupMessages(['user', 'assistant', 'tool', 'tool'].map(message));

    expect([groups.history.length, groups.current.length]).toEqual([2, 2]);
  });

  test('has nothing to show for a request without messages', () => {
    expect(groupMessages([])).toEqual({ system: [], history: [], current: [] });
  });
});

describe('plan', () => {
  test('marks what a revision added and changed, and draws unknown states', () => {
    const change = { added: ['a'], removed: [], changed: ['b'] };

    expect(['a', 'b', 'c'].map((id) => planItemChange(id, change))).toEqual(['added', 'changed', null]);
    expect(planGlyph('dreaming')).toBe('question');
  });
});
