import type { FailureFacts, ToolFacts } from '../../facts.ts';
import { asFields, asStructure, asText, firstText, structureOf } from '../../reading/coerce.ts';
import { handoffTarget } from '../../reading/tool-names.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';
import { readToolMessage } from '../../reading/lang-chain.ts';

/** An OpenInference TOOL span; a LangChain ToolMessage in its output tells name, call id and result. */
export function readTool(span: SpanRecord): ToolFacts {
  const output = structureOf(span.attributes, 'output.value');
  const message = readToolMessage(output);
  const name = asText(message?.['name']) ?? firstText(span.attributes, ['gen_ai.tool.name', 'tool.name']) ?? span.name;
  return {
    name,
    callId:
      asText(message?.['tool_call_id']) ??
      firstText(span.attributes, ['tool_call.id', 'tool.id', 'gen_ai.tool.call.id']),
    args: structureOf(span.attributes, 'input.value') ?? structureOf(span.attributes, 'tool.parameters'),
    result: message === null ? output : asStructure(message['content']),
    description: asText(span.attributes.get('tool.description')),
    handoffTo: asText(asFields(output)?.['to_agent']) ?? handoffTarget(name),
  };
}

/** LangChain turns a tool's exception into a ToolMessage with status error and ends the span well. */
export function toolMessageFailure(span: SpanRecord): FailureFacts | null {
  const message = readToolMessage(structureOf(span.attributes, 'output.value'));
  if (asText(message?.['status']) !== 'error') return null;
  return { message: asText(message?.['content']) ?? 'the tool failed', errorType: null, stack: null };
}
