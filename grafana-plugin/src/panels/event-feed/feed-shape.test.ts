import { makeRow } from '../../testing/rows.ts';
import { COLUMNS, DEFAULT_COLUMNS, readColumns } from './feed-columns.ts';
import { readKey } from './feed-keys.ts';
import { feedLayout } from './feed-layout.ts';
import { flatLines, groupedLines, summarizeRun } from './feed-lines.ts';
import { choiceToFilter, hideLike, isEmptyChoice, narrowHere, NO_CHOICE, onlyLike } from './filter-choice.ts';

const at = (second: number) => `2026-11-20T09:00:0${second}.000000000Z`;
const rows = [
  makeRow({ id: 'a1', runId: 'a', type: 'agent_started', startedAt: at(0), endedAt: at(5), workflow: 'prices' }),
  makeRow({ id: 'b1', runId: 'b', startedAt: at(1), endedAt: at(2), status: 'error', parentId: 'x' }),
  makeRow({
    id: 'a2',
    runId: 'a',
    type: 'model_response',
    startedAt: at(2),
    endedAt: at(3),
    usage: { input: 100, output: 7 },
  }),
  makeRow({ id: 'b2', runId: 'b', type: 'approval_request', startedAt: at(4), status: 'waiting', tool: 'pay' }),
];

describe('the grouped feed', () => {
  const ids = (closed: string[], newestFirst = false) =>
    groupedLines(newestFirst ? rows.slice().reverse() : rows, closed, newestFirst).map((line) => line.id);

  test('puts each run below its head, and leaves closed runs at that', () => {
    expect(ids([])).toEqual(['run:a', 'a1', 'a2', 'run:b', 'b1', 'b2']);
    expect(ids(['a'])).toEqual(['run:a', 'run:b', 'b1', 'b2']);
    expect(ids([], true)).toEqual(['run:b', 'b2', 'b1', 'run:a', 'a2', 'a1']);
  });

  test('measures gaps within the run, flat ones across runs', () => {
    const before = (lines: ReturnType<typeof flatLines>) =>
      lines.flatMap((line) => (line.kind === 'event' ? [[line.id, line.before?.id]] : []));

    expect(before(groupedLines(rows, [], false))).toContainEqual(['a2', 'a1']);
    expect(before(flatLines(rows, false))).toContainEqual(['a2', 'b1']);
    expect(before(flatLines(rows.slice().reverse(), true))).toContainEqual(['a2', 'b1']);
  });

  test('sums a run up, in whatever order its events come', () => {
    const run = rows.filter((row) => row.runId === 'a');

    expect(summarizeRun('a', run)).toEqual({
      runId: 'a',
      workflow: 'prices',
      status: 'completed',
      startedAt: at(0),
      endedAt: at(5),
      input: 100,
      output: 7,
      errors: 0,
      pending: 0,
      count: 2,
    });
    expect(summarizeRun('a', run.slice().reverse())).toEqual(summarizeRun('a', run));
  });

  test('an open approval keeps a run open, and an inner error does not fail it', () => {
    const waiting = summarizeRun(
      'b',
      rows.filter((row) => row.runId === 'b'),
    );
    expect(waiting).toMatchObject({ status: 'waiting', endedAt: null, errors: 1, pending: 1 });

    const outer = makeRow({ id: 'o', type: 'agent_started', startedAt: at(0), endedAt: at(6) });
    const inner = makeRow({ id: 'i', startedAt: at(1), endedAt: at(2), status: 'error', parentId: 'o' });
    expect(summarizeRun('r', [outer, inner])).toMatchObject({ status: 'completed', errors: 1 });
    expect(summarizeRun('r', [{ ...outer, status: 'error' }, inner]).status).toBe('error');
    expect(summarizeRun('r', [inner]).status).toBe('error');
  });

  test('is walked over heads by errors and hits', () => {
    const lines = groupedLines(rows, [], false);
    const press = (key: string, active: number, searching: boolean) =>
      readKey(
        { key, ctrlKey: false, metaKey: false, altKey: false },
        { rows: lines.map((line) => line), active, pageSize: 2, searching },
      );

    expect(press(']', 0, false)).toEqual({ kind: 'move', index: 4 });
    expect(press('n', 2, true)).toEqual({ kind: 'move', index: 4 });
    expect(press('N', 4, true)).toEqual({ kind: 'move', index: 2 });
    expect(press('n', 5, true)).toBeNull();
    expect(press('n', 0, false)).toBeNull();
  });
});

describe('narrowing by an example', () => {
  test('a shortest duration keeps what still runs', () => {
    const running = makeRow({ id: 'r', status: 'in_progress' });
    const moment = makeRow({ id: 'm' });

    const kept = narrowHere([...rows, running, moment], { minMs: 1500, hidden: [] });

    expect(kept.map((row) => row.id)).toEqual(['a1', 'b2', 'r']);
    expect(narrowHere(rows, NO_CHOICE)).toBe(rows);
  });

  test('hides what is like one, and takes back what asked for it', () => {
    const choice = hideLike({ ...NO_CHOICE, type: ['tool_call', 'error'] }, { field: 'type', value: 'tool_call' });

    expect(choice.type).toEqual(['error']);
    expect(narrowHere(rows, choice).map((row) => row.id)).toEqual(['a1', 'a2', 'b2']);
    expect(hideLike(choice, { field: 'type', value: 'tool_call' }).hidden).toHaveLength(1);
    expect(isEmptyChoice({ ...NO_CHOICE, hidden: choice.hidden })).toBe(false);
    expect(hideLike({ ...NO_CHOICE, run: 'a' }, { field: 'run', value: 'a' }).run).toBe('');
  });

  test('shows only what is like one, also where it was hidden', () => {
    const hidden = [{ field: 'tool' as const, value: 'pay' }];

    expect(onlyLike({ ...NO_CHOICE, hidden }, { field: 'tool', value: 'pay' })).toEqual({
      ...NO_CHOICE,
      tool: ['pay'],
    });
    expect(choiceToFilter(onlyLike(NO_CHOICE, { field: 'tool', value: 'pay' }))).toEqual({ tool: ['pay'] });
    expect(choiceToFilter(onlyLike(NO_CHOICE, { field: 'run', value: 'a' }))).toEqual({ run: 'a' });
  });
});

describe('columns', () => {
  test('are read from what was stored, whatever it is', () => {
    expect(readColumns(null)).toBe(DEFAULT_COLUMNS);
    expect(readColumns('time')).toBe(DEFAULT_COLUMNS);
    expect(readColumns(['tokens', 'nonsense', 'time'])).toEqual(['time', 'tokens']);
    expect(readColumns([])).toEqual([]);
  });

  test.each([
    [1200, COLUMNS, 8],
    [700, COLUMNS, 6],
    [400, COLUMNS, 2],
    [1200, [], 2],
  ])('%i px wide with %j', (width, columns, tracks) => {
    const layout = feedLayout(width, { detailOpen: false, density: 'compact', columns });

    expect(layout.template.split(' ')).toHaveLength(tracks);
  });
});
