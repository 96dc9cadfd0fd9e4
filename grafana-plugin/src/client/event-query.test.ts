import { filterKey, filterToParams, narrowFilter } from './event-query.ts';

describe('event query', () => {
  test('writes lists with commas and leaves out what is empty', () => {
    const params = filterToParams({ run: 'r1', type: ['tool_call', 'error'], status: [], q: '  ' });

    expect(params.toString()).toBe('run=r1&type=error%2Ctool_call');
  });

  test('gives one key for filters that mean the same', () => {
    expect(filterKey({ type: ['b', 'a', 'a'], q: '' })).toBe(filterKey({ type: ['a', 'b'] }));
  });

  test('narrows a scope by a choice and never widens it', () => {
    const scope = { run: 'r1', type: ['tool_call', 'error'], q: 'price' };

    const narrowed = narrowFilter(scope, { run: 'r2', type: ['error', 'plan_update'], actor: ['A'], q: 'iphone' });

    expect(narrowed).toMatchObject({ run: 'r1', type: ['error'], actor: ['A'], q: 'price iphone' });
  });
});
