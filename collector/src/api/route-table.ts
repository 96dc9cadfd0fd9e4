import type { CollectorStatus } from '@signalbox/event-model';
import type { AgentControl } from './agent-port.ts';
import type { Control } from './control-port.ts';
import type { EventReader } from './event-reader.ts';
import type { MetricReader } from './metric-reader.ts';
import { agentRoutes } from './routes/agents.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { auditRoutes } from './routes/audit.ts';
import { documentRoutes } from './routes/documents.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { metricSeriesRoutes } from './routes/metric-series.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { policyRoutes } from './routes/policy.ts';
import { runRoutes } from './routes/runs.ts';
import { runViewRoutes } from './routes/run-views.ts';
import { groupRoutes } from './routes/sessions.ts';
import { sessionRoutes } from './routes/session.ts';
import { statusRoutes } from './routes/status.ts';
import { steeringRoutes } from './routes/steering.ts';
import { stopRoutes } from './routes/stops.ts';
import type { Route } from './routing/route.ts';
import type { SignIn } from './sign-in.ts';

/** What the routes are served from. */
export interface RouteParts {
  reader: EventReader;
  metricReader: MetricReader;
  signIn: SignIn;
  demo: boolean;
  describe: () => Omit<CollectorStatus, 'serverTime' | 'database'>;
  metrics: () => Promise<string>;
  control: Control;
  agentControl: AgentControl;
  isStopping: () => boolean;
}

/**
 * Every route but the pages of the console and the sign-in form. The server, the OpenAPI document and the table of who
 * may call what are all made from it.
 */
export function routeTable(parts: RouteParts): Route[] {
  const { reader, metricReader, signIn, demo, describe, metrics, control, agentControl, isStopping } = parts;
  const table: Route[] = [
    ...healthRoutes(reader, isStopping),
    ...metricsRoutes(metrics),
    ...documentRoutes(
      () => table,
      () => describe().version,
    ),
    ...sessionRoutes(signIn, demo),
    ...statusRoutes(reader, describe),
    ...metricSeriesRoutes(metricReader),
    ...eventRoutes(reader),
    ...runRoutes(reader),
    ...runViewRoutes(reader),
    ...groupRoutes(reader),
    ...approvalRoutes(control),
    ...steeringRoutes(control),
    ...stopRoutes(control),
    ...policyRoutes(control),
    ...agentRoutes(agentControl),
    ...auditRoutes(control),
  ];
  return table;
}
