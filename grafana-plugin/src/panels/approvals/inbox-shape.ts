import type { Approval } from '@signalbox/event-model';
import type { Waiting } from '../../client/control-hub.ts';
import { byUrgency } from '../../control/approval-shape.ts';

/** Lists of the inbox: what waits, what the visitor decided, what anybody decided. */
export const INBOX_TABS = ['pending', 'mine', 'decided'] as const;

/** One of {@link INBOX_TABS}. */
export type InboxTab = (typeof INBOX_TABS)[number];

/** Narrowing that belongs to a panel. */
export interface InboxScope {
  run: string;
  workflow: string;
}

/** Nothing is narrowed. */
export const EVERYTHING: InboxScope = { run: '', workflow: '' };

/** Reads the name of a tab. */
export function readTab(text: string | null): InboxTab {
  return INBOX_TABS.find((tab) => tab === text) ?? 'pending';
}

/** Approvals of a scope. */
export function inScope(approvals: readonly Approval[], { run, workflow }: InboxScope): Approval[] {
  const trace = run.replaceAll('-', '');
  return approvals.filter(
    (approval) =>
      (trace === '' || approval.runId?.replaceAll('-', '') === trace) &&
      (workflow === '' || approval.workflow === workflow),
  );
}

/** What waits, by urgency, and behind it what only telemetry shows waiting. */
export function waitingList(waiting: Waiting | null, scope: InboxScope): Approval[] {
  if (waiting === null) return [];
  return [...byUrgency(inScope(waiting.pending, scope)), ...inScope(waiting.observed, scope)];
}

/** The neighbour of the selected one, for walking the list by keys; stays where the list ends. */
export function stepIn(list: readonly Approval[], selectedId: string | null, step: 1 | -1): string | null {
  const at = list.findIndex((approval) => approval.id === selectedId);
  if (at < 0) return list[0]?.id ?? null;
  return (list[at + step] ?? list[at])?.id ?? null;
}
