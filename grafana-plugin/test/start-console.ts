import type { EventDetail } from '@signalbox/event-model';
import type { ControlStandIn } from './control-stand-in.ts';
import { CollectorStandIn, type StandInOptions } from './collector-stand-in.ts';

/** A console to test, wherever its events come from. */
export interface TestConsole {
  /** Address to open; opening it finds the visitor signed in. */
  address: string;
  publish: (event: EventDetail) => void;
  revise: (id: string, change: Partial<EventDetail>) => void;
  /** Breaks every live stream, as a restart of the collector would. */
  dropStreams: () => void;
  /** Open live streams. */
  streams: () => number;
  /** Approvals, stops and tasks. */
  control: ControlStandIn;
  /** Everything that reads is refused from now on, as while the collector is down. */
  breakReads: (broken: boolean) => void;
  stop: () => Promise<void>;
}

/** Starts a console. The one place to change for running the browser tests against another server. */
export async function startConsole(options: StandInOptions = {}): Promise<TestConsole> {
  const server = await new CollectorStandIn(options).start();
  return {
    address: server.address,
    publish: (event) => server.publish(event),
    revise: (id, change) => server.revise(id, change),
    dropStreams: () => server.dropStreams(),
    streams: () => server.streams,
    control: server.control,
    breakReads: (broken) => {
      server.broken = broken;
    },
    stop: () => server.stop(),
  };
}
