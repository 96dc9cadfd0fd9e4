import type {
  AgentApprovalStored,
  AgentCommand,
  AgentDownFrame,
  AgentProblem,
  AgentWelcome,
} from '@signalbox/event-model';
import { z } from 'zod';
import { model } from './model.ts';

const welcome = model<AgentWelcome>()(
  'AgentWelcome',
  z.object({
    type: z.literal('welcome'),
    heartbeatSeconds: z.number().describe('Three missing heartbeats mean that the agent is offline.'),
    serverTime: z.number().describe('Milliseconds since the epoch.'),
  }),
);

const approvalStored = model<AgentApprovalStored>()(
  'AgentApprovalStored',
  z.object({
    type: z.literal('approval.stored'),
    id: z.string(),
    approvalId: z.string().describe('Id of the approval for people and links.'),
    expiresAt: z.string().nullable(),
  }),
);

const command = model<AgentCommand>()(
  'AgentCommand',
  z.object({
    type: z.literal('command'),
    id: z.string().describe('The same order always has the same id: one that was carried out is only reported again.'),
    kind: z.enum(['decision', 'extend', 'stop', 'bar', 'task.add', 'task.cancel', 'task.reorder', 'run.start']),
    traceId: z.string().nullable(),
    approval: z.exactOptional(z.string()).describe("The agent's own id of the request."),
    decision: z.exactOptional(z.enum(['approve', 'reject', 'edit', 'respond', 'expired'])),
    args: z.exactOptional(z.unknown()),
    answer: z.exactOptional(z.unknown()),
    reason: z.exactOptional(z.string()),
    by: z.string(),
    waitMs: z.exactOptional(z.number()),
    task: z.exactOptional(
      z.object({
        id: z.string(),
        text: z.string(),
        after: z.exactOptional(z.string()),
        note: z.exactOptional(z.string()),
      }),
    ),
    items: z.exactOptional(z.array(z.string())),
  }),
);

const problem = model<AgentProblem>()(
  'AgentProblem',
  z.object({ type: z.literal('problem'), code: z.string(), detail: z.string(), id: z.exactOptional(z.string()) }),
);

/** Every frame an agent gets, by its type. */
export const AGENT_DOWN_FRAMES = {
  welcome,
  'approval.stored': approvalStored,
  command,
  problem,
} as const satisfies { [K in AgentDownFrame['type']]: z.ZodType<{ type: K }> };
