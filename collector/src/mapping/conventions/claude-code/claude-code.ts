import type { Convention, SpanFacts, ToolFacts } from '../../facts.ts';
import type { DecisionReport, Report, ToolReport } from '../../reports.ts';
import { asBoolean, asText, firstText, structureOf, toPlainFields } from '../../reading/coerce.ts';
import { readLoggedUsage } from '../../reading/logged.ts';
import { toContent } from '../../reading/messages.ts';
import { baseFacts, baseModel } from '../../reading/span-defaults.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';
import { CLAUDE, decidedBy, MAIN_AGENT, readVerdict, runOf, spokenText } from './common.ts';
import { readLog } from './logs.ts';

const SCOPE = 'com.anthropic.claude_code.tracing';

/**
 * Claude Code and the Agent SDK: spans by `span.type`, and log events that repeat or complete them.
 * Sub-agents have no span, only an `agent_id` on what they do.
 */
export const claudeCode: Convention = {
  name: CLAUDE,
  claimsSpan: (span) => span.scope.name === SCOPE,
  spanFacts: readSpan,
  logFacts: readLog,
};

function readSpan(span: SpanRecord): SpanFacts {
  const run = runOf(span.attributes);
  const facts: SpanFacts = {
    ...baseFacts(CLAUDE, span),
    agent: run === null ? MAIN_AGENT : null,
    agentRun: run === null ? null : { id: run, type: null },
    failure: null,
  };
  switch (asText(span.attributes.get('span.type')) ?? span.name.replace(/^claude_code\./, '')) {
    case 'interaction':
      return readInteraction(span, facts);
    case 'llm_request':
      return readRequest(span, facts);
    case 'tool':
      return readTool(span, facts);
    case 'tool.execution':
      return { ...facts, agentRun: null, reports: [readExecution(span, run)] };
    case 'tool.blocked_on_user':
      return { ...facts, agentRun: null, reports: readBlocked(span, run) };
    default:
      return { ...facts, agentRun: null };
  }
}

function readInteraction(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const prompt = asText(span.attributes.get('user_prompt'));
  return {
    ...facts,
    role: 'agent',
    title: MAIN_AGENT,
    agentRun: null,
    agent: MAIN_AGENT,
    failure: baseFacts(CLAUDE, span).failure,
    input: { userText: spokenText(prompt), isResume: false },
    io: { input: () => toContent(prompt), output: () => toContent(null) },
  };
}

function readRequest(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const { attributes } = span;
  const failed = asBoolean(attributes.get('success')) === false;
  const message = firstText(attributes, ['error', 'error.message']);
  const stated = baseFacts(CLAUDE, span).failure;
  const failure = failed
    ? {
        message: message ?? stated?.message ?? 'failed without a message',
        errorType: firstText(attributes, ['error.type', 'status_code']),
        stack: null,
      }
    : stated;
  return {
    ...facts,
    role: 'model',
    failure,
    parentAgent: facts.agentRun === null ? MAIN_AGENT : null,
    model: {
      ...baseModel(span),
      usage: readLoggedUsage(attributes) ?? baseModel(span).usage,
      responseId: firstText(attributes, ['gen_ai.response.id', 'request_id']),
      finishReason: asText(attributes.get('stop_reason')),
      parameters: () => toPlainFields(attributes, 'gen_ai.request.'),
    },
  };
}

function readTool(span: SpanRecord, facts: SpanFacts): SpanFacts {
  const { attributes } = span;
  const name = firstText(attributes, ['tool_name', 'gen_ai.tool.name']) ?? 'tool';
  const tool: ToolFacts = {
    name,
    callId: firstText(attributes, ['tool_use_id', 'gen_ai.tool.call.id']),
    args: structureOf(attributes, 'tool_input') ?? structureOf(attributes, 'gen_ai.tool.call.arguments'),
    result: readOutput(span),
    description: null,
    handoffTo: null,
    launches: asText(attributes.get('subagent_type')),
  };
  return { ...facts, role: 'tool', title: name, tool, failure: baseFacts(CLAUDE, span).failure };
}

function readOutput(span: SpanRecord): unknown {
  const output = span.events.find((event) => event.name === 'tool.output');
  if (output === undefined) return structureOf(span.attributes, 'gen_ai.tool.call.result');
  return (
    structureOf(output.attributes, 'output') ??
    structureOf(output.attributes, 'content') ??
    toPlainFields(output.attributes)
  );
}

/** The execution inside a tool span states the failure that the tool span keeps silent about. */
function readExecution(span: SpanRecord, run: string | null): ToolReport {
  const { attributes } = span;
  const failed = span.statusCode === 2 || asBoolean(attributes.get('success')) === false;
  const stated = baseFacts(CLAUDE, span).failure;
  const message = firstText(attributes, ['error', 'error.message']) ?? stated?.message ?? 'the tool failed';
  return {
    kind: 'tool',
    callId: firstText(attributes, ['tool_use_id', 'gen_ai.tool.call.id']),
    name: asText(attributes.get('tool_name')),
    args: undefined,
    result: undefined,
    failure: failed ? { message, errorType: firstText(attributes, ['error_class', 'error.type']), stack: null } : null,
    ended: false,
    durationNs: null,
    agentRun: run,
  };
}

function readBlocked(span: SpanRecord, run: string | null): Report[] {
  const decision = readVerdict(asText(span.attributes.get('decision')));
  const source = asText(span.attributes.get('source'));
  const by = decidedBy(source);
  const reports: Report[] = [];
  if (decision === null || by === 'human') reports.push({ kind: 'wait', callId: null });
  if (decision !== null) {
    const report: DecisionReport = {
      kind: 'decision',
      callId: null,
      tool: null,
      decision,
      by,
      note: source,
      agentRun: run,
    };
    reports.push(report);
  }
  return reports;
}
