import { z } from 'zod';
import type { EventReader } from '../event-reader.ts';
import { route, SENT, type Route } from '../routing/route.ts';

/** Whether the process lives and can store; both answer anybody and tell nothing else. */
export function healthRoutes(reader: EventReader, isStopping: () => boolean): Route[] {
  return [
    route({
      path: '/healthz',
      id: 'isAlive',
      tag: 'Collector',
      summary: 'Answers while the process lives.',
      access: 'public',
      answer: z.object({ status: z.literal('ok') }),
      handle: () => ({ status: 'ok' as const }),
    }),
    route({
      path: '/readyz',
      id: 'isReady',
      tag: 'Collector',
      summary: 'Whether the collector can store; 503 while it cannot, or stops.',
      access: 'public',
      answer: z.object({ status: z.enum(['ready', 'not_ready']) }),
      async handle({ response }) {
        const isReady =
          !isStopping() &&
          (await reader.ping().then(
            () => true,
            () => false,
          ));
        if (isReady) return { status: 'ready' as const };
        response.status(503).json({ status: 'not_ready' });
        return SENT;
      },
    }),
  ];
}
