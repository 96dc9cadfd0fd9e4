import type { CollectorStatus } from '@signalbox/event-model';
import type { EventReader } from '../event-reader.ts';
import { route, type Route } from '../routing/route.ts';
import { collectorStatus } from '../schemas/collector.ts';

/** What a client needs to judge its connection and to tell agents where to send. */
export function statusRoutes(
  reader: EventReader,
  describe: () => Omit<CollectorStatus, 'serverTime' | 'database'>,
): Route[] {
  return [
    route({
      path: '/api/status',
      id: 'getStatus',
      tag: 'Collector',
      summary: 'State of the collector and the addresses agents send to.',
      access: 'reader',
      answer: collectorStatus,
      async handle() {
        const database = await reader.ping().then(
          () => 'ok' as const,
          () => 'unreachable' as const,
        );
        return { ...describe(), serverTime: new Date().toISOString(), database };
      },
    }),
  ];
}
