import type { DataFrame, FieldType } from '@grafana/data';
import type { EventRow } from '@signalbox/event-model';
import { timeToMs } from '../shared/time.ts';

/** Values of Grafana's enumeration; taking its types only, this file runs wherever frames are made. */
const TIME = 'time' as FieldType;
const STRING = 'string' as FieldType;
const OTHER = 'other' as FieldType;

/** Rows as Grafana's log panels read them; the whole row rides along for our own panel. */
export function rowsToLogFrame(rows: readonly EventRow[], refId: string): DataFrame {
  return {
    refId,
    name: 'events',
    length: rows.length,
    meta: { type: 'log-lines' as never, preferredVisualisationType: 'logs' },
    fields: [
      { name: 'timestamp', type: TIME, config: {}, values: rows.map((row) => timeToMs(row.startedAt)) },
      { name: 'body', type: STRING, config: {}, values: rows.map((row) => row.summary) },
      { name: 'severity', type: STRING, config: {}, values: rows.map(severityOf) },
      { name: 'id', type: STRING, config: {}, values: rows.map((row) => row.id) },
      { name: 'labels', type: OTHER, config: {}, values: rows.map(labelsOf) },
      { name: 'event', type: OTHER, config: { custom: { hidden: true } }, values: rows.slice() },
    ],
  };
}

/** Rows as marks on other panels' time axes. */
export function rowsToAnnotationFrame(rows: readonly EventRow[], refId: string): DataFrame {
  return {
    refId,
    name: 'annotations',
    length: rows.length,
    fields: [
      { name: 'time', type: TIME, config: {}, values: rows.map((row) => timeToMs(row.startedAt)) },
      {
        name: 'timeEnd',
        type: TIME,
        config: {},
        values: rows.map((row) => timeToMs(row.endedAt ?? row.startedAt)),
      },
      {
        name: 'title',
        type: STRING,
        config: {},
        values: rows.map((row) => `${row.actor.name} · ${row.type}`),
      },
      { name: 'text', type: STRING, config: {}, values: rows.map((row) => row.summary) },
      { name: 'tags', type: OTHER, config: {}, values: rows.map((row) => [row.type, row.status]) },
      { name: 'id', type: STRING, config: {}, values: rows.map((row) => row.id) },
    ],
  };
}

function severityOf(row: EventRow): string {
  if (row.status === 'error') return 'error';
  if (row.status === 'rejected' || row.status === 'waiting' || row.status === 'lost') return 'warning';
  return 'info';
}

function labelsOf(row: EventRow): Record<string, string> {
  const labels: Record<string, string> = {
    type: row.type,
    status: row.status,
    actor: row.actor.name,
    run: row.runId,
    session: row.sessionId,
    trace_id: row.traceId,
  };
  if (row.workflow) labels.workflow = row.workflow;
  if (row.model) labels.model = row.model;
  if (row.tool) labels.tool = row.tool;
  return labels;
}
