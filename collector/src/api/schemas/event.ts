import {
  EVENT_STATUSES,
  type Actor,
  type EventDetail,
  type EventPage,
  type EventRow,
  type EventSource,
  type TokenUsage,
} from '@signalbox/event-model';
import { z } from 'zod';
import { eventContent } from './content.ts';
import { model } from './model.ts';

const tokens = z.int().min(0);

export const actor = model<Actor>()(
  'Actor',
  z.object({
    kind: z.enum(['user', 'agent', 'tool', 'model', 'node', 'workflow', 'service', 'system']),
    name: z.string().describe('As the sender spells it.'),
  }),
);

export const tokenUsage = model<TokenUsage>()(
  'TokenUsage',
  z.object({
    input: z.exactOptional(tokens),
    output: z.exactOptional(tokens),
    cached: z.exactOptional(tokens),
    reasoning: z.exactOptional(tokens),
  }),
);

const eventSource = model<EventSource>()(
  'EventSource',
  z.object({
    convention: z.string().describe('Mapping that produced the event.'),
    basis: z.enum(['declared', 'inferred']),
  }),
);

const row = {
  id: z.string().describe('UUID; the same telemetry always gives the same id.'),
  runId: z.string().describe('UUID form of the trace id.'),
  sessionId: z.string(),
  workflow: z.string().nullable(),
  traceId: z.string().describe('32 lower-case hex digits.'),
  spanId: z.string().nullable(),
  parentId: z.string().nullable().describe('Id of the enclosing event.'),
  type: z.string().describe('Event type; values of newer collectors may be unknown to a reader.'),
  actor,
  target: actor.nullable(),
  status: z.enum(EVENT_STATUSES),
  startedAt: z.string().describe('RFC 3339 UTC with nanoseconds.'),
  endedAt: z.string().nullable().describe('Like startedAt; null while there is no known end.'),
  receivedAt: z.string().describe('RFC 3339 UTC, milliseconds.'),
  revision: z.int().min(1),
  summary: z.string().describe('One line of plain text.'),
  model: z.string().nullable(),
  tool: z.string().nullable(),
  usage: tokenUsage.nullable(),
  source: eventSource,
  removed: z.exactOptional(z.boolean()).describe('True when readers must drop the row; only in the live stream.'),
};

export const eventRow = model<EventRow>()('EventRow', z.object(row));
export const eventDetail = model<EventDetail>()('EventDetail', z.object({ ...row, content: eventContent }));
export const eventPage = model<EventPage>()(
  'EventPage',
  z.object({ events: z.array(eventRow), nextCursor: z.string().nullable() }),
);
