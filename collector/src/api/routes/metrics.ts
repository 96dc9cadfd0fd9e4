import { z } from 'zod';
import { route, SENT, type Route } from '../routing/route.ts';

/** The collector's own metrics. */
export function metricsRoutes(render: () => Promise<string>): Route[] {
  return [
    route({
      path: '/metrics',
      id: 'getOwnMetrics',
      tag: 'Collector',
      summary: "The collector's own metrics in Prometheus' text format.",
      access: 'reader',
      answer: { status: 200, description: 'Metrics.', schema: z.string(), mediaType: 'text/plain' },
      async handle({ response }) {
        response.type('text/plain; version=0.0.4').send(await render());
        return SENT;
      },
    }),
  ];
}
