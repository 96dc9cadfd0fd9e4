import { queryToFilter } from './query.ts';

describe('queryToFilter', () => {
  test('fills variables in and splits lists, also as Grafana writes several values', () => {
    const values: Record<string, string> = { $run: 'run-1', $actor: '{Planner,Coder}' };
    const fill = (text: string) => values[text] ?? text;

    const filter = queryToFilter(
      { refId: 'A', run: '$run', actor: '$actor', type: 'error, tool_call', text: ' iphone ' },
      fill,
    );

    expect(filter).toEqual({ run: 'run-1', actor: ['Planner', 'Coder'], type: ['error', 'tool_call'], q: 'iphone' });
  });

  test('asks for everything when nothing is entered', () => {
    expect(queryToFilter({ refId: 'A', run: '', status: ' , ' }, (text) => text)).toEqual({});
  });
});
