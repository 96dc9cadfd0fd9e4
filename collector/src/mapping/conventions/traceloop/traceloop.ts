import type { Convention, SpanFacts } from '../../facts.ts';
import { asText, structureOf } from '../../reading/coerce.ts';
import { readEntityInput } from '../../reading/entity-input.ts';
import { readTrouble } from '../../reading/failure.ts';
import {
  isControlFlow,
  readInterrupts,
  readResume,
  readResumeDecisions,
  threadKeys,
} from '../../reading/graph-interrupts.ts';
import { toContent } from '../../reading/messages.ts';
import { baseFacts } from '../../reading/span-defaults.ts';
import { readUserText } from '../../reading/user-text.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';
import { readTool } from '../gen-ai/tool.ts';

const KIND = 'traceloop.span.kind';
/** Spans of LangChain callbacks: their tasks are chains of the library, not steps a person wrote. */
const LIBRARY = /lang-?chain|langgraph|llama-?index|haystack/i;

/**
 * OpenLLMetry's own spans: workflow, agent, task and tool by `traceloop.span.kind`. Model calls and
 * tools that also carry GenAI keys are read there.
 */
export const traceloop: Convention = {
  name: 'traceloop',
  claimsSpan: (span) =>
    asText(span.attributes.get(KIND)) !== null && asText(span.attributes.get('gen_ai.operation.name')) === null,
  spanFacts: readSpan,
};

function readSpan(span: SpanRecord): SpanFacts {
  const name =
    asText(span.attributes.get('traceloop.entity.name')) ?? span.name.replace(/\.(workflow|agent|task|tool)$/, '');
  const facts: SpanFacts = {
    ...baseFacts('traceloop', span),
    title: name,
    agent: asText(span.attributes.get('gen_ai.agent.name')),
    io: {
      input: () => toContent(structureOf(span.attributes, 'traceloop.entity.input')),
      output: () => toContent(structureOf(span.attributes, 'traceloop.entity.output')),
    },
  };
  applyInterrupt(span, facts);
  switch (asText(span.attributes.get(KIND))) {
    case 'agent':
      return { ...facts, ...readEntry(span), role: 'agent', title: facts.agent ?? name, agent: facts.agent ?? name };
    case 'workflow':
      return readWorkflow(span, facts);
    case 'tool': {
      const tool = readTool(span);
      return { ...facts, role: 'tool', title: tool.name, tool };
    }
    case 'task':
      return { ...facts, role: LIBRARY.test(span.scope.name) ? 'chain' : 'node' };
    default:
      return { ...facts, role: 'chain' };
  }
}

/** LangChain reports every runnable as a workflow: only the outermost is one. */
function readWorkflow(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const title = asText(span.attributes.get('traceloop.workflow.name')) ?? facts.title;
  return { ...facts, ...readEntry(span), role: 'chain', title, mayBeWorkflow: true };
}

function readEntry(span: SpanRecord): Pick<SpanFacts, 'input' | 'decisions'> {
  const input = readEntityInput(span.attributes);
  const resume = readResume(input);
  const isResume = resume !== undefined;
  return {
    input: input === undefined ? null : { userText: isResume ? null : readUserText(input), isResume },
    decisions: isResume ? readResumeDecisions(resume) : [],
  };
}

function applyInterrupt(span: SpanRecord, facts: SpanFacts): void {
  const trouble = readTrouble(span);
  if (trouble === null || !isControlFlow(trouble)) return;
  facts.failure = null;
  facts.interrupts = readInterrupts(trouble, threadKeys(span.attributes));
}
