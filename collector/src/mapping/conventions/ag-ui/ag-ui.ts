import type { LogRecord } from '../../../telemetry/records.ts';
import type { Convention, LogFacts } from '../../facts.ts';
import { asFields, asNumber, asText, toPlain, type Fields } from '../../reading/coerce.ts';
import { baseLogFacts } from '../../reading/span-defaults.ts';
import { readUserText } from '../../reading/user-text.ts';
import type { Report, StreamReport } from '../../reports.ts';
import { signalbox } from '../signalbox/signalbox.ts';

const AG_UI = 'ag-ui';
const EVENT = /^ag-ui\.(\w+)$/;
const BUS_SCOPE = 'signalbox.bus';

/**
 * AG-UI: agents that stream their run as events instead of spans, as log records `ag-ui.<TYPE>` whose body is the
 * event (docs/bus.md). Events of the own vocabulary that came the same way are read as such, and place their agent.
 */
export const agUi: Convention = {
  name: AG_UI,
  claimsSpan: () => false,
  logFacts: readLog,
};

function readLog(log: LogRecord): LogFacts | null {
  const type = EVENT.exec(log.eventName)?.[1];
  if (type === undefined) return log.scope.name === BUS_SCOPE ? readOwn(log) : null;
  const event = asFields(toPlain(log.body)) ?? {};
  const report = toReport(log, type, event);
  return {
    ...baseLogFacts(AG_UI, log),
    session: report.threadId ?? baseLogFacts(AG_UI, log).session,
    userText: userTextOf(type, event),
    reports: [report],
    rank: report.order,
  };
}

function readOwn(log: LogRecord): LogFacts | null {
  const facts = signalbox.logFacts?.(log) ?? null;
  if (facts === null) return null;
  const report = toReport(log, 'CUSTOM', {});
  return { ...facts, reports: [...facts.reports.map(withoutEnvelope), report], rank: report.order };
}

/** How a record travelled is no part of what it says. */
function withoutEnvelope(report: Report): Report {
  if (report.kind !== 'record') return report;
  const said = Object.entries(report.fields).filter(([key]) => key !== 'workflow' && !key.startsWith('bus.'));
  return { ...report, fields: Object.fromEntries(said) };
}

function toReport(log: LogRecord, type: string, event: Fields): StreamReport {
  const read = (key: string): string | null => asText(log.attributes.get(key));
  const seq = asNumber(log.attributes.get('signalbox.bus.seq'));
  return {
    kind: 'stream',
    type,
    event,
    workflow: read('signalbox.workflow'),
    agent: read('gen_ai.agent.name') ?? 'agent',
    runId: read('ag-ui.run_id') ?? asText(event['runId']),
    threadId: read('ag-ui.thread_id') ?? asText(event['threadId']),
    order: seq ?? placeOf(read('signalbox.bus.id')),
    isNumbered: seq !== null,
  };
}

const EPOCH_MS = 1_500_000_000_000;
const PLACES_A_MS = 4096;

/** Place in a stream as one number: milliseconds, then the running number within them; negative when there is none. */
function placeOf(id: string | null): number {
  const [, ms, place] = /^(\d{1,15})-(?:\w+\.)?(\d{1,15})$/.exec(id ?? '') ?? [];
  if (ms === undefined || place === undefined) return -1;
  return (Number(ms) - EPOCH_MS) * PLACES_A_MS + Math.min(Number(place), PLACES_A_MS - 1);
}

/** What a run was begun with; a run begun with answers resumes an earlier one. */
function userTextOf(type: string, event: Fields): string | null {
  if (type === 'MESSAGES_SNAPSHOT') return readUserText(event);
  if (type !== 'RUN_STARTED' || isResumed(event)) return null;
  return readUserText(inputOf(event)) ?? readUserText({ messages: event['messages'] });
}

/** `RunAgentInput` a run was begun with; the event itself where its fields stand there. */
export function inputOf(event: Fields): Fields {
  return asFields(event['input']) ?? event;
}

/** Answers to interrupts that a run was begun with, in the forms of the protocol and of older adapters. */
export function resumesOf(event: Fields): { listed: unknown; command: unknown } {
  const input = inputOf(event);
  const command = asFields(asFields(input['forwardedProps'])?.['command']);
  return { listed: input['resume'] ?? event['resume'], command: command?.['resume'] };
}

function isResumed(event: Fields): boolean {
  const { listed, command } = resumesOf(event);
  return (Array.isArray(listed) && listed.length > 0) || (command !== undefined && command !== null);
}
