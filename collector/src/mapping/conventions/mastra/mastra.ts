import type { Convention, InputFacts, ModelContext, SpanFacts } from '../../facts.ts';
import { asBoolean, asFields, asText, structureOf, toPlainFields } from '../../reading/coerce.ts';
import { finishFailure } from '../../reading/failure.ts';
import { messageText, promptTail, readMessages, toContent } from '../../reading/messages.ts';
import { baseFacts, baseModel } from '../../reading/span-defaults.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';
import { readTool } from '../gen-ai/tool.ts';
import { readAnswer } from '../gen-ai/messages.ts';
import { readOutputMessages, readPromptMessages } from './messages.ts';
import { isSuspended, readResumeDecisions, readStepInterrupts, readSuspendedCall } from './suspension.ts';

const TYPE = 'mastra.span.type';
const TOOL_TYPES = new Set(['tool_call', 'mcp_tool_call', 'client_tool_call', 'provider_tool_call']);

/** Mastra: facts by `mastra.span.type`; one model call is a generation, a step and an inference. */
export const mastra: Convention = {
  name: 'mastra',
  claimsSpan: (span) => asText(span.attributes.get(TYPE)) !== null,
  spanFacts: readSpan,
};

function readSpan(span: SpanRecord): SpanFacts {
  const facts: SpanFacts = {
    ...baseFacts('mastra', span),
    agent: asText(span.attributes.get('gen_ai.agent.name')) ?? asText(span.attributes.get('gen_ai.agent.id')),
  };
  const type = asText(span.attributes.get(TYPE)) ?? '';
  if (TOOL_TYPES.has(type)) return readToolSpan(span, facts);
  switch (type) {
    case 'agent_run':
      return readRun(span, { ...facts, role: 'agent' }, 'agent_run');
    case 'workflow_run':
      return readRun(span, { ...facts, role: 'workflow' }, 'workflow_run');
    case 'workflow_step':
      return readStep(span, facts);
    case 'model_inference':
      return readInference(span, facts);
    case 'model_generation':
    case 'model_step':
      return { ...facts, modelContext: readAround(span, type), failure: null };
    case 'model_chunk':
      return { ...facts, modelContext: readChunk(span), failure: null };
    default:
      return { ...facts, role: 'chain' };
  }
}

/** Span names are the operation and the name of what it is done to. */
function entityName(span: SpanRecord): string {
  const operation = asText(span.attributes.get('gen_ai.operation.name'));
  const name =
    operation !== null && span.name.startsWith(`${operation} `) ? span.name.slice(operation.length + 1) : span.name;
  return (
    /'([^']+)'$/.exec(name)?.[1] ?? name.replace(/^(invoke_workflow|workflow_step|workflow_run|invoke_agent) /, '')
  );
}

function readRun(span: SpanRecord, facts: SpanFacts, type: 'agent_run' | 'workflow_run'): SpanFacts {
  const name =
    facts.role === 'agent'
      ? (facts.agent ?? entityName(span))
      : (asText(span.attributes.get('gen_ai.workflow.name')) ?? entityName(span));
  const input = structureOf(span.attributes, `mastra.${type}.input`);
  const output = structureOf(span.attributes, `mastra.${type}.output`);
  const isResumed = asBoolean(span.attributes.get('mastra.metadata.resumed')) === true;
  const interrupts = facts.role === 'agent' ? readSuspendedCall(output) : readStepInterrupts(span, name, output, true);
  return {
    ...facts,
    title: name,
    agent: facts.role === 'agent' ? name : facts.agent,
    input: isResumed ? { userText: null, isResume: true } : readInput(input),
    decisions: isResumed ? readResumeDecisions(span, input, facts.role === 'agent') : [],
    interrupts,
    failure: interrupts.length > 0 ? null : facts.failure,
    io: { input: () => toContent(input), output: () => toContent(output) },
  };
}

function readInput(input: unknown): InputFacts | null {
  if (input === undefined || input === null) return null;
  if (typeof input === 'string') return { userText: input.trim() === '' ? null : input, isResume: false };
  const fields = asFields(input);
  const last = readMessages(fields === null ? input : fields['messages']).at(-1);
  if (last !== undefined) {
    const text = last.role === 'user' ? messageText(last) : '';
    return { userText: text.trim() === '' ? null : text, isResume: false };
  }
  const words = ['prompt', 'input', 'question', 'query', 'text', 'message', 'topic', 'task'].map((key) =>
    asText(fields?.[key]),
  );
  return { userText: words.find((text) => text !== null) ?? null, isResume: false };
}

function readStep(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const name = asText(span.attributes.get('mastra.workflow_step.name')) ?? entityName(span);
  const input = structureOf(span.attributes, 'mastra.workflow_step.input');
  const output = structureOf(span.attributes, 'mastra.workflow_step.output');
  const status = asText(span.attributes.get('mastra.workflow_step.status'));
  const interrupts = status === 'suspended' || isSuspended(output) ? readStepInterrupts(span, name, output, false) : [];
  return {
    ...facts,
    role: 'node',
    title: name,
    interrupts,
    failure: interrupts.length > 0 ? null : (facts.failure ?? (status === 'failed' ? finishFailure('error') : null)),
    io: { input: () => toContent(input), output: () => toContent(output) },
  };
}

function readInference(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const { attributes } = span;
  const prompt = structureOf(attributes, 'gen_ai.input.messages');
  const reasons = structureOf(attributes, 'gen_ai.response.finish_reasons');
  const finishReason = asText(Array.isArray(reasons) ? reasons.at(-1) : reasons);
  return {
    ...facts,
    role: 'model',
    failure: facts.failure ?? finishFailure(finishReason),
    model: {
      ...baseModel(span),
      responseId: asText(attributes.get('gen_ai.response.id')),
      finishReason,
      prompt: () => readMessages(prompt),
      promptTail: promptTail(readMessages(prompt)),
      answer: readAnswer(span),
      parameters: () => toPlainFields(attributes, 'gen_ai.request.'),
    },
  };
}

/** The step and the generation around a model call hold its prompt, the step its tool calls too. */
function readAround(span: SpanRecord, type: string): ModelContext {
  const { attributes } = span;
  const input = structureOf(attributes, `mastra.${type}.input`);
  const isResumed = asBoolean(attributes.get('mastra.metadata.resumed')) === true;
  const isFirst = asText(attributes.get('mastra.model_step.step_index')) === '0';
  return {
    place: 'around',
    prompt: () => readPromptMessages(input),
    promptTail: promptTail(readPromptMessages(input)),
    // The generation sums up all its steps: only a step tells what one call answered.
    answer: type === 'model_step' ? readOutputMessages(structureOf(attributes, 'mastra.model_step.output')) : [],
    replayed: type === 'model_step' && isResumed && isFirst && input === undefined,
  };
}

function readChunk(span: SpanRecord): ModelContext | null {
  const output = asFields(structureOf(span.attributes, 'mastra.model_chunk.output'));
  // The chunk that asks for approval repeats the call it asks about.
  if (output === null || 'resumeSchema' in output || 'suspendPayload' in output) return null;
  const { toolName, toolCallId, toolInput } = output;
  const call = { toolName, toolCallId, args: toolInput ?? output['args'] };
  const said = { text: asText(output['text']), toolCalls: asText(toolName) === null ? [] : [call] };
  const answer = readOutputMessages(said);
  return answer.length === 0
    ? null
    : { place: 'inside', prompt: () => [], promptTail: promptTail([]), answer, replayed: false };
}

function readToolSpan(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const tool = readTool(span);
  const suspended = isSuspended(tool.result)
    ? readSuspendedCall({ ...asFields(tool.result), toolName: tool.name, toolCallId: tool.callId })
    : [];
  return { ...facts, role: 'tool', title: tool.name, tool, interrupts: suspended };
}
