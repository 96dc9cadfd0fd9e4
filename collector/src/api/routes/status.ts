import type { CollectorStatus } from '@signalbox/event-model';
import { Router } from 'express';
import type { EventReader } from '../event-reader.ts';

/** `GET /api/status`: what a client needs to judge its connection and to tell agents where to send. */
export function statusRoutes(
  reader: EventReader,
  describe: () => Omit<CollectorStatus, 'serverTime' | 'database'>,
): Router {
  const router = Router();
  router.get('/status', async (_request, response) => {
    const database = await reader.ping().then(
      () => 'ok' as const,
      () => 'unreachable' as const,
    );
    const status: CollectorStatus = { ...describe(), serverTime: new Date().toISOString(), database };
    response.json(status);
  });
  return router;
}
