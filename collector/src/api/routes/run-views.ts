import { z } from 'zod';
import { toGraphView } from '../../mapping/views/graph.ts';
import { momentOf, toPlanView, type PlanMoment } from '../../mapping/views/plan.ts';
import type { RunPart } from '../../mapping/views/run-part.ts';
import { toSequenceView } from '../../mapping/views/sequence.ts';
import type { EventReader } from '../event-reader.ts';
import { ProblemError } from '../problem.ts';
import { time, uuid } from '../routing/parameters.ts';
import { badParameter } from '../routing/read-request.ts';
import { route, type Route } from '../routing/route.ts';
import { graphView, planView, sequenceView } from '../schemas/views.ts';

/** Runs of one task at the most: what an endless chain of resumes would cost. */
const CHAIN_LIMIT = 50;
const ofRun = z.object({ id: uuid });
const moment = z.string().refine((value) => uuid.safeParse(value).success || time.safeParse(value).success, {
  error: 'the id of an event, or a time: RFC 3339 or milliseconds since 1970',
});

/** What a run looks like: its plan, its graph, who said what to whom. */
export function runViewRoutes(reader: EventReader): Route[] {
  return [
    planRoute(reader),
    route({
      path: '/api/runs/{id}/graph',
      id: 'getRunGraph',
      tag: 'Runs',
      summary: 'State graph of a run and those it continues: declared, or inferred from what happened.',
      access: 'reader',
      params: ofRun,
      answer: graphView,
      problems: ['not_found'],
      handle: async ({ params }) => toGraphView(await partsOf(reader, params.id, CHAIN_LIMIT)),
    }),
    route({
      path: '/api/runs/{id}/sequence',
      id: 'getRunSequence',
      tag: 'Runs',
      summary: 'Calls, returns and messages of a run in order of time.',
      access: 'reader',
      params: ofRun,
      answer: sequenceView,
      problems: ['not_found'],
      async handle({ params }) {
        const [part] = await partsOf(reader, params.id, 1);
        if (part === undefined) throw noRun();
        return toSequenceView(part);
      },
    }),
  ];
}

function planRoute(reader: EventReader): Route {
  return route({
    path: '/api/runs/{id}/plan',
    id: 'getRunPlan',
    tag: 'Runs',
    summary: 'Plans of a run and those it continues, with every revision, why and what caused it.',
    access: 'reader',
    params: ofRun,
    query: z.object({ at: z.exactOptional(moment).describe('Plan as of an event of the run, or a time.') }),
    answer: planView,
    problems: ['not_found'],
    async handle({ params, query }) {
      const parts = await partsOf(reader, params.id, CHAIN_LIMIT);
      return toPlanView(parts, query.at === undefined ? null : readMoment(parts, query.at));
    },
  });
}

function readMoment(parts: readonly RunPart[], at: string): PlanMoment {
  const eventId = uuid.safeParse(at);
  if (!eventId.success) return { startedAt: time.parse(at), id: null };
  const found = momentOf(parts, eventId.data);
  if (found === null) throw badParameter('at', 'the id of an event of this run, or a time');
  return found;
}

async function partsOf(reader: EventReader, id: string, limit: number): Promise<RunPart[]> {
  const parts = await reader.parts(id, limit);
  if (parts.length === 0) throw noRun();
  return parts;
}

function noRun(): ProblemError {
  return new ProblemError(404, 'not_found', 'There is no run with this id.');
}
