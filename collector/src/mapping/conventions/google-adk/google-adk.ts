import type { Convention, SpanFacts } from '../../facts.ts';
import { asFields, asText, firstText, structureOf } from '../../reading/coerce.ts';
import { NO_MESSAGE } from '../../reading/failure.ts';
import { baseFacts, toolInterrupt } from '../../reading/span-defaults.ts';
import { handoffTarget } from '../../reading/tool-names.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';
import { readConfirmations, readModel } from './model.ts';

const SCOPE = 'gcp.vertex.agent';
const CONFIRMATION = /requires confirmation/i;

/** Google ADK by span name: Gemini's JSON in `gcp.vertex.agent.*`. */
export const googleAdk: Convention = {
  name: 'google-adk',
  claimsSpan: (span) => span.scope.name === SCOPE,
  spanFacts: readSpan,
};

function readSpan(span: SpanRecord): SpanFacts {
  const { attributes } = span;
  const operation = asText(attributes.get('gen_ai.operation.name')) ?? '';
  const facts: SpanFacts = { ...baseFacts('google-adk', span), agent: asText(attributes.get('gen_ai.agent.name')) };
  if (/^(call_llm|generate_content\b)/.test(span.name) || operation === 'generate_content')
    return { ...facts, role: 'model', model: readModel(span), decisions: readConfirmations(span) };
  if (span.name.startsWith('execute_tool')) return readTool(span, facts);
  if (/^(invoke_agent|agent_run)\b/.test(span.name)) return readAgent(span, facts);
  if (/^execute_node\b/.test(span.name)) return readNode(span, facts);
  if (span.name === 'invocation') return { ...facts, role: 'workflow' };
  return { ...facts, role: 'structure' };
}

function readAgent(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const named = /^(?:invoke_agent|agent_run) \[?([^\]]+)\]?$/.exec(span.name)?.[1];
  const name = facts.agent ?? named ?? 'agent';
  return { ...facts, role: 'agent', title: name, agent: name };
}

function readNode(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const path = asText(span.attributes.get('adk.node.path'));
  const title = path?.split('/').at(-1) ?? span.name.replace(/^execute_node\s*/, '');
  const failed = asText(span.attributes.get('adk.node.status')) === 'failed' && facts.failure === null;
  const failure = failed ? { message: NO_MESSAGE, errorType: null, stack: null } : facts.failure;
  return { ...facts, role: 'node', title: title === '' ? 'node' : title, failure };
}

function readTool(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const { attributes } = span;
  const name = firstText(attributes, ['gen_ai.tool.name']) ?? span.name.replace(/^execute_tool\s*/, '');
  // One more span for all calls of an answer together, and the framework's own call that asks a person.
  if (name === '(merged)' || name === '(merged tools)' || name === 'adk_request_confirmation')
    return { ...facts, role: 'structure', failure: null };
  const args = firstStructure(span, ['gcp.vertex.agent.tool_call_args', 'gen_ai.tool.call.arguments']);
  const result = firstStructure(span, ['gcp.vertex.agent.tool_response', 'gen_ai.tool.call.result']);
  const callId = asText(attributes.get('gen_ai.tool.call.id'));
  const interrupts = readQuestion(name, callId, args, result);
  const target = name === 'transfer_to_agent' ? asText(asFields(args)?.['agent_name']) : handoffTarget(name);
  const description = asText(attributes.get('gen_ai.tool.description'));
  return {
    ...facts,
    role: 'tool',
    title: name,
    failure: interrupts.length > 0 ? null : (facts.failure ?? silentFailure(span)),
    interrupts,
    tool: { name, callId, args, result, description, handoffTo: target },
  };
}

/** A tool that must be confirmed answers with an error that says so. */
function readQuestion(name: string, callId: string | null, args: unknown, result: unknown): SpanFacts['interrupts'] {
  const error = asText(asFields(result)?.['error']);
  if (error === null || !CONFIRMATION.test(error)) return [];
  return [{ ...toolInterrupt(name, callId, args), question: error }];
}

function firstStructure(span: SpanRecord, keys: readonly string[]): unknown {
  return keys.map((key) => structureOf(span.attributes, key)).find((value) => value !== undefined && value !== null);
}

/** A tool that threw leaves a span without attributes and status; the notice of its start has none either. */
function silentFailure(span: SpanRecord): SpanFacts['failure'] {
  const isNotice = span.attributes.has('logfire.span_type');
  const isBare = !span.attributes.keys.some((key) => key.startsWith('gen_ai.') || key.startsWith('gcp.vertex.agent.'));
  return isBare && !isNotice && span.statusCode === 0 ? { message: NO_MESSAGE, errorType: null, stack: null } : null;
}
