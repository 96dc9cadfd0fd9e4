import type { Message } from '@signalbox/event-model';
import type { Convention, InputFacts, SpanFacts } from '../../facts.ts';
import { asFields, asList, asText, firstText, structureOf } from '../../reading/coerce.ts';
import { messageText, readMessages, toContent } from '../../reading/messages.ts';
import { baseFacts } from '../../reading/span-defaults.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';
import { readEventMessage } from '../gen-ai/messages.ts';
import { readDeferral, readTool } from '../gen-ai/tool.ts';

const AGENT = /^(agent run|invoke_agent\b)/;
const TOOL = /^(running tool(?!s)|execute_tool\b|running output function)/;

/**
 * Pydantic AI's agents and tools under the names of every version; its model calls follow the GenAI
 * conventions and are read there. Tokens on agents are sums of their calls.
 */
export const pydanticAi: Convention = {
  name: 'pydantic-ai',
  claimsSpan: (span) =>
    span.scope.name === 'pydantic-ai' && (AGENT.test(span.name) || TOOL.test(span.name) || isRunning(span)),
  spanFacts: readSpan,
};

/** `running 2 tools` encloses tool spans. */
function isRunning(span: SpanRecord): boolean {
  return /^running \d+ tools?$|^running tools$/.test(span.name);
}

function readSpan(span: SpanRecord): SpanFacts {
  const facts = baseFacts('pydantic-ai', span);
  if (isRunning(span)) return { ...facts, role: 'structure', failure: null };
  return TOOL.test(span.name) ? readToolSpan(span, facts) : readAgent(span, facts);
}

function readToolSpan(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const tool = readTool(span);
  const interrupts = readDeferral(span, tool);
  const failure = interrupts.length > 0 ? null : facts.failure;
  return { ...facts, role: 'tool', title: tool.name, tool, interrupts, failure };
}

function readAgent(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const named = firstText(span.attributes, ['gen_ai.agent.name', 'agent_name']);
  const name = named ?? (span.name.replace(AGENT, '').trim() || 'agent');
  const messages = conversation(span);
  return {
    ...facts,
    role: 'agent',
    title: name,
    agent: name,
    input: readInput(messages),
    io: {
      input: () => (messages.length === 0 ? toContent(null) : { kind: 'json', value: messages }),
      output: () => toContent(structureOf(span.attributes, 'final_result')),
    },
  };
}

function conversation(span: SpanRecord): Message[] {
  const direct = readMessages(structureOf(span.attributes, 'pydantic_ai.all_messages'));
  if (direct.length > 0) return direct;
  return asList(structureOf(span.attributes, 'all_messages_events')).flatMap((event) => {
    const fields = asFields(event);
    return fields === null ? [] : readEventMessage(asText(fields['role']) ?? 'user', fields);
  });
}

/** The attribute holds the whole conversation, also what came before: the newest words of the user are the input. */
function readInput(messages: readonly Message[]): InputFacts | null {
  if (messages.length === 0) return null;
  const text = messages
    .filter((message) => message.role === 'user')
    .map(messageText)
    .findLast((words) => words.trim() !== '');
  return { userText: text ?? null, isResume: false };
}
