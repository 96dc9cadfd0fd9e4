import type { AgentPage, StartableAgent } from '@signalbox/event-model';
import { z } from 'zod';
import { model, request } from './model.ts';

const startableAgent = model<StartableAgent>()(
  'StartableAgent',
  z.object({
    id: z.string(),
    name: z.string(),
    runtime: z.string(),
    capabilities: z.array(
      z.enum(['approve', 'edit', 'respond', 'stop', 'add_task', 'plan', 'replay', 'chat', 'graph', 'versions']),
    ),
    online: z.boolean(),
    canStart: z.boolean().describe('Whether people can start runs of it from here.'),
  }),
);

export const agentPage = model<AgentPage>()(
  'AgentPage',
  z.object({ agents: z.array(startableAgent), nextCursor: z.string().nullable() }),
);

/** Body of a start. */
export const runStartBody = request(
  'RunStartRequest',
  z.strictObject({
    text: z.string().trim().min(1).max(32_000),
    sessionId: z
      .string()
      .regex(/^[\w.:@-]{1,128}$/, 'up to 128 letters, digits or any of . _ : @ -')
      .optional(),
    idempotencyKey: z.string().min(8, 'at least 8 characters').max(200),
  }),
);
