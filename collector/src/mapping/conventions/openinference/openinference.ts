import type { Convention, GraphFacts, InputFacts, SpanFacts } from '../../facts.ts';
import {
  asFields,
  asNumber,
  asText,
  firstField,
  firstText,
  structureOf,
  toPlainFields,
  type Fields,
} from '../../reading/coerce.ts';
import { readTrouble, type Trouble } from '../../reading/failure.ts';
import { toContent } from '../../reading/messages.ts';
import { readUserText } from '../../reading/user-text.ts';
import { readPlanState } from '../../reading/plan-items.ts';
import type { RecordReport } from '../../reports.ts';
import { baseFacts, recordOf } from '../../reading/span-defaults.ts';
import { isInternalNodeName } from '../../reading/graph-nodes.ts';
import { isBareClientScope } from '../../reading/tool-names.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';
import {
  isControlFlow,
  readInterrupts,
  readResume,
  readResumeDecisions,
  readStateInterrupts,
} from '../../reading/graph-interrupts.ts';
import { readModel } from './model.ts';
import { readTool, toolMessageFailure } from './tool.ts';

/**
 * OpenInference: LangChain and LangGraph, OpenAI Agents, CrewAI, LlamaIndex and every other
 * instrumentation that states `openinference.span.kind`.
 */
export const openInference: Convention = {
  name: 'openinference',
  claimsSpan: (span) => asText(span.attributes.get('openinference.span.kind')) !== null,
  spanFacts: readSpan,
};

function readSpan(span: SpanRecord): SpanFacts {
  const metadata = asFields(structureOf(span.attributes, 'metadata'));
  const facts: SpanFacts = {
    ...baseFacts('openinference', span),
    agent: firstText(span.attributes, ['gen_ai.agent.name', 'agent.name']) ?? firstField(metadata, ['lc_agent_name']),
    entity: firstField(metadata, ['langgraph_node']),
    graph: readGraph(metadata),
    defersTools: /openai[-_]agents/.test(span.scope.name),
    clientOnly: isBareClientScope(span.scope.name),
  };
  applyTrouble(facts, readTrouble(span));
  return readByKind(span, facts, metadata);
}

function applyTrouble(facts: SpanFacts, trouble: Trouble | null): void {
  if (trouble === null || !isControlFlow(trouble)) return;
  facts.failure = null;
  facts.interrupts = readInterrupts(trouble, facts.graph === null ? [] : [`langgraph:${facts.graph.namespace}`]);
}

function readByKind(span: SpanRecord, facts: SpanFacts, metadata: Fields | null): SpanFacts {
  switch (asText(span.attributes.get('openinference.span.kind'))?.toUpperCase()) {
    case 'LLM':
      return { ...facts, role: 'model', model: readModel(span) };
    case 'TOOL':
      return readToolSpan(span, facts);
    case 'AGENT':
      return readAgentSpan(span, facts, metadata);
    case 'CHAIN':
      return readChainSpan(span, facts, metadata);
    case 'EVALUATOR':
      return { ...facts, role: 'chain', reports: [readEvaluation(span)] };
    default:
      return { ...facts, role: 'chain' };
  }
}

/** What an evaluator found: its score under `evaluation.*`, else in its output. */
function readEvaluation(span: SpanRecord): RecordReport {
  const output = asFields(structureOf(span.attributes, 'output.value'));
  const stated = toPlainFields(span.attributes, 'evaluation.');
  const pick = (...keys: string[]): string | null => firstField(stated, keys) ?? firstField(output, keys);
  return recordOf('evaluation.result', {
    'evaluation.name': pick('name', 'evaluator') ?? span.name,
    'evaluation.score.value': pick('score', 'score.value'),
    'evaluation.score.label': pick('label', 'score.label'),
    'evaluation.explanation': pick('explanation', 'reason'),
  });
}

function readToolSpan(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const tool = readTool(span);
  return { ...facts, role: 'tool', title: tool.name, tool, failure: facts.failure ?? toolMessageFailure(span) };
}

function readAgentSpan(span: SpanRecord, facts: SpanFacts, metadata: Fields | null): SpanFacts {
  if (facts.graph !== null && facts.graph.node === span.name) return readChainSpan(span, facts, metadata);
  const node = asText(span.attributes.get('graph.node.id'));
  const cameFrom = asText(span.attributes.get('graph.node.parent_id'));
  const withInput = { ...facts, cameFrom, ...readEntry(span, facts, metadata) };
  if (facts.defersTools && node === null) return { ...withInput, role: 'workflow' };
  const agent = facts.agent ?? asText(span.attributes.get('graph.node.name')) ?? node ?? span.name;
  return { ...withInput, role: 'agent', agent, title: agent, io: readIo(span) };
}

function readChainSpan(span: SpanRecord, facts: SpanFacts, metadata: Fields | null): SpanFacts {
  const graph = facts.graph;
  const agentName = firstField(metadata, ['lc_agent_name']);
  if (agentName !== null && agentName === span.name) {
    const entry = graph === null ? readEntry(span, facts, metadata) : {};
    return { ...facts, ...entry, role: 'agent', title: agentName, io: readIo(span) };
  }
  if (graph === null) {
    // OpenAI Agents wraps every model round in a chain `turn`, which is never the run itself.
    const mayBeWorkflow = !(facts.defersTools && span.name === 'turn');
    return { ...facts, ...readEntry(span, facts, metadata), role: 'chain', mayBeWorkflow, io: readIo(span) };
  }
  if (graph.node !== span.name) return { ...facts, role: 'chain' };
  if (isInternalNode(graph))
    return { ...facts, role: 'structure', parentAgent: graph.insideAgent ? facts.agent : null };
  return { ...facts, role: 'node', io: readIo(span), statePlan: readPlanState(span.attributes, 'output.value') };
}

/** What a span tells as the entry of a run: the user's words, or the decision that resumed it. */
function readEntry(
  span: SpanRecord,
  facts: SpanFacts,
  metadata: Fields | null,
): Pick<SpanFacts, 'input' | 'decisions' | 'interrupts'> {
  const input = structureOf(span.attributes, 'input.value');
  const resume = readResume(input);
  const isResume = resume !== undefined;
  const userText = isResume ? null : readUserText(input);
  const interrupts = facts.interrupts.length > 0 ? facts.interrupts : readOutputInterrupts(span, metadata);
  return {
    input: input === undefined ? null : ({ userText, isResume } satisfies InputFacts),
    decisions: isResume ? readResumeDecisions(resume) : [],
    interrupts,
  };
}

function readOutputInterrupts(span: SpanRecord, metadata: Fields | null): SpanFacts['interrupts'] {
  if (!(asText(span.attributes.get('output.value')) ?? '').includes('__interrupt__')) return [];
  const thread = firstField(metadata, ['thread_id']);
  const keys = thread === null ? [] : [`langgraph-thread:${thread}`];
  return readStateInterrupts(structureOf(span.attributes, 'output.value'), keys);
}

function readIo(span: SpanRecord): SpanFacts['io'] {
  return {
    input: () => toContent(structureOf(span.attributes, 'input.value')),
    output: () => toContent(structureOf(span.attributes, 'output.value')),
  };
}

function readGraph(metadata: Fields | null): GraphFacts | null {
  const node = firstField(metadata, ['langgraph_node']);
  const namespace = firstField(metadata, ['langgraph_checkpoint_ns', 'checkpoint_ns']);
  if (node === null || namespace === null) return null;
  return {
    node,
    namespace,
    step: asNumber(metadata?.['langgraph_step']),
    insideAgent: firstField(metadata, ['lc_agent_name']) !== null,
  };
}

/**
 * Nodes of a prebuilt agent are its inner workings. Their names alone do not tell: people draw graphs with nodes
 * `agent` and `tools` of their own, which have neither an agent name nor an enclosing namespace.
 */
function isInternalNode(graph: GraphFacts): boolean {
  return graph.insideAgent || isInternalNodeName(graph.node, graph.namespace.includes('|'));
}
