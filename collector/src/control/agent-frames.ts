import { z } from 'zod';
import type { AgentFrame } from '@signalbox/event-model';

/** Most characters of one frame; longer arguments belong into a file the agent names. */
export const MAX_FRAME_BYTES = 1024 * 1024;

const id = z.string().min(1).max(200);
const text = z.string().max(10_000);
const traceId = z.string().regex(/^[0-9a-f]{32}$/, '32 lower-case hex digits');
const capability = z.enum([
  'approve',
  'edit',
  'respond',
  'stop',
  'add_task',
  'plan',
  'replay',
  'chat',
  'graph',
  'versions',
]);
const decision = z.enum(['approve', 'reject', 'edit', 'respond']);

/** Every frame an agent sends, by its type. */
export const AGENT_FRAMES = {
  hello: z.object({
    type: z.literal('hello'),
    protocol: z.literal(1),
    agentId: id,
    name: z.string().min(1).max(200),
    workflow: z.string().max(200).optional(),
    client: z.string().max(200).optional(),
    capabilities: z.array(capability).max(20),
  }),
  heartbeat: z.object({ type: z.literal('heartbeat') }),
  run: z.object({ type: z.literal('run'), traceId, state: z.enum(['started', 'ended']) }),
  'approval.request': z.object({
    type: z.literal('approval.request'),
    id,
    traceId: traceId.optional(),
    action: z.string().min(1).max(500),
    args: z.unknown(),
    question: text.optional(),
    reason: text.optional(),
    risk: z.string().max(50).optional(),
    affects: text.optional(),
    reversible: z.boolean().optional(),
    allowedDecisions: z.array(decision).min(1).max(4).optional(),
    timeoutMs: z.number().positive().max(86_400_000).optional(),
  }),
  'approval.withdraw': z.object({ type: z.literal('approval.withdraw'), id, reason: text.optional() }),
  'command.report': z.object({
    type: z.literal('command.report'),
    commandId: z.uuid(),
    state: z.enum(['acked', 'effective', 'refused']),
    evidence: text.optional(),
  }),
} as const satisfies { [K in AgentFrame['type']]: z.ZodType<{ type: K }> };

const frames = z.discriminatedUnion('type', [
  AGENT_FRAMES.hello,
  AGENT_FRAMES.heartbeat,
  AGENT_FRAMES.run,
  AGENT_FRAMES['approval.request'],
  AGENT_FRAMES['approval.withdraw'],
  AGENT_FRAMES['command.report'],
]);

/** A frame, or what is wrong with it. */
export function readAgentFrame(value: unknown): { frame: AgentFrame } | { problem: string; id: string | null } {
  const parsed = frames.safeParse(value);
  if (parsed.success) return { frame: parsed.data as AgentFrame };
  const [issue] = parsed.error.issues;
  const subject = (value as { id?: unknown } | null)?.id;
  const where = issue?.path.join('.') || 'the frame';
  return { problem: `${where}: ${issue?.message ?? 'not a frame'}`, id: typeof subject === 'string' ? subject : null };
}
