import { NO_ATTRIBUTES, type Attributes } from '../../telemetry/attributes.ts';
import type { SpanRecord } from '../../telemetry/records.ts';
import type { FailureFacts } from '../facts.ts';
import { firstText } from './coerce.ts';

/** Message of a failure whose sender gave none. */
export const NO_MESSAGE = 'failed without a message';

/** Failure of a model call that only its finish reason tells of. */
export function finishFailure(finishReason: string | null): FailureFacts | null {
  return finishReason === 'error' ? { message: NO_MESSAGE, errorType: null, stack: null } : null;
}

/** What a span says went wrong, before it is known whether that was a failure or an interrupt. */
export interface Trouble {
  message: string;
  errorType: string | null;
  stack: string | null;
}

/**
 * Failure of a span: status 2, or an exception event, or `error.type`. Senders contradict themselves, so any of the
 * three counts.
 */
export function readTrouble(span: SpanRecord): Trouble | null {
  const exception = span.events.findLast((event) => event.name === 'exception')?.attributes ?? NO_ATTRIBUTES;
  const errorType = firstText(exception, ['exception.type']) ?? firstText(span.attributes, ['error.type']);
  if (span.statusCode !== 2 && exception === NO_ATTRIBUTES && errorType === null) return null;
  const message = troubleMessage(span, exception) ?? errorType ?? NO_MESSAGE;
  return { message, errorType, stack: firstText(exception, ['exception.stacktrace']) ?? stackInside(message) };
}

function troubleMessage(span: SpanRecord, exception: Attributes): string | null {
  const stated = firstText(exception, ['exception.message']);
  if (stated !== null) return stated;
  return span.statusMessage === '' ? firstText(span.attributes, ['error.message']) : span.statusMessage;
}

/** LangChain's instrumentation appends `\n\n<Error>: … at …` to the message. */
function stackInside(message: string): string | null {
  return /\n\s+at /.test(message) ? message : null;
}

/** The failure with the message people need: its first paragraph. */
export function toFailure(trouble: Trouble): FailureFacts {
  return { ...trouble, message: firstParagraph(trouble.message) };
}

function firstParagraph(message: string): string {
  const paragraph = message.trimStart().split(/\n\s*\n/, 1)[0] ?? '';
  return paragraph.trim() === '' ? message.slice(0, 500) : paragraph.trim();
}
