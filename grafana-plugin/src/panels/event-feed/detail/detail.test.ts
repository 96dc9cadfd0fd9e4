import type { Message } from '@signalbox/event-model';
import { plainPart, stripAnsi } from './ansi.ts';
import { countKnown } from './known-messages.ts';
import { groupMessages } from './message-groups.ts';
import { planGlyph } from '../../../shared/plan-glyph.ts';
import { planItemChange } from './plan-look.ts';

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

describe('countKnown', () => {
  const said = (text: string): Message => ({
    role: 'user',
    name: null,
    parts: [{ kind: 'content', content: { kind: 'text', text } }],
  });

  test('counts what two requests share from their beginning, whatever their instructions', () => {
    const before = [message('system'), said('a'), said('b')];

    expect(countKnown([said('a'), said('b'), said('c')], before)).toBe(2);
    expect(countKnown([said('a'), said('x'), said('b')], before)).toBe(1);
    expect(countKnown([said('new')], before)).toBe(0);
    expect(countKnown([], before)).toBe(0);
  });
});

describe('terminal output', () => {
  test.each([
    ['\u001b[1;31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007text', 'text'],
    ['50%\u001b[2K\u001b[1Gdone', '50%done'],
    ['plain [31m stays', 'plain [31m stays'],
  ])('%j', (text, plain) => {
    expect(stripAnsi(text)).toBe(plain);
  });

  test('stays what it was where it is no text', () => {
    const value = { kind: 'json' as const, value: '\u001b[1m' };
    expect(plainPart(value)).toBe(value);
  });
});

describe('plan', () => {
  test('marks what a revision added and changed, and draws unknown states', () => {
    const change = { added: ['a'], removed: [], changed: ['b'] };

    expect(['a', 'b', 'c'].map((id) => planItemChange(id, change))).toEqual(['added', 'changed', null]);
    expect(planGlyph('dreaming')).toBe('question');
  });
});
