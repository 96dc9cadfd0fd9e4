import type { Decision } from '@signalbox/event-model';
import { asFields, asList, asStructure, asText, type Fields } from '../../../mapping/reading/coerce.ts';

/** How an agent wants to be answered; told from what it asked. */
export type AnswerShape =
  /** LangChain's human-in-the-loop middleware: one decision for each action, all together. */
  | { kind: 'review'; spelling: 'camel' | 'snake'; actions: { name: string; args: unknown }[] }
  /** Agent inbox: a list with one response. */
  | { kind: 'inbox'; action: string }
  /** Anything else: `{approved, reason}`, or a person's own JSON. */
  | { kind: 'plain' };

/** One thing to decide about; an interrupt may ask several at once. */
export interface Question {
  /** The interrupt's id, with `#<n>` where it asks several. */
  externalId: string;
  interruptId: string;
  /** Place among the questions of the interrupt. */
  at: number;
  action: string;
  args: unknown;
  question: string | null;
  reason: string | null;
  risk: string | null;
  /** What the action reaches, and whether it can be undone, where the agent says so. */
  affects: string | null;
  reversible: boolean | null;
  allowedDecisions: Decision[];
}

/** An interrupt read. */
export interface Pause {
  interruptId: string;
  shape: AnswerShape;
  questions: Question[];
}

const EVERYTHING: Decision[] = ['approve', 'reject', 'edit', 'respond'];

/** Reads what an interrupt asks. Nothing is too odd to be shown: what has no known shape is asked as it is. */
export function readPause(interruptId: string, value: unknown): Pause {
  const payload = asFields(asStructure(Array.isArray(value) && value.length === 1 ? value[0] : value));
  return (
    readReview(interruptId, payload) ??
    readInbox(interruptId, payload) ?? {
      interruptId,
      shape: { kind: 'plain' },
      questions: [plainQuestion(interruptId, payload, value)],
    }
  );
}

function readReview(interruptId: string, payload: Fields | null): Pause | null {
  const camel = asList(payload?.['actionRequests']);
  const requests = camel.length > 0 ? camel : asList(payload?.['action_requests']);
  if (requests.length === 0) return null;
  const configs = asList(payload?.['reviewConfigs'] ?? payload?.['review_configs']).map(asFields);
  const actions = requests.map((request) => {
    const fields = asFields(request) ?? {};
    return { name: asText(fields['name']) ?? 'unknown', args: fields['args'] ?? fields['arguments'] ?? {} };
  });
  const questions = actions.map(({ name, args }, at) => {
    const config = configs.find((each) => (each?.['actionName'] ?? each?.['action_name']) === name) ?? configs[at];
    const allowed = asList(config?.['allowedDecisions'] ?? config?.['allowed_decisions']).map(asText);
    const decisions = EVERYTHING.filter((decision) => allowed.includes(decision));
    return {
      ...termsOf(asFields(requests[at])),
      externalId: actions.length > 1 ? `${interruptId}#${at}` : interruptId,
      interruptId,
      at,
      action: name,
      args,
      question: asText(asFields(requests[at])?.['description']),
      allowedDecisions: decisions.length > 0 ? decisions : (['approve', 'reject'] as Decision[]),
    };
  });
  return { interruptId, shape: { kind: 'review', spelling: camel.length > 0 ? 'camel' : 'snake', actions }, questions };
}

function readInbox(interruptId: string, payload: Fields | null): Pause | null {
  const request = asFields(payload?.['action_request']);
  if (request === null) return null;
  const config = asFields(payload?.['config']) ?? {};
  const action = asText(request['action']) ?? 'unknown';
  const offers: [string, Decision][] = [
    ['allow_accept', 'approve'],
    ['allow_ignore', 'reject'],
    ['allow_edit', 'edit'],
    ['allow_respond', 'respond'],
  ];
  const offered = offers.filter(([key]) => config[key] === true).map(([, decision]) => decision);
  const question: Question = {
    ...termsOf(payload),
    externalId: interruptId,
    interruptId,
    at: 0,
    action,
    args: request['args'] ?? {},
    question: asText(payload?.['description']),
    allowedDecisions: offered.length > 0 ? offered : ['approve', 'reject'],
  };
  return { interruptId, shape: { kind: 'inbox', action }, questions: [question] };
}

function plainQuestion(interruptId: string, payload: Fields | null, value: unknown): Question {
  const text = (...names: string[]): string | null =>
    names.map((name) => asText(payload?.[name])).find((found) => found !== null) ?? null;
  const action = text('action', 'name', 'tool');
  const asks = payload?.['responseSchema'] !== undefined || (action === null && payload === null);
  return {
    ...termsOf(payload),
    externalId: interruptId,
    interruptId,
    at: 0,
    action: action ?? 'input',
    args: payload?.['args'] ?? payload?.['arguments'] ?? value,
    question: text('question', 'description', 'message') ?? (typeof value === 'string' ? value : null),
    allowedDecisions: asks ? ['respond', 'reject'] : EVERYTHING,
  };
}

/** What an agent may say of an action beside what it is. */
export function termsOf(payload: Fields | null): Pick<Question, 'reason' | 'risk' | 'affects' | 'reversible'> {
  const reversible = payload?.['reversible'];
  return {
    reason: asText(payload?.['reason']),
    risk: asText(payload?.['risk']),
    affects: asText(payload?.['affects']),
    reversible: typeof reversible === 'boolean' ? reversible : null,
  };
}

/** What people are shown of a question. */
export function shownOf(question: Question): Omit<Question, 'externalId' | 'interruptId' | 'at'> {
  const { action, args, question: text, reason, risk, affects, reversible, allowedDecisions } = question;
  return { action, args, question: text, reason, risk, affects, reversible, allowedDecisions };
}
