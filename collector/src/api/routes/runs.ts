import { z } from 'zod';
import { nsFromTime } from '../../telemetry/time.ts';
import type { EventReader } from '../event-reader.ts';
import { ProblemError } from '../problem.ts';
import { cursor, encodePage, limit, list, order, text, time, uuid } from '../routing/parameters.ts';
import { route, type Route } from '../routing/route.ts';
import { run, runPage } from '../schemas/run.ts';

/** Runs, listed and one by one. */
export function runRoutes(reader: EventReader): Route[] {
  return [listRuns(reader), oneRun(reader)];
}

function listRuns(reader: EventReader): Route {
  return route({
    path: '/api/runs',
    id: 'listRuns',
    tag: 'Runs',
    summary: 'Runs, in keyset pages.',
    access: 'reader',
    query: z.object({
      session: z.exactOptional(text),
      workflow: z.exactOptional(list),
      status: z.exactOptional(list),
      q: z.exactOptional(text).describe('Part of the workflow, session, service, user or run id.'),
      from: z.exactOptional(time),
      to: z.exactOptional(time),
      order,
      limit,
      cursor: z.exactOptional(cursor),
    }),
    answer: runPage,
    async handle({ query }) {
      const page = await reader.runs({
        session: query.session,
        workflow: query.workflow,
        status: query.status,
        q: query.q,
        fromNs: query.from === undefined ? undefined : nsFromTime(query.from),
        toNs: query.to === undefined ? undefined : nsFromTime(query.to),
        order: query.order,
        limit: query.limit,
        after: query.cursor,
      });
      return { runs: page.runs, nextCursor: encodePage(page.next) };
    },
  });
}

function oneRun(reader: EventReader): Route {
  return route({
    path: '/api/runs/{id}',
    id: 'getRun',
    tag: 'Runs',
    summary: 'One run.',
    access: 'reader',
    params: z.object({ id: uuid }),
    answer: run,
    problems: ['not_found'],
    async handle({ params }) {
      const found = await reader.run(params.id);
      if (!found) throw new ProblemError(404, 'not_found', 'There is no run with this id.');
      return found;
    },
  });
}
