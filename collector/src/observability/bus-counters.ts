import { Counter, Gauge, type Registry } from 'prom-client';
import type { BusCounters } from '../bus/bus-counters.ts';

/** The figures of the bus in the registry. */
export function createBusCounters(registry: Registry): BusCounters {
  const registers = [registry];
  const entries = new Counter({
    name: 'signalbox_bus_entries_total',
    help: 'Messages of the Redis bus, by what became of them.',
    labelNames: ['result'],
    registers,
  });
  const claimed = new Counter({
    name: 'signalbox_bus_claimed_total',
    help: 'Bus messages taken over from a collector that went silent.',
    registers,
  });
  const retries = new Counter({
    name: 'signalbox_bus_retries_total',
    help: 'Batches of bus messages that could not be stored and were tried again.',
    registers,
  });
  const dropped = new Counter({
    name: 'signalbox_bus_dropped_total',
    help: 'Published messages lost before they were stored.',
    registers,
  });
  const connected = new Gauge({
    name: 'signalbox_bus_connected',
    help: '1 while the stream of the bus is being read.',
    registers,
  });
  return {
    entries: (result, count) => entries.inc({ result }, count),
    claimed: (count) => claimed.inc(count),
    retried: () => retries.inc(),
    dropped: (count) => dropped.inc(count),
    connected: (isConnected) => connected.set(isConnected ? 1 : 0),
  };
}
