import type { LogRecord, SpanRecord } from '../../../telemetry/records.ts';
import type { Convention, DecisionFacts, LogFacts, SpanFacts } from '../../facts.ts';
import type { ModelReport, Report, ToolReport } from '../../reports.ts';
import { asBoolean, asFields, asList, asText, firstText, structureOf, toPlainFields } from '../../reading/coerce.ts';
import { readModelName } from '../../reading/identity.ts';
import { millisecondsOf, readLoggedUsage } from '../../reading/logged.ts';
import { promptTail, textMessage } from '../../reading/messages.ts';
import { baseFacts, baseLogFacts, baseModel } from '../../reading/span-defaults.ts';
import { readLog as readGenAiLog } from '../gen-ai/logs.ts';
import { readAnswer, readPrompt } from '../gen-ai/messages.ts';

const GEMINI = 'gemini-cli';
const AGENT = 'gemini-cli';
const EVENT = /^gemini_cli\.([\w.]+)$/;

/**
 * Gemini CLI: model calls as `llm_call` spans and as log events, tool calls as log events only. Its
 * other spans repeat them and are hidden.
 */
export const geminiCli: Convention = {
  name: GEMINI,
  claimsSpan: (span) => span.scope.name === GEMINI,
  spanFacts: readSpan,
  logFacts: readLog,
};

function readSpan(span: SpanRecord): SpanFacts {
  const facts: SpanFacts = { ...baseFacts(GEMINI, span), agent: AGENT };
  const operation = asText(span.attributes.get('gen_ai.operation.name'));
  if (span.name !== 'llm_call' && operation !== 'llm_call') return { ...facts, failure: null };
  return {
    ...facts,
    role: 'model',
    model: {
      ...baseModel(span),
      responseId: asText(span.attributes.get('gen_ai.response.id')),
      finishReason: asText(asList(structureOf(span.attributes, 'gen_ai.response.finish_reasons')).at(-1)),
      prompt: () => readPrompt(span),
      promptTail: promptTail(readPrompt(span)),
      answer: readAnswer(span),
      parameters: () => toPlainFields(span.attributes, 'gen_ai.request.'),
    },
  };
}

function readLog(log: LogRecord): LogFacts | null {
  const names = [log.eventName, asText(log.attributes.get('event.name'))];
  const event = names.map((name) => EVENT.exec(name ?? '')?.[1]).find((found) => found !== undefined);
  if (event === undefined) return readDetails(log);
  const facts: LogFacts = { ...baseLogFacts(GEMINI, log), agent: AGENT };
  switch (event) {
    case 'user_prompt':
      return { ...facts, userText: asText(log.attributes.get('prompt')) ?? '[redacted]' };
    case 'api_request':
      return {
        ...facts,
        prompt: readRequestText(log),
        reports: [toModel(log, 'begin')],
      };
    case 'api_response':
      return {
        ...facts,
        answer: readResponseText(log),
        reports: [toModel(log, 'end')],
        rank: 4,
      };
    case 'api_error':
      return { ...facts, reports: [toModel(log, 'fail')] };
    case 'tool_call':
      return { ...facts, reports: readTool(log) };
    default:
      return facts;
  }
}

/** Gemini CLI repeats prompt and answer in details records that have no span of their own. */
function readDetails(log: LogRecord): LogFacts | null {
  const isOurs = log.scope.name === GEMINI || asText(log.resource.get('service.name')) === GEMINI;
  const facts = isOurs ? readGenAiLog(log) : null;
  if (facts === null) return null;
  return {
    ...facts,
    convention: GEMINI,
    agent: AGENT,
    isModelCall: false,
    reports: [{ kind: 'answer', agentRun: null }],
  };
}

function readRequestText(log: LogRecord): LogFacts['prompt'] {
  const text = structureOf(log.attributes, 'request_text');
  if (typeof text === 'string') return text === '' ? [] : [textMessage('user', text)];
  return asList(text).flatMap((content) => {
    const fields = asFields(content);
    const words = asList(fields?.['parts'])
      .map((part) => asText(asFields(part)?.['text']))
      .filter((each) => each !== null);
    return words.length === 0
      ? []
      : [textMessage(asText(fields?.['role']) === 'model' ? 'assistant' : 'user', words.join('\n'))];
  });
}

function readResponseText(log: LogRecord): LogFacts['answer'] {
  const text = asText(log.attributes.get('response_text'));
  return text === null ? [] : [textMessage('assistant', text)];
}

function toModel(log: LogRecord, phase: ModelReport['phase']): ModelReport {
  const { attributes } = log;
  const message = firstText(attributes, ['error.message', 'error_message', 'error']) ?? 'failed without a message';
  const errorType = firstText(attributes, ['error.type', 'error_type', 'status_code']);
  return {
    kind: 'model',
    phase,
    name: readModelName(attributes),
    provider: 'google',
    responseId: asText(attributes.get('response_id')),
    usage: phase === 'end' ? readLoggedUsage(attributes) : null,
    finishReason: asText(asList(structureOf(attributes, 'finish_reasons')).at(-1)),
    failure: phase === 'fail' ? { message, errorType, stack: null } : null,
    durationNs: millisecondsOf(attributes, 'duration_ms'),
    agentRun: null,
  };
}

const VERDICTS: Record<string, [DecisionFacts['decision'], DecisionFacts['by']]> = {
  accept: ['approve', 'human'],
  auto_accept: ['approve', 'automatic'],
  modify: ['edit', 'human'],
  reject: ['reject', 'human'],
};

function readTool(log: LogRecord): Report[] {
  const { attributes } = log;
  const name = asText(attributes.get('function_name'));
  const failed = asBoolean(attributes.get('success')) === false;
  const message = firstText(attributes, ['error', 'error.message']) ?? 'the tool failed';
  const callId = firstText(attributes, ['call_id', 'tool_call_id']);
  const tool: ToolReport = {
    kind: 'tool',
    callId,
    name,
    args: structureOf(attributes, 'function_args'),
    result: structureOf(attributes, 'function_result') ?? structureOf(attributes, 'metadata'),
    failure: failed ? { message, errorType: firstText(attributes, ['error_type', 'error.type']), stack: null } : null,
    ended: true,
    durationNs: millisecondsOf(attributes, 'duration_ms'),
    agentRun: null,
  };
  const stated = asText(attributes.get('decision')) ?? '';
  const verdict = Object.hasOwn(VERDICTS, stated) ? VERDICTS[stated] : undefined;
  if (verdict === undefined) return [tool];
  const [decision, by] = verdict;
  return [tool, { kind: 'decision', callId, tool: name, decision, by, note: stated, agentRun: null }];
}
