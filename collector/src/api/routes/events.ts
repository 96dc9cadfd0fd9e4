import { z } from 'zod';
import type { EventReader } from '../event-reader.ts';
import { findPart, withParts } from '../large-parts.ts';
import { ProblemError } from '../problem.ts';
import { cursor, encodePage, eventFilter, limit, order, text, uuid } from '../routing/parameters.ts';
import { route, SENT, type Route } from '../routing/route.ts';
import { eventDetail, eventPage } from '../schemas/event.ts';

/** History and single events. */
export function eventRoutes(reader: EventReader): Route[] {
  return [
    route({
      path: '/api/events',
      id: 'listEvents',
      tag: 'Events',
      summary: 'History of events, in keyset pages.',
      access: 'reader',
      query: z.object({ ...eventFilter, order, limit, cursor: z.exactOptional(cursor) }),
      answer: eventPage,
      async handle({ query: { order: direction, limit: size, cursor: after, ...filter } }) {
        const page = await reader.history({ filter, order: direction, limit: size, after });
        return { events: page.events, nextCursor: encodePage(page.next) };
      },
    }),
    route({
      path: '/api/events/{id}',
      id: 'getEvent',
      tag: 'Events',
      summary: 'One event with its bodies, or one large body as text.',
      access: 'reader',
      params: z.object({ id: uuid }),
      query: z.object({
        part: z.exactOptional(text).describe('Path that a truncated body names: answers that body as text/plain.'),
      }),
      answer: { status: 200, description: 'The event.', schema: eventDetail, otherTypes: ['text/plain'] },
      problems: ['not_found'],
      async handle({ params, query, response }) {
        const event = await reader.event(params.id);
        if (!event) throw new ProblemError(404, 'not_found', 'There is no event with this id.');
        if (query.part === undefined) return { ...event, content: withParts(event.content) };
        const body = findPart(event.content, query.part);
        if (body === undefined) throw new ProblemError(404, 'not_found', `The event has no part "${query.part}".`);
        response.type('text/plain').setHeader('Content-Disposition', `attachment; filename="${event.id}.txt"`);
        response.send(body);
        return SENT;
      },
    }),
  ];
}
