import { Router } from 'express';
import type { EventReader } from '../event-reader.ts';

/** `GET /healthz` (the process lives) and `GET /readyz` (it can store); both answer anybody and tell nothing else. */
export function healthRoutes(reader: EventReader, isStopping: () => boolean): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    const ready =
      !isStopping() &&
      (await reader.ping().then(
        () => true,
        () => false,
      ));
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not_ready' });
  });
  return router;
}
