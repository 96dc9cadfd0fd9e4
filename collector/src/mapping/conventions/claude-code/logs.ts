import type { LogRecord } from '../../../telemetry/records.ts';
import type { FailureFacts, LogFacts } from '../../facts.ts';
import type { ModelReport, Report, ToolReport } from '../../reports.ts';
import { asBoolean, asText, firstText, structureOf } from '../../reading/coerce.ts';
import { readModelName } from '../../reading/identity.ts';
import { textMessage } from '../../reading/messages.ts';
import { baseLogFacts } from '../../reading/span-defaults.ts';
import { millisecondsOf, readLoggedUsage } from '../../reading/logged.ts';
import { CLAUDE, decidedBy, MAIN_AGENT, readVerdict, runOf, spokenText } from './common.ts';

const BODY = /^claude_code\.(\w+)$/;

/** Log events `claude_code.*`; numbers and booleans may be text. */
export function readLog(log: LogRecord): LogFacts | null {
  const event = eventOf(log);
  if (event === null) return null;
  const run = runOf(log.attributes);
  const facts: LogFacts = { ...baseLogFacts(CLAUDE, log), agent: run === null ? MAIN_AGENT : null };
  const agents = readAgent(log, event, run);
  const withAgents: LogFacts = { ...facts, reports: agents };
  switch (event) {
    case 'user_prompt':
      return {
        ...facts,
        userText: run === null ? spokenText(firstText(log.attributes, ['prompt', 'prompt_text'])) : null,
      };
    case 'api_request':
    case 'api_error':
      return { ...facts, modelName: readModelName(log.attributes), reports: [...agents, readRequest(log, event, run)] };
    case 'assistant_response':
      return readAnswer(log, withAgents, run);
    case 'tool_decision':
      return { ...facts, reports: [...agents, ...readDecision(log, run)] };
    case 'tool_result':
      return { ...facts, reports: [...agents, readResult(log, run)] };
    default:
      return withAgents;
  }
}

function eventOf(log: LogRecord): string | null {
  for (const name of [asText(log.body), log.eventName, asText(log.attributes.get('event.name'))]) {
    const event = BODY.exec(name ?? '')?.[1];
    if (event !== undefined) return event;
  }
  const isOurs = log.scope.name.startsWith('com.anthropic.claude_code');
  return isOurs ? asText(log.attributes.get('event.name')) : null;
}

function readAgent(log: LogRecord, event: string, run: string | null): Report[] {
  if (run === null) return [];
  const type = firstText(log.attributes, ['agent_type', 'agent.name']);
  const ended = event === 'subagent_completed';
  return type === null && !ended ? [] : [{ kind: 'agent', id: run, type, ended }];
}

function readRequest(log: LogRecord, event: string, run: string | null): ModelReport {
  const { attributes } = log;
  const failed = event === 'api_error';
  const failure: FailureFacts = {
    message: firstText(attributes, ['error', 'error.message']) ?? 'failed without a message',
    errorType: firstText(attributes, ['error_type', 'status_code']),
    stack: null,
  };
  return {
    kind: 'model',
    phase: failed ? 'fail' : 'end',
    name: readModelName(attributes),
    provider: 'anthropic',
    responseId: asText(attributes.get('request_id')),
    usage: readLoggedUsage(attributes),
    finishReason: asText(attributes.get('stop_reason')),
    failure: failed ? failure : null,
    durationNs: millisecondsOf(attributes, 'duration_ms'),
    agentRun: run,
  };
}

function readAnswer(log: LogRecord, facts: LogFacts, run: string | null): LogFacts {
  const text = asText(log.attributes.get('response'));
  if (text === null) return facts;
  return {
    ...facts,
    answer: [textMessage('assistant', text)],
    reports: [...facts.reports, { kind: 'answer', agentRun: run }],
    rank: 4,
  };
}

function readDecision(log: LogRecord, run: string | null): Report[] {
  const { attributes } = log;
  const decision = readVerdict(asText(attributes.get('decision')));
  if (decision === null) return [];
  const source = asText(attributes.get('source'));
  const callId = asText(attributes.get('tool_use_id'));
  const tool = asText(attributes.get('tool_name'));
  return [{ kind: 'decision', callId, tool, decision, by: decidedBy(source), note: source, agentRun: run }];
}

function readResult(log: LogRecord, run: string | null): ToolReport {
  const { attributes } = log;
  const failed = asBoolean(attributes.get('success')) === false;
  const message = firstText(attributes, ['error', 'error.message']) ?? 'the tool failed';
  return {
    kind: 'tool',
    callId: asText(attributes.get('tool_use_id')),
    name: asText(attributes.get('tool_name')),
    args: structureOf(attributes, 'tool_input') ?? structureOf(attributes, 'tool_parameters'),
    result: structureOf(attributes, 'tool_output') ?? structureOf(attributes, 'tool_result'),
    failure: failed ? { message, errorType: asText(attributes.get('error_type')), stack: null } : null,
    ended: true,
    durationNs: millisecondsOf(attributes, 'duration_ms'),
    agentRun: run,
  };
}
