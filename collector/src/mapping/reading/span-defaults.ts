import type { SpanRecord } from '../../telemetry/records.ts';
import type { ModelFacts, SpanFacts } from '../facts.ts';
import { readTrouble, toFailure } from './failure.ts';
import { readModelName, readProvider, readSession, readUsage, readUser } from './identity.ts';
import { promptTail } from './messages.ts';

/** What every convention reads alike; conventions overwrite what they know better. */
export function baseFacts(convention: string, span: SpanRecord): SpanFacts {
  const trouble = readTrouble(span);
  return {
    convention,
    role: 'structure',
    title: span.name,
    agent: null,
    parentAgent: null,
    mayBeWorkflow: false,
    entity: null,
    session: readSession(span.attributes),
    user: readUser(span.attributes),
    graph: null,
    model: null,
    tool: null,
    input: null,
    failure: trouble === null ? null : toFailure(trouble),
    interrupts: [],
    decisions: [],
    statePlan: null,
    defersTools: false,
    clientOnly: false,
    io: null,
  };
}

/** A model call as far as its attributes have common names. */
export function baseModel(span: SpanRecord): ModelFacts {
  return {
    name: readModelName(span.attributes),
    provider: readProvider(span.attributes),
    responseId: null,
    finishReason: null,
    usage: readUsage(span.attributes),
    prompt: () => [],
    tools: () => [],
    parameters: () => ({}),
    answer: [],
    promptTail: promptTail([]),
  };
}
