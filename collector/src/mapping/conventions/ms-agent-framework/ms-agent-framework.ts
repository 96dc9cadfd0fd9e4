import type { Convention, DeclaredGraph, SpanFacts } from '../../facts.ts';
import { asFields, asList, asText, firstText, structureOf, type Fields } from '../../reading/coerce.ts';
import { readGraph } from '../../reading/declared-graph.ts';
import { baseFacts } from '../../reading/span-defaults.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';

const NAMES =
  /^(executor\.process|workflow\.(build|run|session|status)|workflow_invoke|edge_group\.process|message\.send)\b/;

/**
 * Microsoft Agent Framework's workflows by span name; its agents, tools and model calls carry GenAI
 * keys and are read there.
 */
export const msAgentFramework: Convention = {
  name: 'ms-agent-framework',
  claimsSpan: (span) => NAMES.test(span.name) && asText(span.attributes.get('gen_ai.operation.name')) === null,
  spanFacts: readSpan,
};

function readSpan(span: SpanRecord): SpanFacts {
  const { attributes } = span;
  const facts = baseFacts('ms-agent-framework', span);
  switch (NAMES.exec(span.name)?.[1]) {
    case 'executor.process': {
      const id = asText(attributes.get('executor.id')) ?? span.name.replace(/^executor\.process\s*/, '');
      return { ...facts, role: 'node', title: id === '' ? 'executor' : id };
    }
    case 'workflow.run':
    case 'workflow.session':
    case 'workflow_invoke':
      return {
        ...facts,
        role: 'chain',
        mayBeWorkflow: true,
        title: workflowName(span),
        declaredGraph: readDefinition(span),
      };
    case 'workflow.build':
      return { ...facts, declaredGraph: readDefinition(span) };
    case 'message.send':
      return { ...facts, declaredGraph: readSend(span) };
    default:
      return facts;
  }
}

function workflowName(span: SpanRecord): string {
  const suffix = /^\S+ (.+)$/.exec(span.name)?.[1] ?? null;
  return firstText(span.attributes, ['workflow.name', 'workflow.id']) ?? suffix ?? 'workflow';
}

/** `{start_executor_id, executors, edge_groups: [{edges: [{source_id, target_id}]}]}`: the whole graph. */
function readDefinition(span: SpanRecord): DeclaredGraph | null {
  const definition = asFields(structureOf(span.attributes, 'workflow.definition'));
  if (definition === null) return null;
  const executors = asFields(definition['executors']) ?? {};
  const nodes = Object.entries(executors).map(([id, executor]) => ({ id, type: asText(asFields(executor)?.['type']) }));
  const edges = asList(definition['edge_groups'])
    .map(asFields)
    .flatMap((group: Fields | null) => asList(group?.['edges']));
  return readGraph(workflowName(span), nodes, edges);
}

/** A message shows one edge; together they are the part of the graph that ran. */
function readSend(span: SpanRecord): DeclaredGraph | null {
  const source = asText(span.attributes.get('message.source_id'));
  const target = asText(span.attributes.get('message.target_id'));
  if (source === null || target === null) return null;
  return readGraph(null, [source, target], [{ source, target }]);
}
