import type { Message } from '@signalbox/event-model';
import type { ModelFacts } from '../../facts.ts';
import { asFields, asText, structureOf, toPlain, asStructure, type Fields } from '../../reading/coerce.ts';
import { promptTail, readMessages } from '../../reading/messages.ts';
import { baseModel } from '../../reading/span-defaults.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';
import { readIndexedMessages } from './indexed-messages.ts';
import { readLangChainAnswer, readLangChainPrompt } from '../../reading/lang-chain.ts';

/** An OpenInference LLM span. */
export function readModel(span: SpanRecord): ModelFacts {
  const prompt = (): Message[] => readPrompt(span);
  return {
    ...baseModel(span),
    finishReason: asText(span.attributes.get('llm.finish_reason')),
    prompt,
    promptTail: promptTail(prompt()),
    answer: readAnswer(span),
    tools: () => readTools(span),
    parameters: () => asFields(structureOf(span.attributes, 'llm.invocation_parameters')) ?? {},
  };
}

/** The serialised input is preferred where it is whole: it keeps block contents and call ids. */
function readPrompt(span: SpanRecord): Message[] {
  const indexed = readIndexedMessages(span.attributes, 'llm.input_messages.');
  const input = structureOf(span.attributes, 'input.value');
  const serialised = readLangChainPrompt(input);
  if (serialised.length > 0 && serialised.length >= indexed.length) return serialised;
  return indexed.length > 0 ? indexed : readMessages(asFields(input)?.['messages'] ?? input);
}

function readAnswer(span: SpanRecord): Message[] {
  const output = structureOf(span.attributes, 'output.value');
  const serialised = readLangChainAnswer(output);
  if (serialised.length > 0) return serialised;
  const indexed = readIndexedMessages(span.attributes, 'llm.output_messages.');
  if (indexed.length > 0) return indexed;
  return typeof output === 'string' ? readMessages([{ role: 'assistant', content: output }]) : [];
}

function readTools(span: SpanRecord): { name: string; description: string | null; schema: unknown }[] {
  const tools: { name: string; description: string | null; schema: unknown }[] = [];
  for (const [key, value] of span.attributes.entries()) {
    if (!/^llm\.tools\.\d+\.tool\.json_schema$/.test(key)) continue;
    const outer = asFields(asStructure(toPlain(value)));
    tools.push(toTool(asFields(outer?.['function']) ?? outer ?? {}));
  }
  return tools;
}

function toTool(fields: Fields): { name: string; description: string | null; schema: unknown } {
  return {
    name: asText(fields['name']) ?? 'unknown',
    description: asText(fields['description']),
    schema: fields['parameters'] ?? fields['input_schema'] ?? null,
  };
}
