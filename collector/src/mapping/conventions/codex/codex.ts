import type { LogRecord } from '../../../telemetry/records.ts';
import type { Convention, DecisionFacts, LogFacts } from '../../facts.ts';
import type { DecisionReport, ModelReport, ToolReport } from '../../reports.ts';
import { asBoolean, asNumber, asText, firstText, structureOf } from '../../reading/coerce.ts';
import { readModelName } from '../../reading/identity.ts';
import { millisecondsOf, readLoggedUsage } from '../../reading/logged.ts';
import { baseFacts, baseLogFacts } from '../../reading/span-defaults.ts';

const CODEX = 'codex';
const EVENT = /^codex\.([\w.]+)$/;

/**
 * Codex: everything sits in log events; its spans are the inside of the program. The record's own
 * event name is a place in its source, the attribute is the event.
 */
export const codex: Convention = {
  name: CODEX,
  claimsSpan: (span) => /^codex/.test(span.scope.name),
  spanFacts: (span) => ({ ...baseFacts(CODEX, span), failure: null }),
  logFacts: readLog,
};

function readLog(log: LogRecord): LogFacts | null {
  const names = [asText(log.attributes.get('event.name')), log.eventName];
  const event = names.map((name) => EVENT.exec(name ?? '')?.[1]).find((found) => found !== undefined);
  if (event === undefined) return null;
  const facts: LogFacts = { ...baseLogFacts(CODEX, log), agent: agentOf(log) };
  switch (event) {
    case 'user_prompt':
      return { ...facts, userText: asText(log.attributes.get('prompt')) ?? '[redacted]' };
    case 'api_request':
    case 'websocket_request':
      return { ...facts, reports: [toRequest(log)] };
    case 'sse_event':
    case 'websocket_event':
      return { ...facts, reports: readStream(log) };
    case 'tool_decision':
      return { ...facts, reports: readDecision(log) };
    case 'tool_result':
      return { ...facts, reports: [readResult(log)] };
    default:
      return facts;
  }
}

/** Sub-agents are named by their path. */
function agentOf(log: LogRecord): string {
  const name = asText(log.attributes.get('agent_name'));
  return name === null || name === '/root' || name === 'root' || name === '/' ? CODEX : name;
}

function bare(log: LogRecord, phase: ModelReport['phase']): ModelReport {
  return {
    kind: 'model',
    phase,
    name: readModelName(log.attributes) ?? asText(log.attributes.get('slug')),
    provider: 'openai',
    responseId: null,
    usage: null,
    finishReason: null,
    failure: null,
    durationNs: null,
    agentRun: null,
  };
}

/** Written when the answer begins to stream; the stream's last event ends the call. */
function toRequest(log: LogRecord): ModelReport {
  const { attributes } = log;
  const status = asNumber(attributes.get('http.response.status_code'));
  const error = firstText(attributes, ['error.message', 'error']);
  if (error === null && (status === null || status < 400)) return bare(log, 'begin');
  const failure = {
    message: error ?? `HTTP ${status}`,
    errorType: status === null ? null : String(status),
    stack: null,
  };
  return { ...bare(log, 'fail'), failure, durationNs: millisecondsOf(attributes, 'duration_ms') };
}

function readStream(log: LogRecord): ModelReport[] {
  const kind = asText(log.attributes.get('event.kind')) ?? '';
  if (kind === 'response.completed')
    return [{ ...bare(log, 'end'), usage: readLoggedUsage(log.attributes), finishReason: 'completed' }];
  if (kind !== 'response.failed' && kind !== 'response.error') return [];
  const message = firstText(log.attributes, ['error.message', 'error']) ?? 'failed without a message';
  return [{ ...bare(log, 'fail'), failure: { message, errorType: null, stack: null } }];
}

function readDecision(log: LogRecord): DecisionReport[] {
  const { attributes } = log;
  const stated = asText(attributes.get('decision'));
  if (stated === null) return [];
  const source = asText(attributes.get('source'));
  return [
    {
      kind: 'decision',
      callId: asText(attributes.get('call_id')),
      tool: asText(attributes.get('tool_name')),
      decision: verdict(stated),
      by: source === null ? 'unknown' : /^user/i.test(source) ? 'human' : 'automatic',
      note: source,
      agentRun: null,
    },
  ];
}

function verdict(stated: string): DecisionFacts['decision'] {
  if (/^(approved?|accept)/i.test(stated)) return 'approve';
  return /^(denied|deny|reject|abort)/i.test(stated) ? 'reject' : 'unknown';
}

function readResult(log: LogRecord): ToolReport {
  const { attributes } = log;
  const failed = asBoolean(attributes.get('success')) === false;
  const output = structureOf(attributes, 'output');
  const message = firstText(attributes, ['error.message', 'error']) ?? asText(output) ?? 'the tool failed';
  return {
    kind: 'tool',
    callId: asText(attributes.get('call_id')),
    name: asText(attributes.get('tool_name')),
    args: structureOf(attributes, 'arguments'),
    result: output,
    failure: failed ? { message: message.slice(0, 2000), errorType: null, stack: null } : null,
    ended: true,
    durationNs: millisecondsOf(attributes, 'duration_ms'),
    agentRun: null,
  };
}
