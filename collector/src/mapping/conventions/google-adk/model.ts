import type { Message, MessagePart } from '@signalbox/event-model';
import type { SpanRecord } from '../../../telemetry/records.ts';
import type { DecisionFacts, ModelFacts } from '../../facts.ts';
import {
  asBoolean,
  asFields,
  asList,
  asNumber,
  asStructure,
  asText,
  structureOf,
  type Fields,
} from '../../reading/coerce.ts';
import { callPart, promptTail, readInstructions, readPart, roleName, toContent } from '../../reading/messages.ts';
import { baseDecision, baseModel } from '../../reading/span-defaults.ts';

const CONFIRMATION = 'adk_request_confirmation';

/** A `call_llm` span: Gemini's request and response as JSON, `{}` when capture is off. */
export function readModel(span: SpanRecord): ModelFacts {
  const request = asFields(structureOf(span.attributes, 'gcp.vertex.agent.llm_request')) ?? {};
  const response = asFields(structureOf(span.attributes, 'gcp.vertex.agent.llm_response')) ?? {};
  const base = baseModel(span);
  const usage = asFields(response['usage_metadata'] ?? response['usageMetadata']);
  const prompt = (): Message[] => readPrompt(request);
  return {
    ...base,
    name: base.name ?? asText(request['model']),
    usage: base.usage ?? readUsage(usage),
    responseId: asText(span.attributes.get('gen_ai.response.id')) ?? asText(response['response_id']),
    finishReason: asText(response['finish_reason'] ?? response['finishReason']),
    prompt,
    promptTail: promptTail(prompt()),
    answer: readContent(response['content']).map((message) => ({ ...message, role: 'assistant' })),
    tools: () => readTools(request),
    parameters: () => {
      const config = Object.entries(asFields(request['config']) ?? {});
      return Object.fromEntries(config.filter(([key]) => key !== 'system_instruction' && key !== 'tools'));
    },
  };
}

function readUsage(usage: Fields | null): ModelFacts['usage'] {
  const input = asNumber(usage?.['prompt_token_count'] ?? usage?.['promptTokenCount']);
  const output = asNumber(usage?.['candidates_token_count'] ?? usage?.['candidatesTokenCount']);
  if (input === null && output === null) return null;
  return { ...(input === null ? {} : { input }), ...(output === null ? {} : { output }) };
}

function readPrompt(request: Fields): Message[] {
  const contents = asList(request['contents']).flatMap(readContent);
  if (contents.length === 0) return [];
  const config = asFields(request['config']);
  return [...readInstructions(config?.['system_instruction'] ?? config?.['systemInstruction']), ...contents];
}

/** `{role, parts: [{text} | {function_call} | {function_response}]}`. */
function readContent(content: unknown): Message[] {
  const fields = asFields(asStructure(content));
  if (fields === null) return [];
  const parts = asList(fields['parts']).map(toPart);
  if (parts.length === 0) return [];
  const isAnswer = parts.every((part) => part.kind === 'tool_result');
  return [{ role: isAnswer ? 'tool' : roleName(asText(fields['role']) ?? 'user'), name: null, parts }];
}

function toPart(value: unknown): MessagePart {
  const part = asFields(value) ?? {};
  const call = asFields(part['function_call'] ?? part['functionCall']);
  if (call !== null) return callPart(asText(call['name']) ?? 'unknown', call['args'], asText(call['id']));
  const answer = asFields(part['function_response'] ?? part['functionResponse']);
  if (answer === null) return readPart(value);
  return {
    kind: 'tool_result',
    callId: asText(answer['id']),
    tool: asText(answer['name']),
    result: toContent(answer['response']),
  };
}

function readTools(request: Fields): { name: string; description: string | null; schema: unknown }[] {
  const groups = asList(asFields(request['config'])?.['tools']).map(asFields);
  return groups
    .flatMap((group) => asList(group?.['function_declarations'] ?? group?.['functionDeclarations']))
    .map(asFields)
    .map((tool) => ({
      name: asText(tool?.['name']) ?? 'unknown',
      description: asText(tool?.['description']),
      schema: tool?.['parameters'] ?? null,
    }));
}

/** The answer to `adk_request_confirmation` in the next request; the call that asked names the tool call it is about. */
export function readConfirmations(span: SpanRecord): DecisionFacts[] {
  const request = asFields(structureOf(span.attributes, 'gcp.vertex.agent.llm_request'));
  const parts = asList(request?.['contents'])
    .flatMap((content) => asList(asFields(content)?.['parts']))
    .map(asFields);
  const asked = new Map(
    parts.flatMap((part) => readAsked(asFields(part?.['function_call'] ?? part?.['functionCall']))),
  );
  return parts.flatMap((part) =>
    readConfirmation(asFields(part?.['function_response'] ?? part?.['functionResponse']), asked),
  );
}

/** Id of the question and of the call it is about. */
function readAsked(call: Fields | null): [string, string][] {
  if (call === null || asText(call['name']) !== CONFIRMATION) return [];
  const args = asFields(call['args']);
  const original = asFields(args?.['originalFunctionCall'] ?? args?.['original_function_call']);
  return [[asText(call['id']) ?? '', asText(original?.['id']) ?? '']];
}

function readConfirmation(answer: Fields | null, asked: ReadonlyMap<string, string>): DecisionFacts[] {
  if (answer === null || asText(answer['name']) !== CONFIRMATION) return [];
  const id = asText(answer['id']) ?? '';
  const inner = asFields(answer['response']);
  const response = asFields(asStructure(inner?.['response'])) ?? inner;
  const confirmed = asBoolean(response?.['confirmed']);
  const callId = asked.get(id) ?? '';
  return [
    baseDecision({
      decision: confirmed === null ? 'unknown' : confirmed ? 'approve' : 'reject',
      by: 'human',
      answer: response,
      callId: callId === '' ? null : callId,
      keys: callId === '' ? [`adk:${id}`] : [],
      discriminator: id,
    }),
  ];
}
