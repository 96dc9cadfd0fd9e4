import type { Decision } from '@signalbox/event-model';
import { asFields, asList, asStructure, asText, firstField, type Fields } from '../../../mapping/reading/coerce.ts';
import { readPause as readGraphPause, termsOf, type AnswerShape, type Question } from '../langgraph/questions.ts';
import type { ToolCall } from './conversation.ts';
import type { ProtocolEvent } from './protocol-events.ts';
import { faultBySchema, membersOf } from './response-schema.ts';
import { StreamFault } from './sse-reader.ts';

/** How an interrupt wants to be answered. */
export type PauseShape =
  /** The protocol's own: `{approved, …}`, or what the schema says. `editKey` is null where edits are not taken. */
  { kind: 'ag-ui'; schema: Fields | null; editKey: string | null } | AnswerShape;

/** One interrupt and what it asks people. */
export interface Pause {
  interruptId: string;
  /** False for one of an older adapter that named none: it is answered by the next run of its thread. */
  hasId: boolean;
  shape: PauseShape;
  questions: Question[];
  expiresAt: string | null;
  /** What an older adapter said; null where the outcome told. */
  asked: unknown;
}

const EDITS = ['editedArgs', 'args'];
const SAID_WITH_APPROVAL = ['approved', 'reason', ...EDITS];

/** Interrupts a run ended with: in the outcome, else what older adapters said before a plain end. */
export function readPauses(
  finish: ProtocolEvent,
  customs: readonly ProtocolEvent[],
  calls: readonly ToolCall[],
): Pause[] {
  const outcome = asFields(finish['outcome']);
  const pauses =
    outcome?.['type'] === 'interrupt'
      ? asList(outcome['interrupts']).flatMap((each) => readInterrupt(asFields(each) ?? {}, calls))
      : readCustoms(customs.map((event) => asStructure(event['value'])));
  const ids = pauses.map(({ interruptId }) => interruptId);
  if (new Set(ids).size < ids.length) throw new StreamFault('two of its interrupts have the same id');
  if (!ids.every(isStorable)) throw new StreamFault('the id of an interrupt is too long or holds control characters');
  return pauses;
}

/** Ids are kept as they are: the agent is answered by them. */
function isStorable(id: string): boolean {
  return id.length <= 256 && id.isWellFormed() && !/\p{Cc}/u.test(id);
}

function readInterrupt(fields: Fields, calls: readonly ToolCall[]): Pause[] {
  const id = asText(fields['id']);
  if (id === null) return [];
  const metadata = asFields(fields['metadata']) ?? {};
  const expiresAt = asText(fields['expiresAt']);
  const graph = readGraphPause(id, asFields(metadata['langgraph'])?.['raw']);
  // A graph's own middleware keeps to its own form of answers, whatever carries them.
  if (graph.shape.kind !== 'plain') return [{ interruptId: id, hasId: true, ...pick(graph), expiresAt, asked: null }];
  const call = calls.findLast((each) => each.id === asText(fields['toolCallId']));
  const schema = asFields(fields['responseSchema']);
  const editKey = editKeyOf(schema, metadata, call);
  const question: Question = {
    externalId: id,
    interruptId: id,
    at: 0,
    action: call?.name ?? firstField(metadata, ['action', 'tool', 'name']) ?? asText(fields['reason']) ?? 'input',
    args: argumentsOf(call) ?? metadata['args'] ?? shownOf(metadata, schema),
    question: asText(fields['message']),
    ...termsOf(metadata),
    reason: asText(metadata['reason']) ?? asText(fields['reason']),
    allowedDecisions: decisionsOf({ schema, editKey, metadata, reason: asText(fields['reason']) }),
  };
  const shape = { kind: 'ag-ui', schema, editKey } as const;
  return [{ interruptId: id, hasId: true, shape, questions: [question], expiresAt, asked: null }];
}

/** The form of the answer is shown with the question: nobody could give it otherwise. */
function shownOf(metadata: Fields, schema: Fields | null): Fields {
  return schema === null ? metadata : { ...metadata, responseSchema: schema };
}

function argumentsOf(call: ToolCall | undefined): unknown {
  return call === undefined || call.args === '' ? undefined : asStructure(call.args);
}

/** Edits change arguments, so there must be some; and the agent must have said that it takes them. */
function editKeyOf(schema: Fields | null, metadata: Fields, call: ToolCall | undefined): string | null {
  if (call === undefined && metadata['args'] === undefined) return null;
  const bySchema = EDITS.find((key) => membersOf(schema).includes(key));
  if (bySchema !== undefined) return bySchema;
  const isTaken = metadata['approveWithEdits'] === true || statedDecisions(metadata).includes('edit');
  return schema === null && isTaken ? 'editedArgs' : null;
}

function statedDecisions(metadata: Fields): (string | null)[] {
  return asList(metadata['allowedDecisions'] ?? metadata['allowed_decisions']).map(asText);
}

interface Offer {
  schema: Fields | null;
  editKey: string | null;
  metadata: Fields;
  reason: string | null;
}

function decisionsOf({ schema, editKey, metadata, reason }: Offer): Decision[] {
  const stated = statedDecisions(metadata);
  const isInput = schema === null && reason === 'input_required';
  const members = membersOf(schema);
  const offers: Record<Decision, boolean> = {
    approve: !isInput && faultBySchema(schema, { approved: true }) === null && isApproval(schema),
    reject: true,
    edit: editKey !== null,
    respond:
      isInput ||
      !isApproval(schema) ||
      members.some((key) => !SAID_WITH_APPROVAL.includes(key)) ||
      isOpen(schema, reason),
  };
  const all: Decision[] = ['approve', 'reject', 'edit', 'respond'];
  return all.filter((decision) => offers[decision] && (stated.length === 0 || stated.includes(decision)));
}

function isApproval(schema: Fields | null): boolean {
  return schema === null || membersOf(schema).includes('approved');
}

/** A reason of the agent's own without a schema: nobody knows what it waits for. */
function isOpen(schema: Fields | null, reason: string | null): boolean {
  return schema === null && reason !== 'tool_call' && reason !== 'confirmation';
}

/** LangGraph's adapters, unless told to use the protocol's form; most name no id. */
function readCustoms(values: readonly unknown[]): Pause[] {
  const listed = values.flatMap((value): unknown[] => {
    const isList = asFields(asList(value)[0])?.['value'] !== undefined;
    return isList ? asList(value) : [value];
  });
  const known = listed.flatMap((value): Pause[] => {
    const fields = asFields(value);
    const id = asText(fields?.['id']) ?? asText(fields?.['interrupt_id']);
    if (fields === null || id === null) return [];
    const asked = fields['value'] ?? fields;
    return [{ interruptId: id, hasId: true, ...pick(readGraphPause(id, asked)), expiresAt: null, asked }];
  });
  if (known.length === listed.length) return known;
  // Those without an id cannot be told apart by any answer: they are one question.
  const [first, ...others] = listed;
  const asked = others.length === 0 ? first : listed;
  const pause = readGraphPause('interrupt', asked);
  return [{ interruptId: 'interrupt', hasId: false, ...pick(pause), expiresAt: null, asked }];
}

function pick({ shape, questions }: { shape: AnswerShape; questions: Question[] }): Pick<Pause, 'shape' | 'questions'> {
  return { shape, questions };
}
