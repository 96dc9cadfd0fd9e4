import type { DecisionFacts, InterruptFacts } from '../../facts.ts';
import { asBoolean, asFields, asText, firstField, type Fields } from '../../reading/coerce.ts';
import { baseDecision, baseInterrupt, toolInterrupt } from '../../reading/span-defaults.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';

/*
 * Mastra ends a run OK with `status: "suspended"` when it waits for a person, and starts a new one with
 * `mastra.metadata.resumed` for the answer.
 */

/** True for an output that says the run or tool waits. */
export function isSuspended(output: unknown): boolean {
  return asText(asFields(output)?.['status']) === 'suspended';
}

/** The tool call an agent was suspended on. */
export function readSuspendedCall(output: unknown): InterruptFacts[] {
  const fields = asFields(output);
  if (fields === null || !isSuspended(fields)) return [];
  const tool = asText(fields['toolName']);
  const payload = asFields(fields['suspendPayload']) ?? asFields(fields['payload']);
  const question = firstField(payload, ['question', 'message', 'reason', 'description']);
  const args = fields['args'] ?? payload ?? {};
  if (tool === null) return [{ ...baseInterrupt('input'), args, question }];
  return [{ ...toolInterrupt(tool, asText(fields['toolCallId']), args), question }];
}

/** The step a workflow waits in; the workflow itself only counts where no step tells. */
export function readStepInterrupts(span: SpanRecord, name: string, output: unknown, weak: boolean): InterruptFacts[] {
  if (weak && !isSuspended(output)) return [];
  const payload = asFields(asFields(output)?.['suspendPayload']) ?? asFields(output);
  const question = firstField(payload, ['question', 'message', 'reason', 'description', 'prompt']);
  const action = weak ? (suspendedStep(output) ?? name) : name;
  return [{ ...baseInterrupt(action), args: payload ?? {}, question, keys: runKeys(span), weak }];
}

function suspendedStep(output: unknown): string | null {
  const path = asFields(output)?.['suspended'];
  const last: unknown = Array.isArray(path) ? path.flat(3).at(-1) : null;
  return asText(last);
}

function runKeys(span: SpanRecord): string[] {
  const run =
    asText(span.attributes.get('mastra.metadata.runId')) ?? asText(span.attributes.get('mastra.workflow_run.runId'));
  const keys = [`mastra:span:${span.spanId}`];
  return run === null ? keys : [`mastra:run:${run}`, ...keys];
}

/** The answer in the input of a resumed run: `{approved, toolCallId}` for a tool, free data for a workflow. */
export function readResumeDecisions(span: SpanRecord, input: unknown, isAgent: boolean): DecisionFacts[] {
  const fields = asFields(input) ?? {};
  const callId = asText(fields['toolCallId']);
  const keys = callId === null ? resumeKeys(span) : [];
  if (isAgent && callId === null && keys.length === 0) return [];
  const answer = asFields(fields['resumeData']) ?? fields;
  const decision = verdictOf(answer);
  return [baseDecision({ decision, by: 'human', answer, callId, keys, action: asText(fields['toolName']) })];
}

function verdictOf(answer: Fields): DecisionFacts['decision'] {
  const approved = asBoolean(answer['approved'] ?? answer['approve'] ?? answer['confirmed']);
  if (approved === null) return 'respond';
  return approved ? 'approve' : 'reject';
}

function resumeKeys(span: SpanRecord): string[] {
  const from = asText(span.attributes.get('mastra.metadata.resumedFromSpanId'));
  const run = asText(span.attributes.get('mastra.metadata.runId'));
  const keys = run === null ? [] : [`mastra:run:${run}`];
  return from === null ? keys : [...keys, `mastra:span:${from}`];
}
