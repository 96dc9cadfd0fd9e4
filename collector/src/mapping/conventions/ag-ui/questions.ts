import type { DecisionFacts, InterruptFacts } from '../../facts.ts';
import { asFields, asList, asStructure, asText, firstField, type Fields } from '../../reading/coerce.ts';
import { readResumeDecisions, readStateInterrupts } from '../../reading/graph-interrupts.ts';
import { approvalTerms, baseDecision, baseInterrupt } from '../../reading/span-defaults.ts';
import { resumesOf } from './ag-ui.ts';
import type { StreamEvent, StreamRun } from './stream-runs.ts';
import { argumentsOf, type ToolStory } from './tools.ts';

/** What a run asks of people, and the tool call it is about where it says so. */
export interface Question {
  interrupt: InterruptFacts;
  callId: string | null;
}

/** Interrupts a run ended with: in its outcome, else as the custom event of older adapters. */
export function collectQuestions(run: StreamRun, calls: readonly ToolStory[]): Question[] {
  const asked = run.events.flatMap((event) => outcomeQuestions(run, event, calls));
  return asked.length > 0 ? asked : run.events.flatMap((event) => customQuestions(run, event));
}

function outcomeQuestions(run: StreamRun, event: StreamEvent, calls: readonly ToolStory[]): Question[] {
  if (event.type !== 'RUN_FINISHED') return [];
  // Drafts of the protocol had one interrupt, beside the outcome.
  const stated = asFields(event.event['outcome'])?.['interrupts'] ?? [event.event['interrupt']];
  return asList(stated).flatMap((each) => {
    const fields = asFields(each);
    return fields === null ? [] : [toQuestion(run, event, { fields, calls })];
  });
}

function toQuestion(
  run: StreamRun,
  event: StreamEvent,
  { fields, calls }: { fields: Fields; calls: readonly ToolStory[] },
): Question {
  const id = asText(fields['id']);
  const callId = asText(fields['toolCallId']);
  const call = calls.find((each) => each.callId === callId);
  const metadata = asFields(fields['metadata']) ?? {};
  const keys = id === null ? keysOf(run, null) : [interruptKey(run, id)];
  return {
    callId,
    interrupt: {
      ...baseInterrupt(actionOf(fields, metadata, call)),
      id,
      args: (call === undefined ? undefined : argumentsOf(call)) ?? metadata['args'] ?? metadata,
      question: asText(fields['message']),
      allowedDecisions: allowedIn(metadata),
      terms: approvalTerms({ ...metadata, expiresAt: fields['expiresAt'] ?? metadata['expiresAt'] }),
      isTool: call !== undefined,
      callId,
      atNs: event.atNs,
      keys: callId === null ? keys : [`call:${callId}`, ...keys],
    },
  };
}

function actionOf(fields: Fields, metadata: Fields, call: ToolStory | undefined): string {
  return call?.name ?? firstField(metadata, ['action', 'tool', 'name']) ?? asText(fields['reason']) ?? 'input';
}

function allowedIn(metadata: Fields): string[] {
  const allowed = asList(metadata['allowedDecisions'] ?? metadata['allowed_decisions']);
  return allowed.map(asText).filter((text): text is string => text !== null);
}

/** LangGraph's adapters say `on_interrupt` unless told to use the protocol's own form. */
function customQuestions(run: StreamRun, event: StreamEvent): Question[] {
  if (event.type !== 'CUSTOM' || asText(event.event['name']) !== 'on_interrupt') return [];
  const value = asStructure(event.event['value']);
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  return readStateInterrupts({ __interrupt__: list }, []).map((interrupt) => ({
    callId: null,
    interrupt: { ...interrupt, weak: false, atNs: event.atNs, keys: keysOf(run, interrupt.id) },
  }));
}

/** An interrupt is answered by its id; one without is answered by the next run of its thread. */
function keysOf({ threadId }: Pick<StreamRun, 'threadId'>, id: string | null): string[] {
  const keys = id === null ? [] : [interruptKey({ threadId }, id)];
  return threadId === null ? keys : [...keys, `ag-ui:thread:${threadId}`];
}

/** Agents may number their interrupts: an id is the same question only within its thread. */
export function interruptKey({ threadId }: { threadId: string | null }, id: string): string {
  return threadId === null ? `ag-ui:interrupt:${id}` : `ag-ui:interrupt:${threadId}:${id}`;
}

/** Answers a run was begun with. */
export function collectAnswers(run: StreamRun): DecisionFacts[] {
  return run.events.flatMap((event) => {
    if (event.type !== 'RUN_STARTED') return [];
    const { listed, command } = resumesOf(event.event);
    const answers = asList(listed).flatMap((each) => toAnswer(run, event, asFields(each)));
    if (answers.length > 0 || command === undefined || command === null) return answers;
    const keys = keysOf(run, null);
    return readResumeDecisions(asStructure(command)).map((decision) => ({ ...decision, atNs: event.atNs, keys }));
  });
}

/** A run that ended in an error after it had asked was given up: nobody can answer any more, which is a "no". */
export function collectRefusals(run: StreamRun, questions: readonly Question[]): DecisionFacts[] {
  const asked = run.events.findLastIndex(({ type }) => type === 'RUN_FINISHED');
  const end = run.events.find(({ type }, at) => type === 'RUN_ERROR' && asked >= 0 && at > asked);
  if (end === undefined) return [];
  return questions.map(({ callId, interrupt: { id, keys, action } }) =>
    baseDecision({
      decision: 'reject',
      by: 'automatic',
      callId,
      discriminator: `end ${id ?? ''}`,
      keys,
      atNs: end.atNs,
      action,
    }),
  );
}

function toAnswer(run: StreamRun, event: StreamEvent, fields: Fields | null): DecisionFacts[] {
  const id = asText(fields?.['interruptId']);
  if (fields === null || id === null) return [];
  const payload = asStructure(fields['payload']);
  return [
    baseDecision({
      decision: verdictOf(fields, payload),
      by: 'human',
      answer: payload ?? null,
      discriminator: id,
      keys: [interruptKey(run, id)],
      atNs: event.atNs,
      who: firstField(asFields(fields['metadata']), ['by', 'user', 'decidedBy']),
    }),
  ];
}

function verdictOf(fields: Fields, payload: unknown): DecisionFacts['decision'] {
  if (asText(fields['status']) === 'cancelled') return 'reject';
  const said = readResumeDecisions(payload)[0]?.decision ?? 'unknown';
  const changed = asFields(payload);
  const isEdited = changed?.['editedArgs'] !== undefined || changed?.['args'] !== undefined;
  return said === 'approve' && isEdited ? 'edit' : said;
}
