import { z } from 'zod';
import { nsFromTime } from '../../telemetry/time.ts';
import type { EventReader, SessionPosition } from '../event-reader.ts';
import { ProblemError } from '../problem.ts';
import { limit, list, text, time } from '../routing/parameters.ts';
import { route, type Route } from '../routing/route.ts';
import { session, sessionPage } from '../schemas/run.ts';

const CURSOR = /^s\.(\d{1,19})\.(.+)$/s;
const cursor = z.string().transform((value, context): SessionPosition => {
  const [, us, id] = CURSOR.exec(Buffer.from(value, 'base64url').toString('utf8')) ?? [];
  const isGood = us !== undefined && id !== undefined && !id.includes('\0');
  if (!isGood) context.issues.push({ code: 'custom', message: 'a "nextCursor" of an earlier answer', input: value });
  return { heardUs: BigInt(us ?? 0), id: id ?? '' };
});

function encode(position: SessionPosition | undefined): string | null {
  return position === undefined ? null : Buffer.from(`s.${position.heardUs}.${position.id}`).toString('base64url');
}

/** Sessions: runs that belong together. */
export function groupRoutes(reader: EventReader): Route[] {
  return [listSessions(reader), oneSession(reader)];
}

function listSessions(reader: EventReader): Route {
  return route({
    path: '/api/sessions',
    id: 'listSessions',
    tag: 'Sessions',
    summary: 'Sessions, the one heard last first, in keyset pages.',
    access: 'reader',
    query: z.object({
      q: z.exactOptional(text).describe('Part of the session id, or of the workflow, service or user of a run.'),
      status: z.exactOptional(list),
      workflow: z.exactOptional(list).describe('Sessions with a run of one of these workflows.'),
      from: z.exactOptional(time).describe('Sessions with a run that started then or later.'),
      to: z.exactOptional(time).describe('Sessions with a run that started before.'),
      limit,
      cursor: z.exactOptional(cursor),
    }),
    answer: sessionPage,
    async handle({ query }) {
      const page = await reader.sessions({
        q: query.q,
        status: query.status,
        workflow: query.workflow,
        fromNs: query.from === undefined ? undefined : nsFromTime(query.from),
        toNs: query.to === undefined ? undefined : nsFromTime(query.to),
        limit: query.limit,
        after: query.cursor,
      });
      return { sessions: page.sessions, nextCursor: encode(page.next) };
    },
  });
}

function oneSession(reader: EventReader): Route {
  return route({
    path: '/api/sessions/{id}',
    id: 'getSession',
    tag: 'Sessions',
    summary: 'One session, summed up over its runs.',
    access: 'reader',
    params: z.object({ id: text }),
    answer: session,
    problems: ['not_found'],
    async handle({ params }) {
      const found = await reader.session(params.id);
      if (!found) throw new ProblemError(404, 'not_found', 'There is no session with this id.');
      return found;
    },
  });
}
