import type { LogRecord, SpanRecord } from '../../telemetry/records.ts';
import type { ApprovalTerms, DecisionFacts, InterruptFacts, LogFacts, ModelFacts, SpanFacts } from '../facts.ts';
import { readTrouble, toFailure } from './failure.ts';
import type { RecordReport } from '../reports.ts';
import { asText, firstField, type Fields } from './coerce.ts';
import { readModelName, readProvider, readSession, readUsage, readUser } from './identity.ts';
import { promptTail } from './messages.ts';

/** What every convention reads alike; conventions overwrite what they know better. */
export function baseFacts(convention: string, span: SpanRecord): SpanFacts {
  const trouble = readTrouble(span);
  return {
    ...emptyFacts(convention, span.name),
    session: readSession(span.attributes),
    user: readUser(span.attributes),
    versions: readVersions(span),
    failure: trouble === null ? null : toFailure(trouble),
  };
}

const NO_VERSIONS: SpanFacts['versions'] = { agent: null, prompt: null };

function readVersions({ attributes }: SpanRecord): SpanFacts['versions'] {
  const agent = asText(attributes.get('gen_ai.agent.version'));
  const version = asText(attributes.get('gen_ai.prompt.version'));
  if (agent === null && version === null) return NO_VERSIONS;
  const name = asText(attributes.get('gen_ai.prompt.name'));
  return { agent, prompt: name === null || version === null ? version : `${name} ${version}` };
}

/** Facts of a span that says nothing yet. */
export function emptyFacts(convention: string, title: string): SpanFacts {
  return {
    convention,
    role: 'structure',
    title,
    agent: null,
    parentAgent: null,
    mayBeWorkflow: false,
    entity: null,
    session: null,
    user: null,
    graph: null,
    model: null,
    tool: null,
    input: null,
    failure: null,
    interrupts: [],
    decisions: [],
    statePlan: null,
    defersTools: false,
    clientOnly: false,
    reports: [],
    modelContext: null,
    declaredGraph: null,
    agentRun: null,
    versions: NO_VERSIONS,
    io: null,
  };
}

/** What every convention reads alike from a log record. */
export function baseLogFacts(convention: string, log: LogRecord): LogFacts {
  return {
    convention,
    session: readSession(log.attributes) ?? readSession(log.resource),
    user: readUser(log.attributes),
    agent: asText(log.attributes.get('gen_ai.agent.name')),
    prompt: [],
    answer: [],
    finishReason: null,
    modelName: null,
    userText: null,
    isModelCall: false,
    reports: [],
    rank: 0,
  };
}

/** A record a span states about itself. */
export function recordOf(name: string, fields: Record<string, unknown>): RecordReport {
  return { kind: 'record', name, fields, tool: null, callId: null, agent: null, atNs: null };
}

/** A decision with everything left out that the sender does not state. */
export function baseDecision(facts: Pick<DecisionFacts, 'decision' | 'by'> & Partial<DecisionFacts>): DecisionFacts {
  return { answer: null, callId: null, discriminator: '', keys: [], atNs: null, who: null, action: null, ...facts };
}

/** A question to a person about one call of a tool. */
export function toolInterrupt(tool: string, callId: string | null, args: unknown): InterruptFacts {
  return {
    ...baseInterrupt(tool),
    id: callId,
    args,
    isTool: true,
    callId,
    keys: callId === null ? [] : [`call:${callId}`],
  };
}

/** Terms of a request whose sender states none. */
export const NO_TERMS: ApprovalTerms = { reason: null, risk: null, expiresAt: null };

/** Reason, risk and expiry of a request, under the names senders use. A time nobody can read is no expiry. */
export function approvalTerms(fields: Fields | null, prefix = ''): ApprovalTerms {
  const read = (...names: string[]): string | null =>
    firstField(
      fields,
      names.map((name) => prefix + name),
    );
  const expires = Date.parse(read('expires_at', 'expiresAt') ?? '');
  return {
    reason: read('reason'),
    risk: read('risk', 'risk_level', 'riskLevel'),
    expiresAt: Number.isNaN(expires) ? null : new Date(expires).toISOString(),
  };
}

/** A question to a person with everything left out that the sender does not state. */
export function baseInterrupt(action: string): InterruptFacts {
  return {
    id: null,
    action,
    args: {},
    question: null,
    allowedDecisions: [],
    terms: NO_TERMS,
    isTool: false,
    callId: null,
    atNs: null,
    keys: [],
    weak: false,
  };
}

/** A model call as far as its attributes have common names. */
export function baseModel(span: SpanRecord): ModelFacts {
  return {
    ...emptyModel(),
    name: readModelName(span.attributes),
    provider: readProvider(span.attributes),
    usage: readUsage(span.attributes),
  };
}

/** A model call nothing is known of. */
export function emptyModel(): ModelFacts {
  return {
    name: null,
    provider: null,
    responseId: null,
    finishReason: null,
    usage: null,
    prompt: () => [],
    tools: () => [],
    parameters: () => ({}),
    answer: [],
    promptTail: promptTail([]),
    replayed: false,
  };
}
