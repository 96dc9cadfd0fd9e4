import { z } from 'zod';
import type { AgentControl } from '../agent-port.ts';
import { askerOf } from '../asker.ts';
import { problemOf } from '../control-problems.ts';
import { route, type Route } from '../routing/route.ts';
import { agentPage, runStartBody } from '../schemas/agents.ts';
import { command } from '../schemas/control.ts';

const ofAgent = z.object({ id: z.string().min(1).max(600) });

/** Agents that runs can be started of, or that are connected. */
export function agentRoutes(control: AgentControl): Route[] {
  return [
    route({
      path: '/api/agents',
      id: 'listAgents',
      tag: 'Control',
      summary: 'Agents that are connected, or that runs can be started of.',
      access: 'reader',
      answer: agentPage,
      handle: async () => ({ agents: await control.agents(), nextCursor: null }),
    }),
    route({
      method: 'post',
      path: '/api/agents/{id}/runs',
      id: 'startRun',
      tag: 'Control',
      summary: 'Starts a run of an agent.',
      access: 'decider',
      params: ofAgent,
      body: runStartBody,
      answer: { status: 202, description: 'The command, and how far it is.', schema: command },
      problems: ['not_found', 'not_allowed', 'idempotency_key_reused', 'capability_missing'],
      async handle({ params, body: { sessionId, ...rest }, request }) {
        const asked = { ...rest, ...(sessionId === undefined ? {} : { sessionId }) };
        const outcome = await control.startRun(params.id, asked, askerOf(request));
        if ('refused' in outcome) throw problemOf(outcome);
        return outcome.command;
      },
    }),
  ];
}
