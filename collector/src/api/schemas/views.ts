import type {
  GraphEdge,
  GraphNode,
  GraphView,
  OwnedPlanItem,
  PlanRevision,
  PlanView,
  SequenceLoop,
  SequenceMessage,
  SequenceParticipant,
  SequenceView,
} from '@signalbox/event-model';
import { z } from 'zod';
import { planChange, planItem, reasonBasis } from './content.ts';
import { actor } from './event.ts';
import { model } from './model.ts';

const count = z.int().min(0);

const planRevision = model<PlanRevision>()(
  'PlanRevision',
  z.object({
    eventId: z.string(),
    runId: z.string(),
    number: z.int().min(1).describe("Counts from 1 within one owner's plan."),
    actor,
    at: z.string(),
    items: z.array(planItem),
    change: planChange,
    reason: z.string().nullable(),
    reasonBasis,
    causeEventId: z.string().nullable(),
  }),
);

const ownedPlanItem = model<OwnedPlanItem>()(
  'OwnedPlanItem',
  z.object({ ...planItem.shape, owner: z.string().describe('The agent whose plan it belongs to.') }),
);

export const planView = model<PlanView>()(
  'PlanView',
  z.object({ runId: z.string(), items: z.array(ownedPlanItem), revisions: z.array(planRevision) }),
);

const graphNode = model<GraphNode>()(
  'GraphNode',
  z.object({
    id: z.string(),
    label: z.string(),
    type: z.string(),
    parentId: z.string().nullable().describe('The node this one runs inside.'),
    status: z.enum(['idle', 'active', 'waiting', 'completed', 'error', 'lost']),
    visits: count,
    errors: count,
    lastStartedAt: z.string().nullable(),
    totalNs: z.string().describe('Nanoseconds in finished visits, decimal.'),
    eventIds: z.array(z.string()),
    observed: z.boolean(),
  }),
);

const graphEdge = model<GraphEdge>()(
  'GraphEdge',
  z.object({
    source: z.string(),
    target: z.string(),
    label: z.string().nullable(),
    conditional: z.boolean(),
    taken: count,
    declared: z.boolean(),
  }),
);

export const graphView = model<GraphView>()(
  'GraphView',
  z.object({
    runId: z.string(),
    name: z.string().nullable(),
    basis: z.enum(['declared', 'inferred']),
    nodes: z.array(graphNode),
    edges: z.array(graphEdge),
    active: z.array(z.string()),
  }),
);

const participant = model<SequenceParticipant>()('SequenceParticipant', z.object({ id: z.string(), actor }));

const sequenceMessage = model<SequenceMessage>()(
  'SequenceMessage',
  z.object({
    index: count,
    eventId: z.string(),
    kind: z.enum(['call', 'return', 'message', 'self', 'note', 'approval', 'decision', 'error']),
    from: z.string(),
    to: z.string(),
    label: z.string(),
    at: z.string(),
    status: z.string(),
    replyTo: count.nullable(),
    depth: count,
  }),
);

const sequenceLoop = model<SequenceLoop>()(
  'SequenceLoop',
  z.object({ from: count, length: z.int().min(1), times: z.int().min(2) }),
);

export const sequenceView = model<SequenceView>()(
  'SequenceView',
  z.object({
    runId: z.string(),
    participants: z.array(participant),
    messages: z.array(sequenceMessage),
    loops: z.array(sequenceLoop),
    truncated: z.boolean(),
  }),
);
