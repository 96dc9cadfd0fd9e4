import { NO_ATTRIBUTES } from '../../telemetry/attributes.ts';
import type { LogRecord } from '../../telemetry/records.ts';
import type { CorrelationFact, Derivation } from '../derivation.ts';
import { digest } from '../reading/identifiers.ts';
import { createTraceReducer } from '../trace-reducer.ts';
import { at, attributesOf, span, type SpanSketch } from './span-builder.ts';

/** What differs between streams of the tests. */
export interface StreamSketch {
  run?: string;
  agent?: string;
  trace?: string;
  /** Milliseconds of the first event; each next one comes a millisecond later. */
  from?: number;
}

type AgUiEvent = { type: string } & Record<string, unknown>;

/** The log records that the bus makes of AG-UI events, numbered from 0. */
export function agentStream(events: readonly AgUiEvent[], sketch: StreamSketch = {}): LogRecord[] {
  const { run = 'r1', agent = 'coder', from = 0 } = sketch;
  const traceId = sketch.trace ?? digest('ag-ui', 'wf', run).slice(0, 32);
  return events.map((event, seq) => ({
    traceId,
    spanId: null,
    timeNs: at(from + seq),
    severityNumber: event.type === 'RUN_ERROR' ? 17 : 9,
    severityText: '',
    eventName: ownName(event) ?? `ag-ui.${event.type}`,
    body: ownName(event) === null ? attributesOf(event) : null,
    attributes: attributesOf({
      'gen_ai.agent.name': agent,
      'ag-ui.run_id': run,
      'ag-ui.thread_id': event['threadId'],
      'signalbox.workflow': 'wf',
      'signalbox.bus.seq': seq,
      ...ownAttributes(event),
    }),
    scope: { name: 'signalbox.bus', version: '', attributes: NO_ATTRIBUTES },
    resource: attributesOf({ 'service.name': agent }),
  }));
}

function ownName(event: AgUiEvent): string | null {
  const name = event['name'];
  return event.type === 'CUSTOM' && typeof name === 'string' && name.startsWith('signalbox.') ? name : null;
}

function ownAttributes(event: AgUiEvent): Record<string, unknown> {
  const name = ownName(event);
  if (name === null) return {};
  const space = name.split('.')[1] ?? '';
  const entries = Object.entries(event['value'] as Record<string, unknown>).map(([key, value]) => [
    key.includes('.') ? `signalbox.${key}` : `signalbox.${space}.${key}`,
    typeof value === 'object' ? JSON.stringify(value) : value,
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** Derivation of stream records, with spans of the same trace beside them. */
export function deriveStream(
  logs: readonly LogRecord[],
  foreign: readonly CorrelationFact[] = [],
  spans: readonly SpanSketch[] = [],
): Derivation {
  const traceId = logs[0]?.traceId ?? '';
  const reducer = createTraceReducer(traceId);
  for (const sketch of spans) reducer.addSpan(span({ ...sketch, trace: traceId }));
  for (const log of logs) reducer.addLog(log);
  return reducer.derive(foreign.filter((fact) => fact.traceId !== traceId));
}
