import { makeRow } from '../testing/rows.ts';
import { EventStore } from './event-store.ts';

const at = (seconds: number, fraction = '000000000') =>
  `2026-11-20T09:00:${String(seconds).padStart(2, '0')}.${fraction}Z`;
const ids = (store: EventStore) => store.rows.map((row) => row.id);

describe('EventStore', () => {
  test('orders rows by start down to the nanosecond, however they arrive', () => {
    const store = new EventStore();

    store.apply([makeRow({ id: 'c', startedAt: at(2) }), makeRow({ id: 'a', startedAt: at(1, '000000001') })]);
    store.apply([makeRow({ id: 'b', startedAt: at(1, '000000002') })]);

    expect(ids(store)).toEqual(['a', 'b', 'c']);
  });

  test('replaces a row in its place when a later revision comes', () => {
    const store = new EventStore();
    store.apply([makeRow({ id: 'a', status: 'in_progress' }), makeRow({ id: 'b', startedAt: at(5) })]);

    const change = store.apply([makeRow({ id: 'a', status: 'completed', revision: 2 })]);

    expect(change).toEqual({ added: 0, updated: 1, removed: 0 });
    expect(store.rows.map((row) => [row.id, row.status])).toEqual([
      ['a', 'completed'],
      ['b', 'completed'],
    ]);
  });

  test('ignores repetitions and older revisions', () => {
    const store = new EventStore();
    store.apply([makeRow({ id: 'a', revision: 3, summary: 'new' })]);
    const before = store.rows;

    store.apply([makeRow({ id: 'a', revision: 3 }), makeRow({ id: 'a', revision: 1, summary: 'old' })]);

    expect(store.rows).toBe(before);
  });

  test('moves a row whose start was corrected', () => {
    const store = new EventStore();
    store.apply([makeRow({ id: 'a', startedAt: at(1) }), makeRow({ id: 'b', startedAt: at(2) })]);

    store.apply([makeRow({ id: 'a', startedAt: at(3), revision: 2 })]);

    expect(ids(store)).toEqual(['b', 'a']);
  });

  test('drops removed rows and does not take an older page of them back', () => {
    const store = new EventStore();
    store.apply([makeRow({ id: 'a' }), makeRow({ id: 'b', startedAt: at(2) })]);

    const change = store.apply([makeRow({ id: 'a', revision: 2, removed: true })]);
    store.apply([makeRow({ id: 'a', revision: 1 })]);

    expect(change.removed).toBe(1);
    expect(ids(store)).toEqual(['b']);
  });

  test('takes a removed row back when it speaks again', () => {
    const store = new EventStore();
    store.apply([makeRow({ id: 'a' })]);

    store.apply([makeRow({ id: 'a', revision: 2, removed: true }), makeRow({ id: 'a', revision: 3 })]);

    expect(ids(store)).toEqual(['a']);
  });

  test('forgets the oldest rows beyond its capacity', () => {
    const store = new EventStore(2);

    store.apply([1, 2, 3].map((second) => makeRow({ id: String(second), startedAt: at(second) })));

    expect(ids(store)).toEqual(['2', '3']);
    expect(store.get('1')).toBeUndefined();
  });

  test('gives the same rows for any order and grouping of the same batches', () => {
    const batch = [1, 2, 3, 4].flatMap((second) => [
      makeRow({ id: String(second), startedAt: at(second), status: 'in_progress' }),
      makeRow({ id: String(second), startedAt: at(second), revision: 2 }),
    ]);
    const forward = new EventStore();
    const backward = new EventStore();

    forward.apply(batch);
    for (const row of batch.slice().reverse()) backward.apply([row]);

    expect(backward.rows).toEqual(forward.rows);
  });

  test('stays ordered through many random batches', () => {
    const store = new EventStore();
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;

    for (let round = 0; round < 200; round++) {
      const second = random(60);
      store.apply([
        makeRow({ id: String(random(80)), startedAt: at(second), revision: round + 1, removed: random(9) === 0 }),
      ]);
    }

    const starts = store.rows.map((row) => row.startedAt);
    expect(starts).toEqual(starts.slice().sort());
    expect(new Set(ids(store)).size).toBe(store.rows.length);
  });
});
