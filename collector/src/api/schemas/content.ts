import type {
  ApprovalContent,
  ContentPart,
  EventContent,
  Message,
  MessagePart,
  PlanChange,
  PlanItem,
} from '@signalbox/event-model';
import { z } from 'zod';
import { model } from './model.ts';

const fields = z.record(z.string(), z.unknown());

const contentPart = model<ContentPart>()(
  'ContentPart',
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('text'), text: z.string() }),
    z.object({ kind: z.literal('json'), value: z.unknown() }),
    z.object({ kind: z.literal('not_captured'), hint: z.string().nullable() }),
    z.object({
      kind: z.literal('truncated'),
      text: z.string(),
      bytes: z.int(),
      part: z.string().nullable().describe('Value for ?part= that streams the whole.'),
    }),
    z.object({ kind: z.literal('binary'), mediaType: z.string(), bytes: z.int() }),
  ]),
);

const messagePart = model<MessagePart>()(
  'MessagePart',
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('content'), content: contentPart }),
    z.object({ kind: z.literal('reasoning'), content: contentPart }),
    z.object({
      kind: z.literal('tool_call'),
      callId: z.string().nullable(),
      tool: z.string(),
      arguments: contentPart,
    }),
    z.object({
      kind: z.literal('tool_result'),
      callId: z.string().nullable(),
      tool: z.string().nullable(),
      result: contentPart,
    }),
  ]),
);

const message = model<Message>()(
  'Message',
  z.object({ role: z.string(), name: z.string().nullable(), parts: z.array(messagePart) }),
);

export const planItem = model<PlanItem>()(
  'PlanItem',
  z.object({
    id: z.string().describe('Stable over revisions.'),
    text: z.string(),
    status: z
      .string()
      .describe('pending, in_progress, completed, failed, cancelled, blocked, or a word of the sender.'),
  }),
);

export const planChange = model<PlanChange>()(
  'PlanChange',
  z.object({ added: z.array(z.string()), removed: z.array(z.string()), changed: z.array(z.string()) }),
);

export const reasonBasis = z
  .enum(['given', 'inferred'])
  .nullable()
  .describe('Given by the agent, or inferred from the error or answer before.');

const approvalContent = model<ApprovalContent>()(
  'ApprovalContent',
  z.object({
    action: z.string(),
    arguments: contentPart,
    question: z.string().nullable(),
    allowedDecisions: z.array(z.string()),
    reason: z.string().nullable(),
    risk: z.string().nullable(),
    expiresAt: z.string().nullable(),
  }),
);

const tool = z.object({ name: z.string(), description: z.string().nullable(), schema: z.unknown() });

/** Bodies of one event. */
export const eventContent = model<EventContent>()(
  'EventContent',
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('user_input'), text: contentPart }),
    z.object({
      kind: z.literal('model_request'),
      provider: z.string().nullable(),
      parameters: fields,
      messages: z.array(message),
      tools: z.array(tool),
      notCaptured: z.boolean(),
    }),
    z.object({
      kind: z.literal('model_response'),
      messages: z.array(message),
      finishReason: z.string().nullable(),
      responseId: z.string().nullable(),
      notCaptured: z.boolean(),
    }),
    z.object({
      kind: z.literal('tool_call'),
      callId: z.string().nullable(),
      arguments: contentPart,
      description: z.string().nullable(),
    }),
    z.object({
      kind: z.literal('tool_result'),
      callId: z.string().nullable(),
      result: contentPart,
      error: z.string().nullable(),
    }),
    z.object({
      kind: z.literal('plan_update'),
      items: z.array(planItem),
      change: planChange,
      reason: z.string().nullable(),
      reasonBasis,
    }),
    z.object({
      kind: z.literal('approval_request'),
      approval: approvalContent,
      correlationKey: z.string().nullable(),
    }),
    z.object({
      kind: z.literal('approval_decision'),
      decision: z.enum(['approve', 'reject', 'edit', 'respond', 'unknown']),
      by: z.enum(['human', 'automatic', 'unknown']),
      answer: contentPart.nullable(),
      action: z.string().nullable(),
      correlationKey: z.string().nullable(),
    }),
    z.object({
      kind: z.literal('error'),
      message: z.string(),
      errorType: z.string().nullable(),
      stack: z.string().nullable(),
    }),
    z.object({ kind: z.literal('lifecycle'), input: contentPart.nullable(), output: contentPart.nullable() }),
    z.object({ kind: z.literal('generic'), fields }),
  ]),
);
