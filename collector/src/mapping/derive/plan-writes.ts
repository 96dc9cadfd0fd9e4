import type { Actor, PlanItem } from '@signalbox/event-model';
import { asFields, asStructure, asText, canonicalJson, firstField } from '../reading/coerce.ts';
import { eventId } from '../reading/identifiers.ts';
import { planListOf, planStatus, readPlanItems } from '../reading/plan-items.ts';
import { planToolKind } from '../reading/tool-names.ts';
import { applyRecord, PLAN_RECORDS, withStableIds } from './plan-items.ts';
import { recordActor, recordConvention, recordSpan } from './record-events.ts';
import { actorOf, nodeEventId, nodeKey, parentEventId, type Scene } from './scene.ts';
import { ancestors, type SpanView } from './span-view.ts';
import type { ToolCall } from './tool-calls.ts';

/** A moment at which somebody wrote the plan. */
export interface PlanWrite {
  id: string;
  span: SpanView | null;
  actor: Actor;
  parentId: string | null;
  atNs: bigint;
  reason: string | null;
  convention: string;
  basis: 'declared' | 'inferred';
  /** True when it states the whole list, so that nothing before it matters. */
  whole: boolean;
  /** The new list from the one before it; null when it cannot be read. */
  apply: (before: readonly PlanItem[]) => PlanItem[] | null;
}

/** The writes of the trace in order of time. */
export function collectPlanWrites(scene: Scene, calls: readonly ToolCall[]): PlanWrite[] {
  const tools = calls.filter((call) => planToolKind(call.name) !== null && isMade(call));
  return [...tools.map((call) => toolWrite(scene, call)), ...stateWrites(scene, tools), ...recordWrites(scene)].sort(
    byTime,
  );
}

/** Graphs take a plan from the model's answer and run no tool for it: what nobody reports running is stated all the same. */
function isMade(call: ToolCall): boolean {
  return call.status === 'completed' || (call.status === 'lost' && call.spans.length === 0);
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
    // A call nobody ran ends with its run, long after the plan was stated.
    atNs: call.spans.length === 0 && call.answeredBy === null ? call.startNs : (call.endNs ?? call.startNs),
    reason: firstField(asFields(asStructure(call.args)), ['reason', 'explanation']),
    convention: call.anchor.facts.convention,
    basis: 'inferred',
    whole: !['create', 'update'].includes(planToolKind(call.name) ?? ''),
    apply: (before) => applyTool(call, before),
  };
}

function applyTool(call: ToolCall, before: readonly PlanItem[]): PlanItem[] | null {
  const args = asFields(asStructure(call.args));
  switch (planToolKind(call.name)) {
    case 'create':
      return addTask(call, before, args);
    case 'update':
      return updateTask(before, args);
    default: {
      const items = readPlanItems(planListOf(call.args));
      return items === null ? null : withStableIds(before, items);
    }
  }
}

/** Claude's task tools number tasks from 1 in the order of creation, and say the number in their answer. */
function addTask(call: ToolCall, before: readonly PlanItem[], args: Record<string, unknown> | null): PlanItem[] | null {
  const text = firstField(args, ['subject', 'title', 'content', 'description']);
  if (text === null) return null;
  return [
    ...before,
    {
      id: firstField(args, ['id', 'taskId']) ?? givenNumber(call) ?? String(before.length + 1),
      text,
      status: planStatus(asText(args?.['status'])),
    },
  ];
}

function givenNumber(call: ToolCall): string | null {
  const results = call.spans.map((span) => span.facts.tool?.result).filter((result) => result !== undefined);
  return /\bTask #(\d{1,6})\b/.exec(canonicalJson(results))?.[1] ?? null;
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
        whole: true,
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
        whole: record.report.name === 'plan.set',
        apply: (before: readonly PlanItem[]) => applyRecord(record.report, before),
      };
    });
}
