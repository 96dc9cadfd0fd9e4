import type { LogFacts } from '../../facts.ts';
import { asFields, asStructure, asText, toPlain, type Fields } from '../../reading/coerce.ts';
import { readModelName } from '../../reading/identity.ts';
import { baseLogFacts } from '../../reading/span-defaults.ts';
import type { LogRecord } from '../../../telemetry/records.ts';
import {
  attributeAnswer,
  attributePrompt,
  DETAILS_EVENT,
  eventRole,
  readChoice,
  readEventMessage,
} from './messages.ts';

const RANKS: Record<string, number> = { system: 0, user: 1, assistant: 2, tool: 3 };
const CHOICE_RANK = 4;

/**
 * GenAI log records (telemetry.md §1.3): one message each, or a details record with whole conversations. Newer
 * senders use the top-level event name, older ones the attribute.
 */
export function readLog(log: LogRecord): LogFacts | null {
  const name = log.eventName === '' ? (asText(log.attributes.get('event.name')) ?? '') : log.eventName;
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
