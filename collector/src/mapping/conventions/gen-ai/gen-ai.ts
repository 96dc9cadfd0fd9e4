import type { Convention, InputFacts, ModelFacts, SpanFacts } from '../../facts.ts';
import {
  asFields,
  asList,
  asStructure,
  asText,
  firstText,
  structureOf,
  toPlain,
  toPlainFields,
} from '../../reading/coerce.ts';
import {
  isControlFlow,
  readInterrupts,
  readResume,
  readResumeDecisions,
  threadKeys,
} from '../../reading/graph-interrupts.ts';
import { readEntityInput } from '../../reading/entity-input.ts';
import { readUserText } from '../../reading/user-text.ts';
import { readGraph } from '../../reading/declared-graph.ts';
import { finishFailure, readTrouble } from '../../reading/failure.ts';
import { messageText, promptTail } from '../../reading/messages.ts';
import { baseFacts, baseInterrupt, baseModel, recordOf } from '../../reading/span-defaults.ts';
import { isBareClientScope } from '../../reading/tool-names.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';
import { readEventReports, readLog } from './logs.ts';
import { messagesContent, readAnswer, readPrompt } from './messages.ts';
import { readDeferral, readTool, toolStatusFailure } from './tool.ts';

const MODEL_OPERATIONS = new Set([
  'chat',
  'generate_content',
  'text_completion',
  'llm_call',
  'completion',
  'message',
  'messages',
]);
const AGENT_OPERATIONS = new Set(['invoke_agent', 'gen_ai.invocation.internal']);
const TOOL_OPERATIONS = new Set(['execute_tool', 'tool_call']);
const WORKFLOW_OPERATIONS = new Set(['invoke_workflow', 'workflow', 'handle_conversation_turn']);
/** Scope of AI SDK 7, which ends an agent run when a tool needs approval. */
const AI_SDK_7_SCOPE = 'gen_ai';

/** Plain OpenTelemetry GenAI conventions of every era, AI SDK 7 and Strands among them. */
export const genAi: Convention = {
  name: 'gen-ai',
  claimsSpan: (span) => operationRole(span) !== null,
  spanFacts: readSpan,
  eventReports: readEventReports,
  logFacts: readLog,
};

function operationRole(span: SpanRecord): SpanFacts['role'] | null {
  const operation = asText(span.attributes.get('gen_ai.operation.name'));
  if (operation !== null) return roleOfOperation(operation);
  if (asText(span.attributes.get('mcp.method.name')) === 'tools/call') return 'tool';
  const legacy = firstText(span.attributes, ['llm.request.type', 'gen_ai.system', 'gen_ai.request.model']);
  return legacy === null ? null : 'model';
}

/** Unknown operations are kept as steps: new names appear with every release. */
function roleOfOperation(operation: string): SpanFacts['role'] {
  if (MODEL_OPERATIONS.has(operation)) return 'model';
  if (AGENT_OPERATIONS.has(operation)) return 'agent';
  if (TOOL_OPERATIONS.has(operation)) return 'tool';
  return WORKFLOW_OPERATIONS.has(operation) ? 'workflow' : 'chain';
}

function readSpan(span: SpanRecord): SpanFacts {
  const role = operationRole(span) ?? 'chain';
  const facts: SpanFacts = {
    ...baseFacts('gen-ai', span),
    role,
    agent: firstText(span.attributes, ['gen_ai.agent.name', 'agent.name']),
    entity: asText(span.attributes.get('traceloop.entity.name')),
    defersTools: span.scope.name === AI_SDK_7_SCOPE,
    clientOnly: isBareClientScope(span.scope.name),
  };
  applyInterrupt(span, facts);
  if (role === 'model') return readModelSpan(span, facts);
  if (role === 'tool') return readToolSpan(span, facts);
  if (role === 'agent' || role === 'workflow') return readRunSpan(span, facts);
  if (asText(span.attributes.get('gen_ai.operation.name')) === 'create_agent')
    return { ...facts, reports: readCreated(span) };
  return facts;
}

/**
 * Strands ends the cycle in error when a tool asks a person, LangGraph under Traceloop the node.
 */
function applyInterrupt(span: SpanRecord, facts: SpanFacts): void {
  const trouble = readTrouble(span);
  if (trouble === null) return;
  const name = /^Interrupt raised: (.+)$/s.exec(trouble.message)?.[1];
  if (name !== undefined) {
    facts.failure = null;
    facts.interrupts = [{ ...baseInterrupt(name), id: name, seeksTool: true }];
  } else if (isControlFlow(trouble)) {
    facts.failure = null;
    facts.interrupts = readInterrupts(trouble, threadKeys(span.attributes));
  }
}

function readModelSpan(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const model = readModel(span);
  return { ...facts, model, failure: facts.failure ?? finishFailure(model.finishReason) };
}

function readModel(span: SpanRecord): ModelFacts {
  const attributes = span.attributes;
  return {
    ...baseModel(span),
    responseId: asText(attributes.get('gen_ai.response.id')),
    finishReason: finishReason(span),
    prompt: () => readPrompt(span),
    promptTail: promptTail(readPrompt(span)),
    answer: readAnswer(span),
    tools: () => readTools(span),
    parameters: () => toPlainFields(attributes, 'gen_ai.request.'),
  };
}

function finishReason(span: SpanRecord): string | null {
  const stated = structureOf(span.attributes, 'gen_ai.response.finish_reasons');
  const last = asText(asList(stated).at(-1)) ?? asText(stated);
  if (last !== null) return last;
  const choice = span.events.findLast((event) => event.name === 'gen_ai.choice');
  return asText(choice?.attributes.get('finish_reason'));
}

function readTools(span: SpanRecord): { name: string; description: string | null; schema: unknown }[] {
  return asList(asStructure(toPlain(span.attributes.get('gen_ai.tool.definitions')))).map((entry) => {
    const outer = asFields(asStructure(entry));
    const fields = asFields(outer?.['function']) ?? outer;
    return {
      name: asText(fields?.['name']) ?? 'unknown',
      description: asText(fields?.['description']),
      schema: fields?.['inputSchema'] ?? fields?.['parameters'] ?? null,
    };
  });
}

function readToolSpan(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const tool = readTool(span);
  const failure = facts.failure ?? toolStatusFailure(span);
  return { ...facts, title: tool.name, tool, failure, interrupts: [...facts.interrupts, ...readDeferral(span, tool)] };
}

function readRunSpan(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const isAgent = facts.role === 'agent';
  const name = isAgent ? agentName(span, facts) : workflowName(span);
  const prompt = readPrompt(span);
  return {
    ...facts,
    title: name,
    agent: isAgent ? name : facts.agent,
    ...readEntry(span, prompt),
    interrupts: facts.interrupts.length > 0 ? facts.interrupts : readStop(span, name),
    declaredGraph: readGraph(
      name,
      toPlain(span.attributes.get('gen_ai.workflow.nodes')),
      toPlain(span.attributes.get('gen_ai.workflow.edges')),
    ),
    io: { input: () => messagesContent(readPrompt(span)), output: () => messagesContent(readAnswer(span)) },
  };
}

/** Strands ends the agent well when it stops for a person; the cycle inside says more, where it is told. */
function readStop(span: SpanRecord, name: string): SpanFacts['interrupts'] {
  if (finishReason(span) !== 'interrupt') return [];
  return [{ ...baseInterrupt('input'), id: `stop:${name}`, seeksTool: true, weak: true }];
}

/** AI SDK 7 names the span after the model when the agent has no name of its own. */
function agentName(span: SpanRecord, facts: SpanFacts): string {
  const named = facts.agent ?? firstText(span.attributes, ['gen_ai.agent.id', 'agent_id']);
  if (named !== null) return named;
  const suffix = /^invoke_agent (.+)$/.exec(span.name)?.[1];
  return suffix === undefined || suffix === asText(span.attributes.get('gen_ai.request.model')) ? 'agent' : suffix;
}

function workflowName(span: SpanRecord): string {
  const stated = firstText(span.attributes, [
    'gen_ai.workflow.name',
    'traceloop.workflow.name',
    'traceloop.entity.name',
  ]);
  return stated ?? span.name.replace(/^(invoke_)?workflow /, '');
}

function readCreated(span: SpanRecord): SpanFacts['reports'] {
  const name =
    firstText(span.attributes, ['gen_ai.agent.name', 'gen_ai.agent.id']) ?? span.name.replace(/^create_agent /, '');
  return [recordOf('agent.created', { ...toPlainFields(span.attributes, 'gen_ai.'), 'agent.name': name })];
}

/** What a run begins with: its prompt, else the input OpenLLMetry keeps beside, which may resume a graph. */
function readEntry(span: SpanRecord, prompt: ReturnType<typeof readPrompt>): Pick<SpanFacts, 'input' | 'decisions'> {
  const entity = prompt.length === 0 ? readEntityInput(span.attributes) : undefined;
  if (entity === undefined) return { input: readInput(prompt), decisions: [] };
  const resume = readResume(entity);
  if (resume === undefined) return { input: { userText: readUserText(entity), isResume: false }, decisions: [] };
  return { input: { userText: null, isResume: true }, decisions: readResumeDecisions(resume) };
}

function readInput(prompt: ReturnType<typeof readPrompt>): InputFacts | null {
  const last = prompt.at(-1);
  if (last === undefined) return null;
  const text = last.role === 'user' ? messageText(last) : '';
  return { userText: text.trim() === '' ? null : text, isResume: last.role === 'tool' };
}
