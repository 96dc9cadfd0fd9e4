import type { FailureFacts, InterruptFacts, ToolFacts } from '../../facts.ts';
import { asStructure, asText, firstText, structureOf, toPlain } from '../../reading/coerce.ts';
import { toolInterrupt } from '../../reading/span-defaults.ts';
import { readEntityInput } from '../../reading/entity-input.ts';
import { readToolMessage } from '../../reading/lang-chain.ts';
import { handoffTarget } from '../../reading/tool-names.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';

/** An `execute_tool` or MCP `tools/call` span. */
export function readTool(span: SpanRecord): ToolFacts {
  const output = structureOf(span.attributes, 'traceloop.entity.output');
  const message = readToolMessage(output);
  const name = asText(message?.['name']) ?? toolName(span);
  return {
    name,
    callId:
      firstText(span.attributes, ['gen_ai.tool.call.id']) ??
      eventText(span, 'gen_ai.tool.message', 'id') ??
      asText(message?.['tool_call_id']),
    args:
      firstStructure(span, ['gen_ai.tool.call.arguments', 'tool_arguments', 'input.value']) ??
      eventValue(span, 'gen_ai.tool.message', 'content') ??
      readEntityInput(span.attributes),
    result:
      firstStructure(span, ['gen_ai.tool.call.result', 'tool_response', 'output.value']) ??
      eventValue(span, 'gen_ai.choice', 'message') ??
      eventValue(span, 'tool.output', 'output') ??
      (message === null ? output : asStructure(message['content'])),
    transport: asText(span.attributes.get('mcp.method.name')) !== null,
    description: asText(span.attributes.get('gen_ai.tool.description')),
    handoffTo: handoffTarget(name),
  };
}

function toolName(span: SpanRecord): string {
  const stated = firstText(span.attributes, ['gen_ai.tool.name', 'tool_name', 'function_name']);
  return (
    stated ??
    asText(span.attributes.get('traceloop.entity.name')) ??
    /^(?:execute_tool|tools\/call|running tool:?) (.+)$/.exec(span.name)?.[1] ??
    span.name
  );
}

function firstStructure(span: SpanRecord, keys: readonly string[]): unknown {
  for (const key of keys) {
    const value = structureOf(span.attributes, key);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function eventValue(span: SpanRecord, name: string, key: string): unknown {
  const event = span.events.find((candidate) => candidate.name === name);
  return event === undefined ? undefined : asStructure(toPlain(event.attributes.get(key)));
}

function eventText(span: SpanRecord, name: string, key: string): string | null {
  return asText(eventValue(span, name, key));
}

/** Strands states a tool's failure in an attribute and leaves the span's status alone. */
export function toolStatusFailure(span: SpanRecord): FailureFacts | null {
  if (asText(span.attributes.get('gen_ai.tool.status')) !== 'error') return null;
  return { message: `tool ${toolName(span)} failed`, errorType: null, stack: null };
}

/** Pydantic AI ends the span of a tool that must be approved with a deferral. */
export function readDeferral(span: SpanRecord, tool: ToolFacts): InterruptFacts[] {
  if (asText(span.attributes.get('pydantic_ai.tool.deferral.name')) !== 'ApprovalRequired') return [];
  return [toolInterrupt(tool.name, tool.callId, tool.args)];
}
