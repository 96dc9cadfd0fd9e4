import type { Attributes } from '../../telemetry/attributes.ts';
import type { DecisionFacts, InterruptFacts } from '../facts.ts';
import {
  asBoolean,
  asFields,
  asList,
  asStructure,
  asText,
  canonicalJson,
  firstField,
  firstText,
  type Fields,
} from './coerce.ts';
import type { Trouble } from './failure.ts';
import { readPythonLiteral } from './python-literal.ts';
import { approvalTerms, NO_TERMS } from './span-defaults.ts';

/** LangGraph's control-flow exceptions; none of them is a failure. */
const CONTROL_FLOW = /\b(GraphInterrupt|NodeInterrupt|GraphBubbleUp|ParentCommand)\b/;

/** Keys of a graph run where only association properties or metadata name its thread and node run. */
export function threadKeys(attributes: Attributes): string[] {
  const prefixes = ['traceloop.association.properties.', 'langsmith.metadata.'];
  const find = (names: readonly string[]): string | null =>
    firstText(
      attributes,
      prefixes.flatMap((prefix) => names.map((name) => prefix + name)),
    );
  const namespace = find(['langgraph_checkpoint_ns', 'checkpoint_ns']);
  const thread = find(['thread_id', 'session_id']);
  const keys = namespace === null ? [] : [`langgraph:${namespace}`];
  return thread === null ? keys : [...keys, `langgraph-thread:${thread}`];
}

/** True when the exception only says that the graph stopped to ask or to jump. */
export function isControlFlow(trouble: Trouble): boolean {
  return CONTROL_FLOW.test(trouble.errorType ?? '') || CONTROL_FLOW.test(trouble.message);
}

/** Interrupts in an exception message: JSON `[{id, value}]` in JavaScript, `(Interrupt(value=…, id=…),)` in Python. */
export function readInterrupts(trouble: Trouble, keys: string[]): InterruptFacts[] {
  if (!/\b(GraphInterrupt|NodeInterrupt)\b/.test(`${trouble.errorType ?? ''} ${trouble.message}`)) return [];
  const stated = asList(parseLeadingArray(trouble.message));
  const list = stated.length > 0 ? stated : pythonInterrupts(trouble.message);
  if (list.length > 0) return list.flatMap((entry) => readInterrupt(entry, keys));
  return [unreadInterrupt(trouble.message, keys)];
}

/** Interrupts of a state's `__interrupt__` entry: what OpenInference Python leaves when it ends the span OK. */
export function readStateInterrupts(state: unknown, keys: string[]): InterruptFacts[] {
  const entries = asList(asFields(state)?.['__interrupt__']);
  return entries.flatMap((entry) => readInterrupt(entry, keys)).map((interrupt) => ({ ...interrupt, weak: true }));
}

/** The message repeats the payload after a blank line, so only its first complete array is taken. */
function parseLeadingArray(message: string): unknown {
  const text = message.trimStart();
  if (!text.startsWith('[')) return null;
  const whole = asStructure(text);
  if (Array.isArray(whole)) return whole;
  const end = text.indexOf('\n]');
  return end < 0 ? null : asStructure(text.slice(0, end + 2));
}

function readInterrupt(entry: unknown, keys: string[]): InterruptFacts[] {
  const fields = asFields(entry);
  const id = asText(fields?.['id']) ?? asText(fields?.['interrupt_id']);
  const value = fields !== null && 'value' in fields ? fields['value'] : entry;
  const payload = asFields(asStructure(value));
  const requests = asList(payload?.['actionRequests'] ?? payload?.['action_requests']);
  if (payload !== null && requests.length > 0) return readHumanInTheLoop(id, payload, requests, keys);
  return [readFreeForm(id, value, payload, keys)];
}

function readHumanInTheLoop(id: string | null, payload: Fields, requests: unknown[], keys: string[]): InterruptFacts[] {
  const configs = asList(payload['reviewConfigs'] ?? payload['review_configs']).map(asFields);
  return requests.map((request, at) => {
    const fields = asFields(request) ?? {};
    const action = asText(fields['name']) ?? asText(fields['action']) ?? 'unknown';
    const config = configs.find((candidate) => (candidate?.['actionName'] ?? candidate?.['action_name']) === action);
    const allowed = asList(config?.['allowedDecisions'] ?? config?.['allowed_decisions']);
    const own = requests.length > 1 && id !== null ? `${id}#${at}` : id;
    return {
      id: own,
      action,
      args: fields['args'] ?? fields['arguments'] ?? {},
      question: asText(fields['description']),
      allowedDecisions: allowed.map(asText).filter((text): text is string => text !== null),
      terms: approvalTerms(payload),
      isTool: true,
      callId: null,
      atNs: null,
      keys: withId(keys, own),
      weak: false,
    };
  });
}

/** A runtime that is asked for its open questions names them by the same id. */
function withId(keys: string[], id: string | null): string[] {
  return id === null ? keys : [...keys, `interrupt:${id}`];
}

function readFreeForm(id: string | null, value: unknown, payload: Fields | null, keys: string[]): InterruptFacts {
  const request = asFields(payload?.['action_request']) ?? payload;
  const action = firstField(request, ['action', 'name', 'tool']);
  const question = firstField(payload, ['question', 'description', 'message']);
  return {
    id,
    action: action ?? 'input',
    args: request?.['args'] ?? request?.['arguments'] ?? value,
    question: question ?? (typeof value === 'string' ? value : null),
    allowedDecisions: [],
    terms: approvalTerms(payload),
    isTool: false,
    callId: null,
    atNs: null,
    keys: withId(keys, id),
    weak: false,
  };
}

const PYTHON_INTERRUPT = 'Interrupt(value=';

/** What Python's reprs of interrupts hold; empty when a value is an object of a class, whose repr is no literal. */
function pythonInterrupts(message: string): Fields[] {
  const found: Fields[] = [];
  let at = message.indexOf(PYTHON_INTERRUPT);
  while (at >= 0) {
    const literal = readPythonLiteral(message, at + PYTHON_INTERRUPT.length);
    if (literal === null) return [];
    at = message.indexOf(PYTHON_INTERRUPT, literal.end);
    const rest = message.slice(literal.end, at < 0 ? undefined : at);
    found.push({ id: /\bid=['"]([^'"]+)['"]/.exec(rest)?.[1] ?? null, value: literal.value });
  }
  return found;
}

function unreadInterrupt(message: string, keys: string[]): InterruptFacts {
  const id = /\bid='([^']+)'/.exec(message)?.[1] ?? null;
  const action = /'action':\s*'([^']+)'/.exec(message)?.[1] ?? null;
  const question = /'question':\s*'([^']+)'/.exec(message)?.[1] ?? /value='([^']+)'/.exec(message)?.[1] ?? null;
  return {
    id,
    action: action ?? 'input',
    args: message,
    question,
    allowedDecisions: [],
    terms: NO_TERMS,
    isTool: false,
    callId: null,
    atNs: null,
    keys: withId(keys, id),
    weak: false,
  };
}

/** The payload of `Command(resume=…)` in a root's input; undefined when the input is none. */
export function readResume(input: unknown): unknown {
  const command = asFields(input);
  if (command === null) return undefined;
  if (command['lg_name'] !== 'Command' && !('resume' in command && !('messages' in command))) return undefined;
  return command['resume'] ?? undefined;
}

/** Interrupts have 32 hex digits for an id: what a resume is keyed by when it answers several at once. */
const INTERRUPT_ID = /^[0-9a-f]{32}$/;

/** Decisions in a resume payload: one, one for each reviewed action, or those of every interrupt it answers by id. */
export function readResumeDecisions(resume: unknown): DecisionFacts[] {
  const answers = Object.entries(asFields(resume) ?? {});
  if (answers.length === 0 || !answers.every(([id]) => INTERRUPT_ID.test(id))) return readAnswer(resume);
  return answers.flatMap(([id, answer]) => {
    const decisions = readAnswer(answer);
    return decisions.map((decision, at) => {
      const own = decisions.length > 1 ? `${id}#${at}` : id;
      return { ...decision, discriminator: own, keys: [`interrupt:${own}`] };
    });
  });
}

function readAnswer(resume: unknown): DecisionFacts[] {
  const decisions = asList(asFields(resume)?.['decisions']);
  const answers = decisions.length > 0 ? decisions : [resume];
  return answers.map((answer, at) => ({
    decision: verdict(answer),
    by: 'human',
    answer,
    callId: null,
    discriminator: String(at),
    keys: [],
    atNs: null,
    who: null,
    action: null,
  }));
}

const WORDS: [RegExp, DecisionFacts['decision']][] = [
  [/^(approved?|accept(ed)?|yes|y|ok|allow(ed)?|true)$/i, 'approve'],
  [/^(reject(ed)?|den(y|ied)|decline[d]?|no|n|ignore|abort|false)$/i, 'reject'],
  [/^(edit(ed)?|modif(y|ied))$/i, 'edit'],
  [/^(respon(d|se)|answer)$/i, 'respond'],
];

function verdict(answer: unknown): DecisionFacts['decision'] {
  const direct = word(answer);
  if (direct !== null) return direct;
  const fields = asFields(Array.isArray(answer) ? answer[0] : answer);
  if (fields === null) return typeof answer === 'string' ? 'respond' : 'unknown';
  const approved = asBoolean(fields['approved'] ?? fields['approve'] ?? fields['accepted']);
  if (approved !== null) return approved ? 'approve' : 'reject';
  for (const key of ['type', 'decision', 'action', 'status']) {
    const found = word(fields[key]);
    if (found !== null) return found;
  }
  return canonicalJson(fields) === '{}' ? 'unknown' : 'respond';
}

function word(value: unknown): DecisionFacts['decision'] | null {
  const text = asText(value)?.trim();
  if (text === undefined) return null;
  return WORDS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
