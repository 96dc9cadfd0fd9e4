import type { Command } from '@signalbox/event-model';
import { Router, type Request } from 'express';
import { z } from 'zod';
import { askerOf } from '../asker.ts';
import { bodyOf, jsonBody } from '../body.ts';
import type { Asker, Control, ControlRefusal, Ordered } from '../control-port.ts';
import { problemOf } from '../control-problems.ts';
import { ProblemError } from '../problem.ts';
import { uuidOf } from '../query.ts';

const text = z.string().trim().min(1).max(4000);
const idempotencyKey = z.string().min(8, 'at least 8 characters').max(200);

/** Body of a stop. */
export const stopBody = z.strictObject({ reason: text.optional(), idempotencyKey });
/** Body of a stop of many runs: of one workflow, or of everything. */
export const stopManyBody = z.union([
  z.strictObject({ workflow: text, reason: text.optional(), idempotencyKey }),
  z.strictObject({ everything: z.literal(true), reason: text.optional(), idempotencyKey }),
]);
/** Body of a task. */
export const taskBody = z.strictObject({
  text,
  after: z.string().min(1).max(200).optional(),
  note: text.optional(),
  idempotencyKey,
});
/** Body of a change of the plan. */
export const planChangeBody = z.strictObject({
  change: z.enum(['cancel', 'reorder']),
  items: z.array(z.string().min(1).max(200)).min(1).max(200),
  idempotencyKey,
});

type RunRequest = Request<{ id: string }>;

/** Stop, tasks, changes of the plan, and what became of a command. */
export function steeringRoutes(control: Control): Router {
  const router = Router();

  router.get('/runs/:id/control', async (request: RunRequest, response) => {
    response.json(await control.control(uuidOf('id', request.params.id), askerOf(request)));
  });

  router.post('/runs/:id/stop', jsonBody, async (request: RunRequest, response) => {
    const { reason, idempotencyKey: key } = bodyOf(request, stopBody);
    const outcome = await control.stop(
      uuidOf('id', request.params.id),
      { idempotencyKey: key, ...(reason === undefined ? {} : { reason }) },
      askerOf(request),
    );
    response.status(202).json(commandOf(outcome));
  });

  router.post('/runs/:id/tasks', jsonBody, async (request: RunRequest, response) => {
    const { after, note, ...rest } = bodyOf(request, taskBody);
    const outcome = await control.addTask(
      uuidOf('id', request.params.id),
      { ...rest, ...(after === undefined ? {} : { after }), ...(note === undefined ? {} : { note }) },
      askerOf(request),
    );
    response.status(202).json(commandOf(outcome));
  });

  router.post('/runs/:id/plan', jsonBody, async (request: RunRequest, response) => {
    const { change, items, idempotencyKey: key } = bodyOf(request, planChangeBody);
    const outcome = await control.changePlan(
      uuidOf('id', request.params.id),
      { kind: `task.${change}`, items, idempotencyKey: key },
      askerOf(request),
    );
    response.status(202).json(commandOf(outcome));
  });

  router.post('/stop', jsonBody, async (request, response) => {
    const body = bodyOf(request, stopManyBody);
    response.status(202).json({ results: await stopMany(control, body, askerOf(request)) });
  });

  router.get('/commands/:id', async (request, response) => {
    const command = await control.command(uuidOf('id', request.params.id));
    if (!command) throw new ProblemError(404, 'not_found', 'There is no command with this id.');
    response.json(command);
  });

  return router;
}

function commandOf(outcome: ControlRefusal | Ordered): Command {
  if ('refused' in outcome) throw problemOf(outcome);
  return outcome.command;
}

/** One result a run: what failed for one run says nothing of the others. */
async function stopMany(control: Control, body: z.infer<typeof stopManyBody>, asker: Asker) {
  const runs = await control.runsToStop('workflow' in body ? body.workflow : null);
  return Promise.all(
    runs.map(async (runId) => {
      const request = {
        idempotencyKey: `${body.idempotencyKey}:${runId}`,
        ...(body.reason === undefined ? {} : { reason: body.reason }),
      };
      const outcome = await control.stop(runId, request, asker);
      if ('refused' in outcome) return { runId, command: null, problem: problemOf(outcome).problem };
      return { runId, command: outcome.command, problem: null };
    }),
  );
}
