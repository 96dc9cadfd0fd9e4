import type { Command } from '@signalbox/event-model';
import { z } from 'zod';
import { askerOf } from '../asker.ts';
import type { Asker, Control, ControlRefusal, Ordered } from '../control-port.ts';
import { problemOf } from '../control-problems.ts';
import { ProblemError } from '../problem.ts';
import { uuid } from '../routing/parameters.ts';
import type { ProblemCode } from '../routing/problem-codes.ts';
import { route, type Route } from '../routing/route.ts';
import { problem } from '../schemas/collector.ts';
import { command, runControl } from '../schemas/control.ts';
import { request as named } from '../schemas/model.ts';

const text = z.string().trim().min(1).max(4000);
const idempotencyKey = z.string().min(8, 'at least 8 characters').max(200);

/** Body of a stop. */
export const stopBody = named('StopRequest', z.strictObject({ reason: text.optional(), idempotencyKey }));
/** Body of a stop of many runs: of one workflow, or of everything. */
export const stopManyBody = named(
  'StopManyRequest',
  z.union([
    z.strictObject({ workflow: text, reason: text.optional(), idempotencyKey }),
    z.strictObject({ everything: z.literal(true), reason: text.optional(), idempotencyKey }),
  ]),
);
/** Body of a task. */
export const taskBody = named(
  'TaskRequest',
  z.strictObject({
    text,
    after: z.string().min(1).max(200).optional(),
    note: text.optional(),
    idempotencyKey,
  }),
);
/** Body of a change of the plan. */
export const planChangeBody = named(
  'PlanChangeRequest',
  z.strictObject({
    change: z.enum(['cancel', 'reorder']),
    items: z.array(z.string().min(1).max(200)).min(1).max(200),
    idempotencyKey,
  }),
);

const ofRun = z.object({ id: uuid });
const ordered = { status: 202, description: 'The command, and how far it is.', schema: command };
const REFUSALS: readonly ProblemCode[] = ['not_found', 'not_allowed', 'idempotency_key_reused', 'capability_missing'];

/** Stop, tasks, changes of the plan, and what became of a command. */
export function steeringRoutes(control: Control): Route[] {
  return [
    route({
      path: '/api/runs/{id}/control',
      id: 'getRunControl',
      tag: 'Control',
      summary: 'What can be done with a run, and why not.',
      access: 'reader',
      params: ofRun,
      answer: runControl,
      handle: ({ params, request }) => control.control(params.id, askerOf(request)),
    }),
    stopRun(control),
    addTask(control),
    changePlan(control),
    stopRuns(control),
    route({
      path: '/api/commands/{id}',
      id: 'getCommand',
      tag: 'Control',
      summary: 'A command and everything that became of it.',
      access: 'reader',
      params: ofRun,
      answer: command,
      problems: ['not_found'],
      async handle({ params }) {
        const found = await control.command(params.id);
        if (!found) throw new ProblemError(404, 'not_found', 'There is no command with this id.');
        return found;
      },
    }),
  ];
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
    problems: REFUSALS,
    async handle({ params, body: { reason, idempotencyKey: key }, request }) {
      const asked = { idempotencyKey: key, ...(reason === undefined ? {} : { reason }) };
      return commandOf(await control.stop(params.id, asked, askerOf(request)));
    },
  });
}

function addTask(control: Control): Route {
  return route({
    method: 'post',
    path: '/api/runs/{id}/tasks',
    id: 'addTask',
    tag: 'Control',
    summary: 'Proposes a task to a run.',
    access: 'decider',
    params: ofRun,
    body: taskBody,
    answer: ordered,
    problems: REFUSALS,
    async handle({ params, body: { after, note, ...rest }, request }) {
      const task = { ...rest, ...(after === undefined ? {} : { after }), ...(note === undefined ? {} : { note }) };
      return commandOf(await control.addTask(params.id, task, askerOf(request)));
    },
  });
}

function changePlan(control: Control): Route {
  return route({
    method: 'post',
    path: '/api/runs/{id}/plan',
    id: 'changePlan',
    tag: 'Control',
    summary: 'Asks a run to drop or reorder items of its plan.',
    access: 'decider',
    params: ofRun,
    body: planChangeBody,
    answer: ordered,
    problems: REFUSALS,
    async handle({ params, body: { change, items, idempotencyKey: key }, request }) {
      const asked = { kind: `task.${change}` as const, items, idempotencyKey: key };
      return commandOf(await control.changePlan(params.id, asked, askerOf(request)));
    },
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
    summary: 'Asks every run of a workflow, or every run, to stop.',
    access: 'decider',
    body: stopManyBody,
    answer: { status: 202, description: 'One result a run.', schema: z.object({ results: z.array(stopResult) }) },
    handle: async ({ body, request }) => ({ results: await stopMany(control, body, askerOf(request)) }),
  });
}

function commandOf(outcome: ControlRefusal | Ordered): Command {
  if ('refused' in outcome) throw problemOf(outcome);
  return outcome.command;
}

/** One result a run: what failed for one run says nothing of the others. */
async function stopMany(control: Control, body: z.infer<typeof stopManyBody>, asker: Asker) {
  const workflow = 'workflow' in body ? body.workflow : null;
  const may = control.maySteer(asker, workflow);
  if (!may.allowed)
    throw problemOf({ refused: 'forbidden', reason: may.reason ?? 'You may not steer runs.', who: may.who });
  const runs = await control.runsToStop(workflow);
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
