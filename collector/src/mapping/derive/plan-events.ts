import type { Actor, PlanChange, PlanItem } from '@signalbox/event-model';
import type { DerivedEvent } from '../derivation.ts';
import { asFields, asStructure, asText, firstField } from '../reading/coerce.ts';
import { eventId } from '../reading/identifiers.ts';
import { planListOf, planStatus, readPlanItems } from '../reading/plan-items.ts';
import { planToolKind } from '../reading/tool-names.ts';
import { actorOf, nodeEventId, nodeKey, parentEventId, sessionOf, toEvent, type Scene } from './scene.ts';
import { recordActor, recordConvention, recordSpan } from './record-events.ts';
import { ancestors, type SpanView } from './span-view.ts';
import { applyRecord, PLAN_RECORDS, withStableIds } from './plan-items.ts';
import type { ToolCall } from './tool-calls.ts';

/** A moment at which somebody wrote the plan. */
interface PlanWrite {
  id: string;
  span: SpanView | null;
  actor: Actor;
  parentId: string | null;
  atNs: bigint;
  reason: string | null;
  convention: string;
  basis: 'declared' | 'inferred';
  /** The new list from the one before it; null when it cannot be read. */
  apply: (before: readonly PlanItem[]) => PlanItem[] | null;
}

/** Plan revisions of the trace: what each write changed; a list equal to the one before is no revision (§7.3). */
export function planEvents(scene: Scene, calls: readonly ToolCall[]): DerivedEvent[] {
  const tools = calls.filter((call) => call.status === 'completed' && planToolKind(call.name) !== null);
  const writes = [
    ...tools.map((call) => toolWrite(scene, call)),
    ...stateWrites(scene, tools),
    ...recordWrites(scene),
  ].sort(byTime);
  const plans = new Map<string, PlanItem[]>();
  const events: DerivedEvent[] = [];
  for (const write of writes) {
    const owner = `${sessionOf(scene, write.span)} ${write.actor.name}`;
    const before = plans.get(owner) ?? [];
    const after = write.apply(before);
    if (after === null) continue;
    const change = changeBetween(before, after);
    if (change.added.length + change.removed.length + change.changed.length === 0) continue;
    plans.set(owner, after);
    events.push(planEvent(scene, write, after, change));
  }
  return events;
}

function byTime(a: PlanWrite, b: PlanWrite): number {
  if (a.atNs !== b.atNs) return a.atNs < b.atNs ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function toolWrite(scene: Scene, call: ToolCall): PlanWrite {
  return {
    id: eventId(scene.traceId, 'plan_update', call.id),
    span: call.anchor,
    actor: actorOf(call.anchor),
    parentId: call.id,
    atNs: call.endNs ?? call.startNs,
    reason: null,
    convention: call.anchor.facts.convention,
    basis: 'inferred',
    apply: (before) => applyTool(call, before),
  };
}

function applyTool(call: ToolCall, before: readonly PlanItem[]): PlanItem[] | null {
  const args = asFields(asStructure(call.args));
  switch (planToolKind(call.name)) {
    case 'create':
      return addTask(before, args);
    case 'update':
      return updateTask(before, args);
    default: {
      const items = readPlanItems(planListOf(call.args));
      return items === null ? null : withStableIds(before, items);
    }
  }
}

/** Claude's task tools number tasks from 1 in the order of creation. */
function addTask(before: readonly PlanItem[], args: Record<string, unknown> | null): PlanItem[] | null {
  const text = firstField(args, ['subject', 'title', 'content', 'description']);
  if (text === null) return null;
  return [
    ...before,
    {
      id: firstField(args, ['id', 'taskId']) ?? String(before.length + 1),
      text,
      status: planStatus(asText(args?.['status'])),
    },
  ];
}

function updateTask(before: readonly PlanItem[], args: Record<string, unknown> | null): PlanItem[] | null {
  const id = firstField(args, ['taskId', 'task_id', 'id']);
  const status = asText(args?.['status']);
  if (status === 'deleted') return before.filter((item) => item.id !== id);
  return before.map((item) => {
    if (item.id !== id) return item;
    return {
      id: item.id,
      text: firstField(args, ['subject', 'title', 'content']) ?? item.text,
      status: status === null ? item.status : planStatus(status),
    };
  });
}

/** Graph state that holds a plan; skipped where a tool of the same node or agent wrote it already. */
function stateWrites(scene: Scene, tools: readonly ToolCall[]): PlanWrite[] {
  const withTool = new Set<SpanView>();
  for (const call of tools) for (const above of ancestors(call.anchor)) withTool.add(above);
  return scene.view.spans.flatMap((span) => {
    const items =
      span.role === 'node' && !span.pending && !withTool.has(span) ? readPlanItems(span.facts.statePlan) : null;
    if (items === null) return [];
    return [
      {
        id: eventId(scene.traceId, 'plan_update', 'state', nodeKey(span)),
        span,
        actor: actorOf(span),
        parentId: nodeEventId(scene, nodeKey(span)),
        atNs: span.endNs,
        reason: null,
        convention: span.facts.convention,
        basis: 'inferred' as const,
        apply: (before: readonly PlanItem[]) => withStableIds(before, items),
      },
    ];
  });
}

/** Plans and tasks of the own vocabulary. */
function recordWrites(scene: Scene): PlanWrite[] {
  return scene.records
    .filter(({ report }) => PLAN_RECORDS.has(report.name))
    .map((record) => {
      const span = recordSpan(scene, record);
      return {
        id: eventId(scene.traceId, 'plan_update', 'record', record.key),
        span,
        actor: recordActor(scene, record),
        parentId: span === null ? null : parentEventId(scene, span),
        atNs: record.atNs,
        reason: firstField(record.report.fields, ['plan.reason', 'task.note']),
        convention: recordConvention(record),
        basis: 'declared' as const,
        apply: (before: readonly PlanItem[]) => applyRecord(record.report, before),
      };
    });
}

function changeBetween(before: readonly PlanItem[], after: readonly PlanItem[]): PlanChange {
  const old = new Map(before.map((item) => [item.id, item]));
  const kept = new Set(after.map((item) => item.id));
  const changed = after.filter((item) => {
    const was = old.get(item.id);
    return was !== undefined && (was.text !== item.text || was.status !== item.status);
  });
  return {
    added: after.filter((item) => !old.has(item.id)).map((item) => item.id),
    removed: before.filter((item) => !kept.has(item.id)).map((item) => item.id),
    changed: changed.map((item) => item.id),
  };
}

function planEvent(scene: Scene, write: PlanWrite, items: PlanItem[], change: PlanChange): DerivedEvent {
  const done = items.filter((item) => item.status === 'completed').length;
  const current = items.find((item) => item.status === 'in_progress')?.text ?? items[0]?.text ?? 'empty plan';
  return toEvent(scene, {
    id: write.id,
    type: 'plan_update',
    span: write.span,
    parentId: write.parentId,
    actor: write.actor,
    status: 'completed',
    startNs: write.atNs,
    endNs: write.atNs,
    summary: `${done}/${items.length} done · ${current}`,
    text: items.map((item) => item.text).join(' · '),
    convention: write.convention,
    basis: write.basis,
    content: () => ({
      kind: 'plan_update',
      items,
      change,
      reason: write.reason,
      reasonBasis: write.reason === null ? null : 'given',
    }),
  });
}
