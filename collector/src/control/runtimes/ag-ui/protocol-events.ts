import { EventType } from '@ag-ui/core';
import { EventSchemas } from '@ag-ui/core/schemas';
import { StreamFault } from './sse-reader.ts';

/** One event of a stream, checked. */
export interface ProtocolEvent {
  type: string;
  [field: string]: unknown;
}

const KNOWN: ReadonlySet<string> = new Set(Object.values(EventType));
const MOST_DEPTH = 32;

/**
 * Reads the data of one event. Null for what is not taken: `RAW` repeats what other events say, in pieces that could not
 * be redacted together. Types of later versions pass as they are. Throws where the agent breaks the protocol.
 */
export function readProtocolEvent(data: string): ProtocolEvent | null {
  const event = parsed(data);
  if (event.type === 'RAW') return null;
  if (isDeeper(event, MOST_DEPTH)) throw new StreamFault(`an event is nested deeper than ${MOST_DEPTH} levels`);
  if (!KNOWN.has(event.type)) return event;
  const checked = EventSchemas.safeParse(event);
  if (checked.success) return event;
  const [issue] = checked.error.issues;
  throw new StreamFault(`its ${event.type} is not valid: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

function parsed(data: string): ProtocolEvent {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    throw new StreamFault('one of its events is not JSON');
  }
  const type = typeof value === 'object' && value !== null ? (value as { type?: unknown }).type : undefined;
  if (typeof type !== 'string' || type === '' || type.length > 100)
    throw new StreamFault('one of its events has no type');
  return { ...tidied(value as Record<string, unknown>), type };
}

/** Adapters spell what is absent as null, and time in fractions; the framework's own event is a copy like `RAW`. */
function tidied(event: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(event).filter(
    ([key, value]) =>
      key !== 'rawEvent' &&
      (value !== null || key === 'snapshot' || key === 'value') &&
      (key !== 'timestamp' || Number.isSafeInteger(value)),
  );
  return Object.fromEntries(kept);
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}
