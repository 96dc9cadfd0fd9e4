import type { Attributes } from '../../../telemetry/attributes.ts';
import type { LogRecord, SpanRecord } from '../../../telemetry/records.ts';
import type { Convention, LogFacts } from '../../facts.ts';
import type { RecordReport } from '../../reports.ts';
import { asText, firstText, toPlainFields, type Fields } from '../../reading/coerce.ts';
import { baseLogFacts } from '../../reading/span-defaults.ts';

const OURS = /^signalbox\.[a-z]+\.[a-z_]+$/;

/**
 * Signalbox's own vocabulary (docs/vocabulary.md): what no convention can say yet, as log records by event name or
 * under the same names as span events.
 */
export const signalbox: Convention = {
  name: 'signalbox',
  claimsSpan: () => false,
  eventReports: readEvents,
  logFacts: readLog,
};

function readLog(log: LogRecord): LogFacts | null {
  const name = [log.eventName, asText(log.attributes.get('event.name'))].find((each) => OURS.test(each ?? ''));
  if (name === undefined || name === null) return null;
  const facts = baseLogFacts('signalbox', log);
  return { ...facts, reports: [toRecord(name, log.attributes, null)] };
}

function readEvents(span: SpanRecord): RecordReport[] {
  return span.events
    .filter((event) => OURS.test(event.name))
    .map((event) => toRecord(event.name, event.attributes, event.timeNs));
}

function toRecord(name: string, attributes: Attributes, atNs: bigint | null): RecordReport {
  const fields: Fields = toPlainFields(attributes, 'signalbox.');
  return {
    kind: 'record',
    name: name.slice('signalbox.'.length),
    fields,
    tool: asText(attributes.get('gen_ai.tool.name')),
    callId: asText(attributes.get('gen_ai.tool.call.id')),
    agent: firstText(attributes, ['gen_ai.agent.name']),
    atNs,
  };
}
