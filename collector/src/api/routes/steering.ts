import { z } from 'zod';
import { askerOf } from '../asker.ts';
import type { Control } from '../control-port.ts';
import { commandOf } from '../control-problems.ts';
import { ProblemError } from '../problem.ts';
import { uuid } from '../routing/parameters.ts';
import type { ProblemCode } from '../routing/problem-codes.ts';
import { route, type Route } from '../routing/route.ts';
import { command, ordered, runControl } from '../schemas/control.ts';
import { request as named } from '../schemas/model.ts';

const text = z.string().trim().min(1).max(4000);
const idempotencyKey = z.string().min(8, 'at least 8 characters').max(200);

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

const REFUSALS: readonly ProblemCode[] = ['not_found', 'not_allowed', 'idempotency_key_reused', 'capability_missing'];

/** Tasks, changes of the plan, and what became of a command. */
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
    addTask(control),
    changePlan(control),
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
