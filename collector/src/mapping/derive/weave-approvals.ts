import type { DecisionFacts, InterruptFacts } from '../facts.ts';
import { asBoolean, asList, asStructure, asText, canonicalJson } from '../reading/coerce.ts';
import { digest } from '../reading/identifiers.ts';
import { approvalTerms, baseDecision, baseInterrupt } from '../reading/span-defaults.ts';
import type { RecordReport } from '../reports.ts';
import { UNKNOWN_PARENT, type SpanEntry } from './span-view.ts';
import { ofKind, teller, type Told, type Weaving } from './told.ts';

/** Records in order of time; the same one sent as log record and span event counts once. */
export function distinctRecords(told: readonly Told[]): Told<RecordReport>[] {
  const seen = new Set<string>();
  return ofKind(told, 'record')
    .sort(byTime)
    .filter(({ report, atNs, entry, log }) => {
      const place = entry?.spanId ?? log?.spanId ?? '';
      const identity = `${report.name} ${place} ${atNs / 1_000_000n} ${canonicalJson(report.fields)}`;
      if (seen.has(identity)) return false;
      seen.add(identity);
      return true;
    });
}

function byTime(a: Told, b: Told): number {
  if (a.atNs !== b.atNs) return a.atNs < b.atNs ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** Requests and decisions of the own vocabulary become those of the span they were made in; they meet by their id. */
export function weaveApprovals(weaving: Weaving, records: readonly Told<RecordReport>[]): void {
  const seen = new Set<string>();
  for (const record of records) {
    const id = asText(record.report.fields['approval.id']);
    const isRequest = record.report.name === 'approval.requested';
    if (id === null || (!isRequest && record.report.name !== 'approval.decided')) continue;
    // Request or decision repeated for one id is one: the first that was made stands.
    if (seen.has(`${record.report.name} ${id}`)) continue;
    seen.add(`${record.report.name} ${id}`);
    const place = inferPlace(weaving, record);
    const facts = isRequest
      ? { interrupts: [toInterrupt(record, id, enclosingCall(weaving, place))] }
      : { decisions: [toDecision(record, id)] };
    weaving.put({ ...place, facts: { ...place.facts, ...facts } });
  }
}

/**
 * A span of its own inside the one the record was made in: a tool that asks before it goes on has not ended its
 * execution by asking.
 */
function inferPlace(weaving: Weaving, record: Told<RecordReport>): SpanEntry {
  const { facts, ...source } = teller(record);
  return {
    ...source,
    spanId: digest('record', record.key).slice(0, 16),
    parentSpanId: record.entry?.spanId ?? record.log?.spanId ?? UNKNOWN_PARENT,
    pending: false,
    inferred: true,
    startNs: record.atNs,
    endNs: record.atNs,
    facts: { ...facts, agent: record.report.agent ?? facts.agent },
  };
}

function enclosingCall(weaving: Weaving, place: SpanEntry): string | null {
  return weaving.get(place.parentSpanId)?.facts.tool?.callId ?? null;
}

function toInterrupt({ report, atNs }: Told<RecordReport>, id: string, enclosing: string | null): InterruptFacts {
  const { fields, tool } = report;
  const action = asText(fields['approval.action']) ?? tool ?? 'unknown';
  const stated = asStructure(fields['approval.allowed_decisions']);
  return {
    ...baseInterrupt(tool ?? action),
    id,
    args: asStructure(fields['approval.arguments']) ?? {},
    question: asText(fields['approval.question']) ?? asText(fields['approval.reason']),
    allowedDecisions: asList(stated)
      .map(asText)
      .filter((text): text is string => text !== null),
    terms: approvalTerms(fields, 'approval.'),
    isTool: true,
    callId: report.callId ?? enclosing,
    keys: [`approval:${id}`],
    atNs,
  };
}

const DECISIONS = new Set(['approve', 'reject', 'edit', 'respond']);

function toDecision({ report, atNs }: Told<RecordReport>, id: string): DecisionFacts {
  const { fields } = report;
  const stated = asText(fields['approval.decision']) ?? '';
  const who = asText(fields['approval.by']);
  const isAutomatic = asBoolean(fields['approval.automatic']);
  return baseDecision({
    decision: DECISIONS.has(stated) ? (stated as DecisionFacts['decision']) : 'unknown',
    by: isAutomatic === true ? 'automatic' : isAutomatic === false || who !== null ? 'human' : 'unknown',
    answer: asStructure(fields['approval.answer']) ?? asText(fields['approval.reason']),
    discriminator: id,
    keys: [`approval:${id}`],
    atNs,
    who,
    action: asText(fields['approval.action']),
  });
}
