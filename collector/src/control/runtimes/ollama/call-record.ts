import { randomBytes } from 'node:crypto';
import { Attributes, NO_ATTRIBUTES } from '../../../telemetry/attributes.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';

/** One call of Ollama as the gateway saw it. */
export interface OllamaCall {
  traceId: string;
  spanId: string;
  /** The caller's own span, from its `traceparent`; null without one. */
  parentSpanId: string | null;
  workflow: string;
  session: string;
  startedNs: bigint;
  request: { model: string; messages: unknown; prompt: unknown; tools: unknown; options: unknown };
}

/** What came back. */
export interface OllamaAnswer {
  text: string;
  thinking: string;
  toolCalls: { id: string | null; name: string; arguments: unknown }[];
  finishReason: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  /** Why it failed or was stopped; null when it did not. */
  error: string | null;
}

/** A new span id. */
export function newSpanId(): string {
  return randomBytes(8).toString('hex');
}

const KIND_CLIENT = 3;

/** The span that says a call has begun: the real span's place under an id of its own. */
export function startSpan(call: OllamaCall): SpanRecord {
  const notice: [string, string][] = [
    ['logfire.span_type', 'pending_span'],
    ['logfire.pending_parent_id', call.parentSpanId ?? '0'.repeat(16)],
  ];
  const record = baseSpan(call, requestFields(call), notice);
  return { ...record, spanId: newSpanId(), parentSpanId: call.spanId, endNs: call.startedNs };
}

/** The span of a call that has ended. */
export function endSpan(call: OllamaCall, answer: OllamaAnswer, endNs: bigint): SpanRecord {
  const fields: [string, string | number][] = [
    ['gen_ai.output.messages', JSON.stringify([answerMessage(answer)])],
    ...(answer.finishReason === null
      ? []
      : ([['gen_ai.response.finish_reasons', answer.finishReason]] as [string, string][])),
    ...(answer.inputTokens === null ? [] : ([['gen_ai.usage.input_tokens', answer.inputTokens]] as [string, number][])),
    ...(answer.outputTokens === null
      ? []
      : ([['gen_ai.usage.output_tokens', answer.outputTokens]] as [string, number][])),
    ...(answer.error === null ? [] : ([['error.type', 'ollama']] as [string, string][])),
  ];
  return {
    ...baseSpan(call, requestFields(call), fields),
    endNs,
    statusCode: answer.error === null ? 0 : 2,
    statusMessage: answer.error ?? '',
  };
}

function baseSpan(call: OllamaCall, request: [string, string][], more: [string, string | number][]): SpanRecord {
  const fields = [...request, ...more];
  return {
    traceId: call.traceId,
    spanId: call.spanId,
    parentSpanId: call.parentSpanId,
    name: `chat ${call.request.model}`,
    kind: KIND_CLIENT,
    startNs: call.startedNs,
    endNs: 0n,
    statusCode: 0,
    statusMessage: '',
    attributes: new Attributes(
      fields.map(([key]) => key),
      fields.map(([, value]) => value),
    ),
    events: [],
    links: [],
    scope: { name: 'signalbox.ollama', version: '', attributes: NO_ATTRIBUTES },
    resource: new Attributes(['service.name'], [call.workflow]),
  };
}

function requestFields({ request, session }: OllamaCall): [string, string][] {
  const { model, messages, prompt, tools } = request;
  const asked = Array.isArray(messages) ? messages : [{ role: 'user', content: prompt }];
  return [
    ['gen_ai.operation.name', 'chat'],
    ['gen_ai.provider.name', 'ollama'],
    ['gen_ai.request.model', model],
    ['gen_ai.conversation.id', session],
    ['gen_ai.input.messages', JSON.stringify(asked.map(toMessage))],
    ...(Array.isArray(tools) && tools.length > 0
      ? ([['gen_ai.tool.definitions', JSON.stringify(tools)]] as [string, string][])
      : []),
  ];
}

interface OllamaMessage {
  role?: unknown;
  content?: unknown;
  tool_calls?: { id?: unknown; function?: { name?: unknown; arguments?: unknown } }[];
}

function toMessage(given: unknown): unknown {
  const { role, content, tool_calls: calls } = (given ?? {}) as OllamaMessage;
  const text = typeof content === 'string' && content !== '' ? [{ type: 'text', content }] : [];
  if (role === 'tool') return { role, parts: [{ type: 'tool_call_response', response: content }] };
  const asked = (Array.isArray(calls) ? calls : []).map((call) => ({
    type: 'tool_call',
    ...(typeof call.id === 'string' ? { id: call.id } : {}),
    name: call.function?.name,
    arguments: call.function?.arguments,
  }));
  return { role: role ?? 'user', parts: [...text, ...asked] };
}

function answerMessage({ text, thinking, toolCalls, finishReason }: OllamaAnswer): unknown {
  return {
    role: 'assistant',
    parts: [
      ...(thinking === '' ? [] : [{ type: 'reasoning', content: thinking }]),
      ...(text === '' ? [] : [{ type: 'text', content: text }]),
      ...toolCalls.map(({ id, name, arguments: args }) => ({
        type: 'tool_call',
        ...(id === null ? {} : { id }),
        name,
        arguments: args,
      })),
    ],
    ...(finishReason === null ? {} : { finish_reason: finishReason }),
  };
}
