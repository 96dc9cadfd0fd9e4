import { makeRow } from '../../testing/rows.ts';
import type { FeedSnapshot } from '../../client/event-feed.ts';
import { readKey } from './feed-keys.ts';
import { choiceToFilter, countFacets, keepFitting, NO_CHOICE } from './filter-choice.ts';
import { judgeFreshness } from './freshness.ts';
import { pauseAt, rowsToDraw } from './reading-position.ts';
import { timeOffset } from './row-time.ts';
import { splitHits } from './search-hits.ts';
import { runningRows } from './running-rows.ts';

const rows = [
  makeRow({ id: 'a', startedAt: '2026-11-20T09:00:01Z' }),
  makeRow({ id: 'b', startedAt: '2026-11-20T09:00:02Z', status: 'error' }),
  makeRow({ id: 'c', startedAt: '2026-11-20T09:00:03.5Z', status: 'in_progress' }),
];

const live: FeedSnapshot = {
  rows,
  phase: 'ready',
  error: null,
  connection: { kind: 'live' },
  lagMs: 180,
  senderDelayMs: 50,
  hasOlder: false,
  loadingOlder: false,
  updatedAt: 1,
};
const view = { paused: false, added: 0, finished: false };

describe('freshness', () => {
  test('shows the measured lag, and nothing before it was measured', () => {
    expect(judgeFreshness(live, view)).toEqual({ kind: 'live', lagMs: 180 });
    expect(judgeFreshness({ ...live, lagMs: null }, view)).toEqual({ kind: 'live', lagMs: null });
  });

  test('names late telemetry', () => {
    expect(judgeFreshness({ ...live, senderDelayMs: 5200 }, view)).toEqual({ kind: 'late', delayMs: 5200 });
  });

  test('a finished run is never live, and a broken connection outranks all', () => {
    expect(judgeFreshness(live, { ...view, finished: true }).kind).toBe('finished');
    const broken = { ...live, connection: { kind: 'reconnecting', retryAt: 0, error: null } } as const;
    expect(judgeFreshness(broken, { ...view, paused: true }).kind).toBe('reconnecting');
  });

  test('says how many came while paused', () => {
    expect(judgeFreshness(live, { ...view, paused: true, added: 212 })).toEqual({ kind: 'paused', added: 212 });
  });
});

describe('reading position', () => {
  test('keeps newcomers out while paused, shows new revisions, and lets older pages in', () => {
    const paused = pauseAt(rows.slice(0, 2));
    const older = makeRow({ id: 'z', startedAt: '2026-11-20T08:00:00Z' });
    const revised = makeRow({ id: 'b', startedAt: '2026-11-20T09:00:02Z', revision: 2 });

    const drawn = rowsToDraw([older, ...rows.slice(0, 1), revised, ...rows.slice(2)], paused);

    expect(drawn.map((row) => [row.id, row.revision])).toEqual([
      ['z', 1],
      ['a', 1],
      ['b', 2],
    ]);
  });
});

describe('filters', () => {
  test('turns the choice into what the collector is asked', () => {
    const filter = choiceToFilter({
      ...NO_CHOICE,
      errors: true,
      status: ['completed'],
      type: ['error'],
      q: ' iphone ',
      minMs: 5,
    });

    expect(filter).toEqual({ type: ['error'], status: ['error'], q: 'iphone' });
  });

  test('drops a row whose newest revision no longer fits', () => {
    const held = [makeRow({ id: 'c', status: 'in_progress' })];
    const ended = [makeRow({ id: 'c', status: 'completed', revision: 2 })];

    expect(keepFitting(held, ended, { status: ['in_progress'] })).toEqual([]);
    expect(keepFitting(held, [], { status: ['in_progress'] })).toEqual(held);
  });

  test('counts what is there', () => {
    const facets = countFacets(rows);

    expect(facets.errors).toBe(1);
    expect(facets.type.get('tool_call')).toBe(3);
  });
});

describe('keys', () => {
  const press = (key: string, active = 0, ctrlKey = false) =>
    readKey({ key, ctrlKey, metaKey: false, altKey: false }, { rows, active, pageSize: 2 });

  test.each([
    ['j', 0, { kind: 'move', index: 1 }],
    ['ArrowUp', 2, { kind: 'move', index: 1 }],
    ['PageDown', 0, { kind: 'move', index: 2 }],
    ['PageUp', 1, { kind: 'move', index: 0 }],
    [']', 0, { kind: 'move', index: 1 }],
    ['[', 2, { kind: 'move', index: 1 }],
    ['Enter', 0, { kind: 'open' }],
    ['End', 0, { kind: 'follow' }],
    ['/', 0, { kind: 'search' }],
  ])('%s at %i', (key, active, action) => {
    expect(press(key, active)).toEqual(action);
  });

  test('leaves other keys and chords to others', () => {
    expect(press('x')).toBeNull();
    expect(press('j', 0, true)).toBeNull();
    expect(press(']', 1)).toBeNull();
  });
});

describe('rows', () => {
  test('counts time from the run or from the row before', () => {
    const [first, second] = rows;
    if (!first || !second) throw new Error('rows are missing');

    expect(timeOffset('clock', second, {})).toBeNull();
    expect(timeOffset('run', second, { runStart: Date.parse(first.startedAt) })).toBe(1000);
    expect(timeOffset('delta', second, { before: first })).toBe(1000);
  });

  test('marks search hits whatever their case, and takes patterns literally', () => {
    expect(
      splitHits('Price of iPhone (13)', 'IPHONE (13)')
        .filter((piece) => piece.hit)
        .map((piece) => piece.text),
    ).toEqual(['iPhone', '(13)']);
  });

  test('lists running calls but not what encloses them', () => {
    const all = [...rows, makeRow({ id: 'd', type: 'agent_started', status: 'in_progress' })];

    expect(runningRows(all).map((row) => row.id)).toEqual(['c']);
  });
});
