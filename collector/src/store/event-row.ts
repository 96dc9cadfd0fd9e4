import type { ActorKind, EventRow, EventStatus, TokenUsage } from '@signalbox/event-model';
import { timeFromNs, traceIdOf } from '../telemetry/time.ts';

/** Columns of `events` that make an {@link EventRow}. */
export const ROW_COLUMNS =
  'id, run_id, session_id, workflow, span_id, parent_id, type, actor_kind, actor_name, target_kind, target_name, status, started_ns, ended_ns, received_at, revision, summary, model, tool, usage, convention, basis, removed';

/** One row of `events` as the driver gives it. */
export interface EventTableRow {
  id: string;
  run_id: string;
  session_id: string;
  workflow: string | null;
  span_id: string | null;
  parent_id: string | null;
  type: string;
  actor_kind: string;
  actor_name: string;
  target_kind: string | null;
  target_name: string | null;
  status: string;
  started_ns: bigint;
  ended_ns: bigint | null;
  received_at: Date;
  revision: number;
  summary: string;
  model: string | null;
  tool: string | null;
  usage: TokenUsage | null;
  convention: string;
  basis: 'declared' | 'inferred';
  removed: boolean;
}

/** The row as clients see it. */
export function toEventRow(row: EventTableRow): EventRow {
  return {
    id: row.id,
    runId: row.run_id,
    sessionId: row.session_id,
    workflow: row.workflow,
    traceId: traceIdOf(row.run_id),
    spanId: row.span_id,
    parentId: row.parent_id,
    type: row.type,
    actor: { kind: row.actor_kind as ActorKind, name: row.actor_name },
    target: row.target_kind === null ? null : { kind: row.target_kind as ActorKind, name: row.target_name ?? '' },
    status: row.status as EventStatus,
    startedAt: timeFromNs(row.started_ns),
    endedAt: row.ended_ns === null ? null : timeFromNs(row.ended_ns),
    receivedAt: row.received_at.toISOString(),
    revision: row.revision,
    summary: row.summary,
    model: row.model,
    tool: row.tool,
    usage: row.usage,
    source: { convention: row.convention, basis: row.basis },
    ...(row.removed ? { removed: true } : {}),
  };
}
