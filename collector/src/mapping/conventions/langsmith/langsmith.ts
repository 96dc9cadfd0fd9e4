import type { Message } from '@signalbox/event-model';
import type { Convention, GraphFacts, ModelFacts, SpanFacts, ToolFacts } from '../../facts.ts';
import {
  asFields,
  asList,
  asNumber,
  asStructure,
  asText,
  firstText,
  structureOf,
  toPlainFields,
  type Fields,
} from '../../reading/coerce.ts';
import { readTrouble } from '../../reading/failure.ts';
import {
  isControlFlow,
  readInterrupts,
  readResume,
  readResumeDecisions,
  readStateInterrupts,
  threadKeys,
} from '../../reading/graph-interrupts.ts';
import { isInternalNodeName } from '../../reading/graph-nodes.ts';
import { readLangChainAnswer, readLangChainPrompt, readToolMessage } from '../../reading/lang-chain.ts';
import { promptTail, readMessages, toContent } from '../../reading/messages.ts';
import { readPlanState } from '../../reading/plan-items.ts';
import { baseFacts, baseModel } from '../../reading/span-defaults.ts';
import { handoffTarget } from '../../reading/tool-names.ts';
import { readUserText } from '../../reading/user-text.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';

const KIND = 'langsmith.span.kind';

/**
 * LangSmith's OpenTelemetry export: kinds llm, tool and chain, raw run inputs and outputs as JSON in
 * `gen_ai.prompt` and `gen_ai.completion`. A failed run ends OK with an exception event.
 */
export const langSmith: Convention = {
  name: 'langsmith',
  claimsSpan: (span) => asText(span.attributes.get(KIND)) !== null,
  spanFacts: readSpan,
};

function metadata(span: SpanRecord, name: string): string | null {
  return asText(span.attributes.get(`langsmith.metadata.${name}`));
}

function readSpan(span: SpanRecord): SpanFacts {
  const facts: SpanFacts = {
    ...baseFacts('langsmith', span),
    title: asText(span.attributes.get('langsmith.trace.name')) ?? span.name,
    agent: asText(span.attributes.get('gen_ai.agent.name')) ?? metadata(span, 'lc_agent_name'),
    entity: metadata(span, 'langgraph_node'),
    graph: readGraph(span),
    io: { input: () => toContent(inputOf(span)), output: () => toContent(outputOf(span)) },
  };
  applyInterrupt(span, facts);
  switch (asText(span.attributes.get(KIND))?.toLowerCase()) {
    case 'llm':
      return { ...facts, role: 'model', model: readModel(span), io: null };
    case 'tool':
      return readToolSpan(span, facts);
    case 'chain':
    case 'agent':
      return readChain(span, facts);
    default:
      return { ...facts, role: 'chain' };
  }
}

function inputOf(span: SpanRecord): unknown {
  return structureOf(span.attributes, 'gen_ai.prompt');
}

function outputOf(span: SpanRecord): unknown {
  return structureOf(span.attributes, 'gen_ai.completion');
}

function applyInterrupt(span: SpanRecord, facts: SpanFacts): void {
  const trouble = readTrouble(span);
  if (trouble === null || !isControlFlow(trouble)) return;
  facts.failure = null;
  facts.interrupts = readInterrupts(trouble, threadKeys(span.attributes));
}

function readGraph(span: SpanRecord): GraphFacts | null {
  const node = metadata(span, 'langgraph_node');
  const namespace = metadata(span, 'langgraph_checkpoint_ns') ?? metadata(span, 'checkpoint_ns');
  if (node === null || namespace === null) return null;
  const insideAgent = metadata(span, 'lc_agent_name') !== null;
  return { node, namespace, step: asNumber(metadata(span, 'langgraph_step')), insideAgent };
}

function readChain(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const agent = metadata(span, 'lc_agent_name');
  if (agent !== null && agent === facts.title) return { ...facts, ...readEntry(span, facts), role: 'agent' };
  const { graph } = facts;
  if (graph === null) return { ...facts, ...readEntry(span, facts), role: 'chain', mayBeWorkflow: true };
  if (graph.node !== facts.title) return { ...facts, role: 'chain' };
  if (graph.insideAgent || isInternalNodeName(graph.node, graph.namespace.includes('|')))
    return { ...facts, role: 'structure' };
  return { ...facts, role: 'node', statePlan: readPlanState(span.attributes, 'gen_ai.completion') };
}

function readEntry(span: SpanRecord, facts: SpanFacts): Pick<SpanFacts, 'input' | 'decisions' | 'interrupts'> {
  const input = inputOf(span);
  const resume = readResume(input);
  const isResume = resume !== undefined;
  const stated = readStateInterrupts(outputOf(span), threadKeys(span.attributes));
  return {
    input: input === undefined ? null : { userText: isResume ? null : readUserText(input), isResume },
    decisions: isResume ? readResumeDecisions(resume) : [],
    interrupts: facts.interrupts.length > 0 ? facts.interrupts : stated,
  };
}

function readModel(span: SpanRecord): ModelFacts {
  const { attributes } = span;
  const prompt = (): Message[] => readPrompt(inputOf(span));
  return {
    ...baseModel(span),
    name: baseModel(span).name ?? metadata(span, 'ls_model_name'),
    provider: baseModel(span).provider ?? metadata(span, 'ls_provider'),
    responseId: asText(attributes.get('gen_ai.response.id')),
    finishReason: firstText(attributes, ['gen_ai.response.finish_reasons']),
    prompt,
    promptTail: promptTail(prompt()),
    answer: readAnswer(outputOf(span)),
    parameters: () => toPlainFields(attributes, 'gen_ai.request.'),
  };
}

function readPrompt(input: unknown): Message[] {
  const serialised = readLangChainPrompt(input);
  if (serialised.length > 0) return serialised;
  const fields = asFields(input);
  return readMessages(fields === null ? input : (fields['messages'] ?? fields['input'] ?? fields['prompt'] ?? null));
}

/** LangChain's generations, OpenAI's choices, or a message as it is. */
function readAnswer(output: unknown): Message[] {
  const serialised = readLangChainAnswer(output);
  if (serialised.length > 0) return serialised;
  const fields = asFields(output);
  const choices = asList(fields?.['choices']).map((choice) => asFields(choice)?.['message']);
  const stated =
    choices.length > 0 ? choices : (fields?.['messages'] ?? fields?.['output'] ?? fields?.['outputs'] ?? output);
  return readMessages(stated).map((message) => (message.role === 'user' ? { ...message, role: 'assistant' } : message));
}

function readToolSpan(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const output = outputOf(span);
  const message = readToolMessage(output);
  const name = asText(message?.['name']) ?? asText(span.attributes.get('gen_ai.tool.name')) ?? facts.title;
  const tool: ToolFacts = {
    name,
    callId: asText(message?.['tool_call_id']) ?? asText(span.attributes.get('gen_ai.tool.call.id')),
    args: readArguments(inputOf(span)),
    result: message === null ? (asFields(output)?.['output'] ?? output) : asStructure(message['content']),
    description: null,
    handoffTo: handoffTarget(name),
  };
  const failure = facts.failure ?? messageFailure(message);
  return { ...facts, role: 'tool', title: name, tool, failure, io: null };
}

function messageFailure(message: Fields | null): SpanFacts['failure'] {
  if (message === null || asText(message['status']) !== 'error') return null;
  return { message: asText(message['content']) ?? 'the tool failed', errorType: null, stack: null };
}

/** LangChain passes a tool its arguments as text under `input`. */
function readArguments(input: unknown): unknown {
  const fields = asFields(input);
  const only = fields !== null && Object.keys(fields).length === 1 ? (fields['input'] ?? fields['args']) : undefined;
  return only === undefined ? input : asStructure(only);
}
