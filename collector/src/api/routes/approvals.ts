import type { BatchDecisionRequest, DecisionRequest } from '@signalbox/event-model';
import { z } from 'zod';
import { askerOf } from '../asker.ts';
import type { Control } from '../control-port.ts';
import { commandOf, problemOf } from '../control-problems.ts';
import { ProblemError } from '../problem.ts';
import { limit, list, text, uuid } from '../routing/parameters.ts';
import type { ProblemCode } from '../routing/problem-codes.ts';
import { route, type Route } from '../routing/route.ts';
import { approval, approvalPage, batchAnswer, command, ordered } from '../schemas/control.ts';
import { request as named } from '../schemas/model.ts';

const words = z.string().max(4000);
const key = z.string().min(8, 'at least 8 characters').max(200);
const shownHash = z.string().regex(/^[0-9a-f]{64}$/, 'the shownHash of the approval: 64 hex digits');

/** Body of a decision. */
export const decisionBody = named(
  'DecisionRequest',
  z.strictObject({
    decision: z.enum(['approve', 'reject', 'edit', 'respond']),
    reason: words.optional(),
    args: z.json().optional(),
    answer: z.json().optional(),
    shownHash,
    idempotencyKey: key,
  }),
);

/** Body of one decision on several approvals. */
export const batchBody = named(
  'BatchDecisionRequest',
  z.strictObject({
    decision: z.enum(['approve', 'reject']),
    reason: words.optional(),
    items: z
      .array(z.strictObject({ id: uuid, shownHash }))
      .min(2, 'at least two approvals')
      .max(100, 'at most 100 approvals')
      .refine((items) => new Set(items.map(({ id }) => id)).size === items.length, 'each approval once'),
    idempotencyKey: key,
  }),
);
/** Body of an extension. */
export const extendBody = named('ExtendRequest', z.strictObject({ idempotencyKey: key }));

const CURSOR_EXPECTED = 'a "nextCursor" of an earlier answer';
const cursor = z.string().transform((value, context) => {
  const [at = '', id = ''] = Buffer.from(value, 'base64url').toString().split(' ');
  const read = uuid.safeParse(id);
  if (!read.success || Number.isNaN(Date.parse(at)))
    context.issues.push({ code: 'custom', message: CURSOR_EXPECTED, input: value });
  return { at, id: read.data ?? '' };
});

const DECISION_REFUSALS: readonly ProblemCode[] = [
  'not_found',
  'not_allowed',
  'interrupt_not_pending',
  'changed_since_shown',
  'idempotency_key_reused',
  'expired',
  'decision_not_offered',
];

/** Questions to people, and their answers. */
export function approvalRoutes(control: Control): Route[] {
  return [
    listApprovals(control),
    decideApprovals(control),
    oneApproval(control),
    decideApproval(control),
    extendApproval(control),
  ];
}

function listApprovals(control: Control): Route {
  return route({
    path: '/api/approvals',
    id: 'listApprovals',
    tag: 'Control',
    summary: 'Approvals, in keyset pages.',
    access: 'reader',
    query: z.object({
      status: z.exactOptional(list),
      run: z.exactOptional(uuid),
      workflow: z.exactOptional(list),
      decidedBy: z.exactOptional(text),
      limit,
      cursor: z.exactOptional(cursor),
    }),
    answer: approvalPage,
    async handle({ query, request }) {
      const { status, run, workflow, decidedBy, limit: size, cursor: after } = query;
      const approvals = await control.approvals(
        { status, runId: run, workflow, decidedBy, limit: size, after },
        askerOf(request),
      );
      const last = approvals.at(-1);
      return { approvals, nextCursor: last && approvals.length === size ? toCursor(last.requestedAt, last.id) : null };
    },
  });
}

function oneApproval(control: Control): Route {
  return route({
    path: '/api/approvals/{id}',
    id: 'getApproval',
    tag: 'Control',
    summary: 'One approval, and whether the asker may decide it.',
    access: 'reader',
    params: z.object({ id: uuid }),
    answer: approval,
    problems: ['not_found'],
    async handle({ params, request }) {
      const found = await control.approval(params.id, askerOf(request));
      if (!found) throw new ProblemError(404, 'not_found', 'There is no approval with this id.');
      return found;
    },
  });
}

function decideApprovals(control: Control): Route {
  return route({
    method: 'post',
    path: '/api/approvals/decisions',
    id: 'decideApprovals',
    tag: 'Control',
    summary: 'One decision on several approvals of the same run and action, at most of medium risk: all, or none.',
    access: 'decider',
    body: batchBody,
    answer: { status: 202, description: 'A command for each approval, in their order.', schema: batchAnswer },
    problems: [...DECISION_REFUSALS, 'not_alike'],
    async handle({ body, request }) {
      const outcome = await control.decideAll(body as BatchDecisionRequest, askerOf(request));
      if ('refusal' in outcome) throw problemOf(outcome.refusal, outcome.subject);
      return outcome;
    },
  });
}

function extendApproval(control: Control): Route {
  return route({
    method: 'post',
    path: '/api/approvals/{id}/extend',
    id: 'extendApproval',
    tag: 'Control',
    summary: 'Puts the end of an approval off, where the policy allows it, and tells its agent to wait as long.',
    access: 'decider',
    params: z.object({ id: uuid }),
    body: extendBody,
    answer: ordered,
    problems: [
      'not_found',
      'not_allowed',
      'interrupt_not_pending',
      'expired',
      'cannot_extend',
      'idempotency_key_reused',
    ],
    handle: async ({ params, body, request }) => commandOf(await control.extend(params.id, body, askerOf(request))),
  });
}

const decided = z.union([command, z.object({ command: z.null(), approval })]);

function decideApproval(control: Control): Route {
  return route({
    method: 'post',
    path: '/api/approvals/{id}/decision',
    id: 'decideApproval',
    tag: 'Control',
    summary: 'Decides an approval. Exactly one decision wins.',
    access: 'decider',
    params: z.object({ id: uuid }),
    body: decisionBody,
    answer: {
      status: 202,
      description: 'The command that carries the decision, or the vote that was counted.',
      schema: decided,
    },
    problems: [...DECISION_REFUSALS, 'already_voted', 'run_stopped', 'capability_missing'],
    async handle({ params, body, request }) {
      if (body.decision === 'edit' && body.args === undefined)
        throw new ProblemError(400, 'invalid_request', 'args: an edit states the arguments to run with.');
      if (body.decision === 'respond' && body.answer === undefined)
        throw new ProblemError(400, 'invalid_request', 'answer: a response states the answer.');
      const outcome = await control.decide(params.id, body as DecisionRequest, askerOf(request));
      if ('refused' in outcome) throw problemOf(outcome);
      return 'vote' in outcome ? { command: null, approval: outcome.vote } : outcome.command;
    },
  });
}

function toCursor(at: string, id: string): string {
  return Buffer.from(`${at} ${id}`).toString('base64url');
}
