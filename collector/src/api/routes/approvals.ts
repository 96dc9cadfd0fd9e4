import type { ApprovalPage, DecisionRequest } from '@signalbox/event-model';
import { Router, type Request } from 'express';
import { z } from 'zod';
import { askerOf } from '../asker.ts';
import { bodyOf, jsonBody } from '../body.ts';
import type { Control } from '../control-port.ts';
import { problemOf } from '../control-problems.ts';
import { ProblemError } from '../problem.ts';
import { limitOf, listOf, queryOf, textOf, uuidOf } from '../query.ts';

const text = z.string().max(4000);

/** Body of a decision. */
export const decisionBody = z.strictObject({
  decision: z.enum(['approve', 'reject', 'edit', 'respond']),
  reason: text.optional(),
  args: z.json().optional(),
  answer: z.json().optional(),
  shownHash: z.string().regex(/^[0-9a-f]{64}$/, 'the shownHash of the approval: 64 hex digits'),
  idempotencyKey: z.string().min(8, 'at least 8 characters').max(200),
});

/** `GET /api/approvals`, `GET /api/approvals/{id}` and `POST /api/approvals/{id}/decision`. */
export function approvalRoutes(control: Control): Router {
  const router = Router();

  router.get('/approvals', async (request, response) => {
    const query = queryOf(request.url);
    const run = textOf(query, 'run');
    const limit = limitOf(query);
    const approvals = await control.approvals(
      {
        status: listOf(query, 'status'),
        runId: run === undefined ? undefined : uuidOf('run', run),
        workflow: listOf(query, 'workflow'),
        decidedBy: textOf(query, 'decidedBy'),
        limit,
        after: cursorOf(textOf(query, 'cursor')),
      },
      askerOf(request),
    );
    const last = approvals.at(-1);
    const nextCursor = last && approvals.length === limit ? toCursor(last.requestedAt, last.id) : null;
    const page: ApprovalPage = { approvals, nextCursor };
    response.json(page);
  });

  router.get('/approvals/:id', async (request, response) => {
    const approval = await control.approval(uuidOf('id', request.params.id), askerOf(request));
    if (!approval) throw new ProblemError(404, 'not_found', 'There is no approval with this id.');
    response.json(approval);
  });

  router.post('/approvals/:id/decision', jsonBody, async (request: Request<{ id: string }>, response) => {
    const id = uuidOf('id', request.params.id);
    const body = bodyOf(request, decisionBody);
    if (body.decision === 'edit' && body.args === undefined)
      throw new ProblemError(400, 'invalid_request', 'args: an edit states the arguments to run with.');
    if (body.decision === 'respond' && body.answer === undefined)
      throw new ProblemError(400, 'invalid_request', 'answer: a response states the answer.');
    const outcome = await control.decide(id, body as DecisionRequest, askerOf(request));
    if ('refused' in outcome) throw problemOf(outcome);
    if ('vote' in outcome) response.status(202).json({ command: null, approval: outcome.vote });
    else response.status(202).json(outcome.command);
  });

  return router;
}

function toCursor(at: string, id: string): string {
  return Buffer.from(`${at} ${id}`).toString('base64url');
}

function cursorOf(cursor: string | undefined): { at: string; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [at = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (Number.isNaN(Date.parse(at))) throw new ProblemError(400, 'invalid_request', 'The cursor is not one of ours.');
  return { at, id: uuidOf('cursor', id) };
}
