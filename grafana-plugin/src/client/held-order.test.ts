import { HeldOrder, type HeldPorts, UNDO_MS } from './held-order.ts';

class Surroundings implements HeldPorts {
  readonly kept = new Map<string, string>();
  #now = 0;
  #due: { at: number; run: () => void } | null = null;
  storage: HeldPorts['storage'] = {
    getItem: (key) => this.kept.get(key) ?? null,
    setItem: (key, value) => void this.kept.set(key, value),
    removeItem: (key) => void this.kept.delete(key),
  };

  now = () => this.#now;

  schedule = (run: () => void, delayMs: number) => {
    this.#due = { at: this.#now + delayMs, run };
    return () => (this.#due = null);
  };

  /** Lets time pass; what was due runs only at its end, as after a sleep. */
  pass(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#due;
    if (!due || due.at > this.#now) return;
    this.#due = null;
    due.run();
  }
}

let world: Surroundings;
let sent: number;
const send = () => void (sent += 1);
const held = () => new HeldOrder('a', world);

beforeEach(() => {
  world = new Surroundings();
  sent = 0;
});

test('is sent once, when it was shown to be', () => {
  const order = held();
  order.start('card', send);
  order.start('card', send);
  world.pass(UNDO_MS - 1);
  expect([sent, order.getSnapshot().until]).toEqual([0, UNDO_MS]);
  world.pass(1);

  expect([sent, order.getSnapshot()]).toEqual([1, { until: null, unsent: null }]);
  expect(world.kept.size).toBe(0);
});

test.each([
  ['undone', (order: HeldOrder) => order.undo()],
  ['blocked', (order: HeldOrder) => order.block('it changed')],
  ['closed', (order: HeldOrder) => order.close('card')],
])('is never sent once it is %s', (kind, act) => {
  const order = held();
  order.start('card', send);
  act(order);
  world.pass(UNDO_MS * 2);

  expect([sent, order.getSnapshot().unsent?.kind]).toEqual([0, kind]);
});

test('is not sent later than shown, as after a sleep of the page', () => {
  const order = held();
  order.start('card', send);
  world.pass(60_000);

  expect([sent, order.getSnapshot().unsent]).toEqual([0, { kind: 'late' }]);
});

test('another card that goes away does not call it off', () => {
  const order = held();
  order.start('card', send);
  order.close('another card');
  world.pass(UNDO_MS);

  expect(sent).toBe(1);
});

test('tells whoever comes back that it was not sent, also after a reload, and tells it once', () => {
  const order = held();
  order.start('card', send);
  const afterReload = held();
  expect(afterReload.getSnapshot().unsent).toEqual({ kind: 'closed' });

  afterReload.subscribe(() => undefined)();
  expect(afterReload.getSnapshot().unsent).toBeNull();
  expect(held().getSnapshot().unsent).toBeNull();
});

test('closed with its card it is told on coming back, to this page or after a reload', () => {
  const order = held();
  order.start('card', send);
  order.close('card');

  expect(order.getSnapshot().unsent).toEqual({ kind: 'closed' });
  expect(held().getSnapshot().unsent).toEqual({ kind: 'closed' });
});

test('works where the browser keeps nothing', () => {
  const forbid = () => {
    throw new Error('denied');
  };
  world.storage = { getItem: forbid, setItem: forbid, removeItem: forbid };
  const order = held();
  order.start('card', send);
  world.pass(UNDO_MS);

  expect(sent).toBe(1);
});
