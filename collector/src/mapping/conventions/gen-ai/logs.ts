import type { LogFacts } from '../../facts.ts';
import { asFields, asStructure, asText, toPlain, toPlainFields, type Fields } from '../../reading/coerce.ts';
import { readModelName } from '../../reading/identity.ts';
import type { RecordReport } from '../../reports.ts';
import { baseLogFacts, recordOf } from '../../reading/span-defaults.ts';
import type { Attributes } from '../../../telemetry/attributes.ts';
import type { LogRecord, SpanRecord } from '../../../telemetry/records.ts';
import {
  attributeAnswer,
  attributePrompt,
  DETAILS_EVENT,
  eventRole,
  readChoice,
  readEventMessage,
} from './messages.ts';

const EVALUATION_EVENT = 'gen_ai.evaluation.result';

/** Evaluations in the events of a span. */
export function readEventReports(span: SpanRecord): RecordReport[] {
  return span.events
    .filter((event) => event.name === EVALUATION_EVENT)
    .map((event) => readEvaluation(event.attributes, event.timeNs));
}

function readEvaluation(attributes: Attributes, atNs: bigint | null): RecordReport {
  return { ...recordOf('evaluation.result', toPlainFields(attributes, 'gen_ai.')), atNs };
}

const RANKS: Record<string, number> = { system: 0, user: 1, assistant: 2, tool: 3 };
const CHOICE_RANK = 4;

/**
 * GenAI log records: one message each, or a details record with whole conversations. Newer
 * senders use the top-level event name, older ones the attribute.
 */
export function readLog(log: LogRecord): LogFacts | null {
  const name = log.eventName === '' ? (asText(log.attributes.get('event.name')) ?? '') : log.eventName;
  if (name === EVALUATION_EVENT)
    return { ...baseLogFacts('gen-ai', log), reports: [readEvaluation(log.attributes, null)] };
  const role = eventRole(name);
  if (role === null && name !== 'gen_ai.choice' && name !== DETAILS_EVENT) return null;
  const facts: LogFacts = {
    ...baseLogFacts('gen-ai', log),
    isModelCall: true,
    modelName: readModelName(log.attributes),
  };
  if (name === DETAILS_EVENT) return readDetails(log, facts);
  const body = bodyFields(log);
  if (role === null) {
    const choice = readChoice(body);
    return { ...facts, answer: choice.messages, finishReason: choice.finishReason, rank: CHOICE_RANK };
  }
  const prompt = readEventMessage(role, body);
  return { ...facts, prompt, rank: RANKS[role] ?? 0 };
}

function readDetails(log: LogRecord, facts: LogFacts): LogFacts {
  const answer = attributeAnswer(log.attributes);
  return { ...facts, prompt: attributePrompt(log.attributes), answer, rank: answer.length > 0 ? CHOICE_RANK : 0 };
}

function bodyFields(log: LogRecord): Fields {
  const body = asStructure(toPlain(log.body));
  return asFields(body) ?? (body === undefined || body === null ? {} : { content: body });
}
