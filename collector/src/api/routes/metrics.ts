import { Router } from 'express';

/** `GET /metrics` in Prometheus' text format. */
export function metricsRoutes(render: () => Promise<string>): Router {
  const router = Router();
  router.get('/metrics', async (_request, response) => {
    response.type('text/plain; version=0.0.4').send(await render());
  });
  return router;
}
