import type { LiveFrame } from '@signalbox/event-model';
import { FakeLivePorts } from '../testing/fake-live-ports.ts';
import { type ConnectionState, LiveConnection } from './live-connection.ts';
import { CollectorError } from './problem.ts';

function open() {
  const ports = new FakeLivePorts();
  const frames: [LiveFrame['type'], boolean][] = [];
  const states: ConnectionState['kind'][] = [];
  const listener = {
    onFrame: (frame: LiveFrame, continued: boolean) => void frames.push([frame.type, continued]),
    onState: (state: ConnectionState) => void states.push(state.kind),
  };
  const connection = new LiveConnection({ base: '/base', filter: { type: ['error'] }, ports, listener });
  connection.open();
  return { ports, frames, states, connection };
}

const hello = (cursor: string): LiveFrame => ({ type: 'hello', cursor, serverTime: '2026-11-20T09:00:00.000Z' });
const events = (cursor: string): LiveFrame => ({ type: 'events', rows: [], cursor, lagMs: 1 });

describe('LiveConnection', () => {
  test('carries its filter and starts without a cursor', () => {
    const { ports, states } = open();

    ports.last.send(hello('c1'));

    expect(ports.last.url).toBe('/base/ws/events?type=error');
    expect(states).toEqual(['connecting', 'live']);
  });

  test('goes on from the last cursor after a break, with the session renewed first', async () => {
    const { ports, frames, states } = open();
    ports.last.send(hello('c1'));
    ports.last.send(events('c7'));

    ports.last.break();
    await ports.advance(1000);
    ports.last.send(hello('c7'));

    expect(ports.probes).toBe(1);
    expect(ports.last.url).toContain('cursor=c7');
    expect(frames.at(-1)).toEqual(['hello', true]);
    expect(states).toEqual(['connecting', 'live', 'reconnecting', 'live']);
  });

  test('starts anew when the server cannot go on from the cursor', async () => {
    const { ports, frames } = open();
    ports.last.send(hello('c1'));

    ports.last.send({ type: 'resync', cursor: 'c9', reason: 'too_slow' });
    await ports.advance(1000);
    ports.last.send(hello('c9'));

    expect(ports.sockets).toHaveLength(2);
    expect(ports.last.url).not.toContain('cursor');
    expect(frames.at(-1)).toEqual(['hello', false]);
  });

  test('waits longer after each failed attempt', async () => {
    const { ports } = open();
    ports.probeResult = () => Promise.reject(new CollectorError(0, null));

    ports.last.break();
    await ports.advance(60_000);

    expect(ports.probes).toBeGreaterThan(4);
    expect(ports.probes).toBeLessThan(12);
  });

  test('says that access is denied and asks only rarely again', async () => {
    const { ports, states } = open();
    ports.probeResult = () => Promise.reject(new CollectorError(403, null));

    ports.last.break();
    await ports.advance(29_000);

    expect(states.at(-1)).toBe('denied');
    expect(ports.probes).toBe(1);
  });

  test('ignores what a socket says after it was replaced', async () => {
    const { ports, frames } = open();
    const first = ports.last;
    first.send(hello('c1'));
    first.break();
    await ports.advance(1000);
    const before = frames.length;

    first.send(events('c2'));

    expect(frames).toHaveLength(before);
  });

  test('does nothing after it was closed', async () => {
    const { ports, connection } = open();

    connection.close();
    ports.last.break();
    await ports.advance(60_000);

    expect(ports.sockets).toHaveLength(1);
    expect(ports.last.closed).toBe(true);
  });

  test('gives up on a socket that never says hello', async () => {
    const { ports, states } = open();

    await ports.advance(10_500);

    expect(ports.sockets[0]?.closed).toBe(true);
    expect(ports.sockets).toHaveLength(2);
    expect(states).toContain('reconnecting');
  });

  test('survives frames that are none', () => {
    const { ports, frames } = open();

    ports.last.send('nonsense' as never);
    ports.last.send(hello('c1'));

    expect(frames).toEqual([['hello', false]]);
  });
});
