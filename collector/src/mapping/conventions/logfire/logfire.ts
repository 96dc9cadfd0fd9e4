import type { Convention, StartNotice } from '../../facts.ts';
import { asText } from '../../reading/coerce.ts';
import type { SpanRecord } from '../../../telemetry/records.ts';

const NO_PARENT = /^0*$/;

/**
 * Pending spans: sent when a span starts, with a random id; the real ids are its parent
 * id and `logfire.pending_parent_id`. The attributes it carries are read by whichever convention claims them.
 */
export const logfire: Convention = {
  name: 'logfire',
  startNotice: readNotice,
  claimsSpan: () => false,
};

function readNotice(span: SpanRecord): StartNotice | null {
  if (span.parentSpanId === null || asText(span.attributes.get('logfire.span_type')) !== 'pending_span') return null;
  const parent = asText(span.attributes.get('logfire.pending_parent_id')) ?? '';
  return { spanId: span.parentSpanId, parentSpanId: NO_PARENT.test(parent) ? null : parent.toLowerCase() };
}
