import type { RunPage } from '@signalbox/event-model';
import { Router } from 'express';
import { nsFromTime } from '../../telemetry/time.ts';
import type { EventReader } from '../event-reader.ts';
import { ProblemError } from '../problem.ts';
import { encodePage, limitOf, listOf, orderOf, pageOf, queryOf, textOf, timeOf, uuidOf } from '../query.ts';

/** `GET /api/runs` and `GET /api/runs/{id}`. */
export function runRoutes(reader: EventReader): Router {
  const router = Router();

  router.get('/runs', async (request, response) => {
    const query = queryOf(request.url);
    const from = timeOf(query, 'from');
    const to = timeOf(query, 'to');
    const page = await reader.runs({
      session: textOf(query, 'session'),
      workflow: listOf(query, 'workflow'),
      status: listOf(query, 'status'),
      q: textOf(query, 'q'),
      fromNs: from === undefined ? undefined : nsFromTime(from),
      toNs: to === undefined ? undefined : nsFromTime(to),
      order: orderOf(query),
      limit: limitOf(query),
      after: pageOf(query),
    });
    const answer: RunPage = { runs: page.runs, nextCursor: encodePage(page.next) };
    response.json(answer);
  });

  router.get('/runs/:id', async (request, response) => {
    const run = await reader.run(uuidOf('id', request.params.id));
    if (!run) throw new ProblemError(404, 'not_found', 'There is no run with this id.');
    response.json(run);
  });

  return router;
}
