import type { EventPage } from '@signalbox/event-model';
import { Router } from 'express';
import type { EventReader } from '../event-reader.ts';
import { findPart, withParts } from '../large-parts.ts';
import { ProblemError } from '../problem.ts';
import { encodePage, filterOf, limitOf, orderOf, pageOf, queryOf, textOf, uuidOf } from '../query.ts';

/** `GET /api/events` and `GET /api/events/{id}`. */
export function eventRoutes(reader: EventReader): Router {
  const router = Router();

  router.get('/events', async (request, response) => {
    const query = queryOf(request.url);
    const page = await reader.history({
      filter: filterOf(query),
      order: orderOf(query),
      limit: limitOf(query),
      after: pageOf(query),
    });
    const answer: EventPage = { events: page.events, nextCursor: encodePage(page.next) };
    response.json(answer);
  });

  router.get('/events/:id', async (request, response) => {
    const event = await reader.event(uuidOf('id', request.params.id));
    if (!event) throw new ProblemError(404, 'not_found', 'There is no event with this id.');
    const part = textOf(queryOf(request.url), 'part');
    if (part === undefined) {
      response.json({ ...event, content: withParts(event.content) });
      return;
    }
    const text = findPart(event.content, part);
    if (text === undefined) throw new ProblemError(404, 'not_found', `The event has no part "${part}".`);
    response.type('text/plain').setHeader('Content-Disposition', `attachment; filename="${event.id}.txt"`);
    response.send(text);
  });

  return router;
}
