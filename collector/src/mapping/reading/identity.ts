import type { TokenUsage } from '@signalbox/event-model';
import type { Attributes } from '../../telemetry/attributes.ts';
import { asFields, asText, firstField, firstNumber, firstText, structureOf } from './coerce.ts';

const SESSION_BEFORE_CONVERSATION = [
  'session.id',
  'langfuse.session.id',
  'traceloop.association.properties.session_id',
  'traceloop.association.properties.thread_id',
  'traceloop.association.properties.chat_id',
  'ai.telemetry.metadata.sessionId',
  'ai.telemetry.metadata.session_id',
  'ai.telemetry.metadata.threadId',
  'ai.settings.context.sessionId',
  'ai.settings.context.session_id',
  'ai.settings.context.threadId',
  'mastra.metadata.sessionId',
  'mastra.metadata.threadId',
  'langsmith.metadata.session_id',
  'langsmith.metadata.thread_id',
  'langsmith.metadata.conversation_id',
];

const SESSION_AFTER_CONVERSATION = ['gcp.vertex.agent.session_id', 'conversation.id'];

const USER = [
  'user.id',
  'enduser.id',
  'ai.telemetry.metadata.userId',
  'ai.telemetry.metadata.user_id',
  'ai.settings.context.userId',
  'ai.settings.context.user_id',
  'mastra.metadata.userId',
  'mastra.metadata.user_id',
  'langsmith.metadata.user_id',
  'traceloop.association.properties.user_id',
];

/**
 * Session a span or log names itself, richest source first. Never `thread.id`, `mcp.session.id` or
 * `langsmith.trace.session_*`: those are an OS thread, a transport and a project.
 */
export function readSession(attributes: Attributes): string | null {
  return (
    firstText(attributes, SESSION_BEFORE_CONVERSATION) ??
    conversationId(attributes) ??
    firstText(attributes, SESSION_AFTER_CONVERSATION) ??
    firstField(asFields(structureOf(attributes, 'metadata')), ['session_id', 'thread_id', 'conversation_id'])
  );
}

/** Claude Code's sub-agents put their agent id there: then it is no session. */
function conversationId(attributes: Attributes): string | null {
  const conversation = asText(attributes.get('gen_ai.conversation.id'));
  return conversation === asText(attributes.get('agent_id')) ? null : conversation;
}

/** User a span or log names itself, richest source first. */
export function readUser(attributes: Attributes): string | null {
  return (
    firstText(attributes, USER) ?? firstField(asFields(structureOf(attributes, 'metadata')), ['user_id', 'userId'])
  );
}

/** Model that answered, richest source first; read it on model spans only. */
export function readModelName(attributes: Attributes): string | null {
  return firstText(attributes, [
    'gen_ai.response.model',
    'gen_ai.request.model',
    'llm.response.model_name',
    'llm.model_name',
    'llm.request.model_name',
    'ai.response.model',
    'ai.model.id',
    'model',
  ]);
}

/** Who serves the model. */
export function readProvider(attributes: Attributes): string | null {
  return firstText(attributes, [
    'gen_ai.provider.name',
    'gen_ai.system',
    'ai.model.provider',
    'llm.provider',
    'llm.system',
  ]);
}

const USAGE: [keyof TokenUsage, string[]][] = [
  [
    'input',
    [
      'gen_ai.usage.input_tokens',
      'gen_ai.usage.prompt_tokens',
      'ai.usage.inputTokens',
      'ai.usage.promptTokens',
      'llm.token_count.prompt',
    ],
  ],
  [
    'output',
    [
      'gen_ai.usage.output_tokens',
      'gen_ai.usage.completion_tokens',
      'ai.usage.outputTokens',
      'ai.usage.completionTokens',
      'llm.token_count.completion',
    ],
  ],
  [
    'cached',
    [
      'gen_ai.usage.cache_read.input_tokens',
      'ai.usage.cachedInputTokens',
      'ai.usage.inputTokenDetails.cacheReadTokens',
      'llm.token_count.prompt_details.cache_read',
    ],
  ],
  [
    'reasoning',
    [
      'gen_ai.usage.reasoning.output_tokens',
      'gen_ai.usage.reasoning_tokens',
      'ai.usage.reasoningTokens',
      'llm.token_count.completion_details.reasoning',
    ],
  ],
];

/** Tokens of one model call richest source first; null when none were reported. */
export function readUsage(attributes: Attributes): TokenUsage | null {
  const usage: TokenUsage = {};
  let found = false;
  for (const [kind, keys] of USAGE) {
    const tokens = firstNumber(attributes, keys);
    if (tokens === null || tokens < 0) continue;
    usage[kind] = Math.round(tokens);
    found = true;
  }
  return found ? usage : null;
}
