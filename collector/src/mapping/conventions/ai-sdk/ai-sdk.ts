import type { Message } from '@signalbox/event-model';
import type { Convention, DecisionFacts, InputFacts, ModelFacts, SpanFacts, ToolFacts } from '../../facts.ts';
import {
  asBoolean,
  asFields,
  asList,
  asStructure,
  asText,
  structureOf,
  toPlain,
  toPlainFields,
  type Fields,
} from '../../reading/coerce.ts';
import { finishFailure } from '../../reading/failure.ts';
import { callPart, messageText, promptTail, readMessages, textMessage, toContent } from '../../reading/messages.ts';
import { baseFacts, baseModel } from '../../reading/span-defaults.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';

const MODEL_CALL = /\.do(Generate|Stream|Embed)$/;
const AGENT_RUN = /^ai\.(generateText|streamText|generateObject|streamObject)$/;

/** Vercel AI SDK 5 and 6, scope `ai`: facts in `ai.*` attributes. */
export const aiSdk: Convention = {
  name: 'ai-sdk',
  claimsSpan: (span) => asText(span.attributes.get('ai.operationId')) !== null,
  spanFacts: readSpan,
};

function readSpan(span: SpanRecord): SpanFacts {
  const facts = baseFacts('ai-sdk', span);
  const operation = asText(span.attributes.get('ai.operationId')) ?? '';
  facts.agent = asText(span.attributes.get('ai.telemetry.functionId'));
  facts.defersTools = true;
  if (operation === 'ai.toolCall') {
    const tool = readTool(span);
    return { ...facts, role: 'tool', title: tool.name, tool };
  }
  if (MODEL_CALL.test(operation) && !operation.endsWith('doEmbed')) return readModelSpan(span, facts);
  if (AGENT_RUN.test(operation)) return readAgentRun(span, facts, operation);
  return { ...facts, role: 'chain' };
}

function readModelSpan(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const prompt = structureOf(span.attributes, 'ai.prompt.messages') ?? structureOf(span.attributes, 'ai.prompt');
  const model = readModel(span);
  facts.failure ??= finishFailure(model.finishReason);
  return { ...facts, role: 'model', model, parentAgent: facts.agent, decisions: readDecisions(prompt) };
}

function readAgentRun(span: SpanRecord, facts: SpanFacts, operation: string): SpanFacts {
  const prompt = structureOf(span.attributes, 'ai.prompt');
  const decisions = readDecisions(prompt);
  const agent = facts.agent ?? operation;
  return {
    ...facts,
    role: 'agent',
    title: agent,
    agent,
    decisions,
    input: readInput(prompt, decisions),
    io: {
      input: () => toContent(structureOf(span.attributes, 'ai.prompt')),
      output: () =>
        toContent(
          structureOf(span.attributes, 'ai.response.text') ?? structureOf(span.attributes, 'ai.response.object'),
        ),
    },
  };
}

function readModel(span: SpanRecord): ModelFacts {
  const attributes = span.attributes;
  const prompt = (): Message[] => readPrompt(span);
  return {
    ...baseModel(span),
    responseId: asText(attributes.get('ai.response.id')) ?? asText(attributes.get('gen_ai.response.id')),
    finishReason: asText(attributes.get('ai.response.finishReason')),
    prompt,
    promptTail: promptTail(prompt()),
    answer: readAnswer(span),
    tools: () => readTools(span),
    parameters: () => ({ ...toPlainFields(attributes, 'ai.settings.'), ...requestParameters(span) }),
  };
}

function requestParameters(span: SpanRecord): Fields {
  const request = toPlainFields(span.attributes, 'gen_ai.request.');
  delete request['model'];
  return request;
}

function readPrompt(span: SpanRecord): Message[] {
  const messages = structureOf(span.attributes, 'ai.prompt.messages');
  return messages === undefined ? promptMessages(structureOf(span.attributes, 'ai.prompt')) : readMessages(messages);
}

/** `ai.prompt` is `{system, messages}` or `{system, prompt}`. */
function promptMessages(prompt: unknown): Message[] {
  const fields = asFields(prompt);
  if (fields === null) return readMessages(prompt);
  const system = asText(fields['system']);
  const text = asText(fields['prompt']);
  const rest = text === null ? readMessages(fields['messages'] ?? fields['prompt']) : [textMessage('user', text)];
  return system === null ? rest : [textMessage('system', system), ...rest];
}

function readAnswer(span: SpanRecord): Message[] {
  const attributes = span.attributes;
  const message: Message = { role: 'assistant', name: null, parts: [] };
  const reasoning = asText(attributes.get('ai.response.reasoning'));
  if (reasoning !== null) message.parts.push({ kind: 'reasoning', content: toContent(reasoning) });
  const text = asText(attributes.get('ai.response.text'));
  if (text !== null) message.parts.push({ kind: 'content', content: toContent(text) });
  const object = structureOf(attributes, 'ai.response.object');
  if (object !== undefined) message.parts.push({ kind: 'content', content: toContent(object) });
  for (const call of asList(structureOf(attributes, 'ai.response.toolCalls'))) {
    const fields = asFields(call);
    if (fields === null) continue;
    const args = fields['input'] ?? fields['args'];
    message.parts.push(callPart(asText(fields['toolName']) ?? 'unknown', args, asText(fields['toolCallId'])));
  }
  return message.parts.length === 0 ? [] : [message];
}

function readTools(span: SpanRecord): { name: string; description: string | null; schema: unknown }[] {
  return asList(toPlain(span.attributes.get('ai.prompt.tools'))).map((entry) => {
    const fields = asFields(asStructure(entry));
    return {
      name: asText(fields?.['name']) ?? 'unknown',
      description: asText(fields?.['description']),
      schema: fields?.['inputSchema'] ?? fields?.['parameters'] ?? null,
    };
  });
}

function readTool(span: SpanRecord): ToolFacts {
  const attributes = span.attributes;
  return {
    name: asText(attributes.get('ai.toolCall.name')) ?? 'unknown',
    callId: asText(attributes.get('ai.toolCall.id')),
    args: structureOf(attributes, 'ai.toolCall.args'),
    result: structureOf(attributes, 'ai.toolCall.result'),
    description: null,
    handoffTo: null,
  };
}

function readInput(prompt: unknown, decisions: readonly DecisionFacts[]): InputFacts | null {
  const messages = promptMessages(prompt);
  const last = messages.at(-1);
  if (last === undefined) return null;
  const text = last.role === 'user' ? messageText(last) : '';
  return { userText: text === '' ? null : text, isResume: decisions.length > 0 && last.role !== 'user' };
}

/**
 * AI SDK 6 answers an approval by a message part naming the approval; the part that asked names the tool call. Only
 * answers after the last assistant message are new: older ones are history.
 */
function readDecisions(prompt: unknown): DecisionFacts[] {
  const messages = asList(asFields(prompt)?.['messages'] ?? prompt).map(asFields);
  const callByApproval = new Map<string, string>();
  for (const part of partsOf(messages)) {
    const approvalId = asText(part['approvalId']);
    const callId = asText(part['toolCallId']);
    if (part['type'] === 'tool-approval-request' && approvalId !== null && callId !== null)
      callByApproval.set(approvalId, callId);
  }
  const lastAssistant = messages.findLastIndex((message) => message?.['role'] === 'assistant');
  return partsOf(messages.slice(lastAssistant + 1))
    .filter((part) => part['type'] === 'tool-approval-response')
    .map((part) => toDecision(part, callByApproval));
}

function partsOf(messages: readonly (Fields | null)[]): Fields[] {
  return messages
    .flatMap((message) => asList(message?.['content']))
    .map(asFields)
    .filter((part): part is Fields => part !== null);
}

function toDecision(part: Fields, callByApproval: ReadonlyMap<string, string>): DecisionFacts {
  const approved = asBoolean(part['approved']);
  const approvalId = asText(part['approvalId']) ?? '';
  return {
    decision: approved === null ? 'unknown' : approved ? 'approve' : 'reject',
    by: 'human',
    answer: part['reason'] ?? null,
    callId: callByApproval.get(approvalId) ?? asText(part['toolCallId']),
    discriminator: approvalId,
    keys: [],
    atNs: null,
    who: null,
    action: null,
  };
}
