import { digest } from '../reading/identifiers.ts';
import { emptyFacts } from '../reading/span-defaults.ts';
import type { AgentReport } from '../reports.ts';
import { bySpanStart, type SpanEntry } from './span-view.ts';
import { ofKind, type Told, type Weaving } from './told.ts';

/**
 * Gives a sub-agent that has no span of its own one: around the spans that name it, from the first of them to its
 * completion record, or to the last of them once the whole run is over.
 */
export function weaveAgents(weaving: Weaving, told: readonly Told[]): void {
  const members = new Map<string, SpanEntry[]>();
  for (const entry of weaving.entries.sort(bySpanStart)) {
    const id = entry.facts.agentRun?.id ?? null;
    if (id === null) continue;
    const group = members.get(id);
    if (group === undefined) members.set(id, [entry]);
    else group.push(entry);
  }
  const reports = ofKind(told, 'agent');
  for (const [id, group] of members) {
    inferRun(weaving, id, {
      group,
      reports: reports.filter(({ report }) => report.id === id),
    });
  }
}

interface RunStory {
  group: readonly SpanEntry[];
  reports: readonly Told<AgentReport>[];
}

function inferRun(weaving: Weaving, id: string, { group, reports }: RunStory): void {
  const spanId = digest('agent-run', id).slice(0, 16);
  const entrances = group.filter((entry) => weaving.get(entry.parentSpanId)?.facts.agentRun?.id !== id);
  const first = entrances[0] ?? group[0];
  if (first === undefined) return;
  const title = runTitle(weaving, id, { group, reports });
  for (const entry of group) weaving.change(entry.spanId, { agent: title });
  for (const entry of entrances) {
    const current = weaving.get(entry.spanId);
    if (current !== null) weaving.put({ ...current, parentSpanId: spanId });
  }
  const end = reports.find(({ report }) => report.ended);
  const isOver = end !== undefined || isRunOver(weaving);
  const last = group.reduce((most, { endNs }) => (endNs > most ? endNs : most), end?.atNs ?? 0n);
  weaving.put({
    ...first,
    spanId,
    parentSpanId: launchedFrom(weaving, entrances) ?? first.parentSpanId,
    pending: !isOver,
    inferred: true,
    endNs: isOver ? last : 0n,
    facts: {
      ...emptyFacts(first.facts.convention, title),
      role: 'agent',
      agent: title,
      session: first.facts.session,
      user: first.facts.user,
    },
  });
}

/** Spans inferred from logs know no parent; one with a known parent tells where the sub-agent was started. */
function launchedFrom(weaving: Weaving, entrances: readonly SpanEntry[]): string | null {
  return entrances.find(({ parentSpanId }) => weaving.get(parentSpanId) !== null)?.parentSpanId ?? null;
}

function isRunOver(weaving: Weaving): boolean {
  const roots = weaving.entries.filter(({ parentSpanId }) => parentSpanId === null);
  return roots.length > 0 && roots.every(({ pending }) => !pending);
}

function runTitle(weaving: Weaving, id: string, { group, reports }: RunStory): string {
  const stated = [
    ...reports.map(({ report }) => report.type),
    ...group.map(({ facts }) => facts.agentRun?.type ?? null),
    ...group.map(({ parentSpanId }) => launchedType(weaving, parentSpanId)),
  ].find((type) => type !== null);
  return stated === undefined || stated === null ? `sub-agent ${id}` : `sub-agent ${id} (${stated})`;
}

/** The kind of sub-agent the tool around its spans was called for. */
function launchedType(weaving: Weaving, spanId: string | null): string | null {
  let above = weaving.get(spanId);
  for (let level = 0; above !== null && level < 3; level++) {
    const type = above.facts.tool?.launches ?? null;
    if (type !== null) return type;
    above = weaving.get(above.parentSpanId);
  }
  return null;
}
