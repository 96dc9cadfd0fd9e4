import { z } from 'zod';
import { askerOf } from '../asker.ts';
import type { Asker, Control } from '../control-port.ts';
import { commandOf, problemOf } from '../control-problems.ts';
import { text, uuid } from '../routing/parameters.ts';
import type { ProblemCode } from '../routing/problem-codes.ts';
import { route, type Route } from '../routing/route.ts';
import { problem } from '../schemas/collector.ts';
import { command, ordered, stopPreview } from '../schemas/control.ts';
import { request as named } from '../schemas/model.ts';

const words = z.string().trim().min(1).max(4000);
const idempotencyKey = z.string().min(8, 'at least 8 characters').max(200);

/** Body of a stop, and of a bar. */
export const stopBody = named('StopRequest', z.strictObject({ reason: words.optional(), idempotencyKey }));
/** Body of a stop of many runs: of one workflow, or of everything. */
export const stopManyBody = named(
  'StopManyRequest',
  z.union([
    z.strictObject({ workflow: words, reason: words.optional(), idempotencyKey }),
    z.strictObject({ everything: z.literal(true), reason: words.optional(), idempotencyKey }),
  ]),
);

const ofRun = z.object({ id: uuid });
const REFUSALS: readonly ProblemCode[] = ['not_found', 'not_allowed', 'idempotency_key_reused'];

/** Everything that ends runs: one, all of a workflow, everything; and what is left where an agent cannot stop. */
export function stopRoutes(control: Control): Route[] {
  return [stopRun(control), barRun(control), previewStop(control), stopRuns(control)];
}

function stopRun(control: Control): Route {
  return route({
    method: 'post',
    path: '/api/runs/{id}/stop',
    id: 'stopRun',
    tag: 'Control',
    summary: 'Asks a run to stop.',
    access: 'decider',
    params: ofRun,
    body: stopBody,
    answer: ordered,
    problems: [...REFUSALS, 'capability_missing'],
    handle: async ({ params, body, request }) =>
      commandOf(await control.stop(params.id, given(body), askerOf(request))),
  });
}

function barRun(control: Control): Route {
  return route({
    method: 'post',
    path: '/api/runs/{id}/bar',
    id: 'barRun',
    tag: 'Control',
    summary: 'Refuses everything a run asks for from now on; its agent is not asked to stop.',
    access: 'decider',
    params: ofRun,
    body: stopBody,
    answer: ordered,
    problems: REFUSALS,
    handle: async ({ params, body, request }) => commandOf(await control.bar(params.id, given(body), askerOf(request))),
  });
}

function previewStop(control: Control): Route {
  return route({
    path: '/api/stop',
    id: 'previewStop',
    tag: 'Control',
    summary: 'The runs a stop of a workflow, or of everything, would reach now.',
    access: 'reader',
    query: z.object({ workflow: z.exactOptional(text) }),
    answer: stopPreview,
    handle: ({ query }) => control.runsToStop(query.workflow ?? null),
  });
}

const stopResult = z.object({
  runId: z.string(),
  command: command.nullable(),
  problem: problem.nullable(),
});

function stopRuns(control: Control): Route {
  return route({
    method: 'post',
    path: '/api/stop',
    id: 'stopRuns',
    tag: 'Control',
    summary: 'Asks every run of a workflow, or every run, to stop; runs whose agents cannot are barred.',
    access: 'decider',
    body: stopManyBody,
    answer: {
      status: 202,
      description: 'One result a run: the stop, or the bar where its agent cannot stop.',
      schema: z.object({ results: z.array(stopResult) }),
    },
    handle: async ({ body, request }) => ({ results: await stopMany(control, body, askerOf(request)) }),
  });
}

/** One result a run: what failed for one run says nothing of the others. */
async function stopMany(control: Control, body: z.infer<typeof stopManyBody>, asker: Asker) {
  const workflow = 'workflow' in body ? body.workflow : null;
  const may = control.maySteer(asker, workflow);
  if (!may.allowed)
    throw problemOf({ refused: 'forbidden', reason: may.reason ?? 'You may not steer runs.', who: may.who });
  const { runs } = await control.runsToStop(workflow);
  return Promise.all(
    runs.map(async ({ runId, canStop }) => {
      const request = { ...given(body), idempotencyKey: `${body.idempotencyKey}:${runId}` };
      const outcome = await (canStop ? control.stop(runId, request, asker) : control.bar(runId, request, asker));
      if ('refused' in outcome) return { runId, command: null, problem: problemOf(outcome).problem };
      return { runId, command: outcome.command, problem: null };
    }),
  );
}

function given({ reason, idempotencyKey: key }: { reason?: string | undefined; idempotencyKey: string }) {
  return { idempotencyKey: key, ...(reason === undefined ? {} : { reason }) };
}
