import type { SpanRecord } from '../../telemetry/records.ts';
import type { FailureFacts } from '../facts.ts';
import { asText } from './coerce.ts';

/** What a span says went wrong, before it is known whether that was a failure or an interrupt. */
export interface Trouble {
  message: string;
  errorType: string | null;
  stack: string | null;
}

/**
 * Failure of a span: status 2, or an exception event, or `error.type`. Senders contradict themselves (telemetry.md
 * §0.3: LangSmith ends OK with an exception event), so any of the three counts.
 */
export function readTrouble(span: SpanRecord): Trouble | null {
  const exception = span.events.findLast((event) => event.name === 'exception')?.attributes;
  const errorType = asText(exception?.get('exception.type')) ?? asText(span.attributes.get('error.type'));
  if (span.statusCode !== 2 && exception === undefined && errorType === null) return null;
  const message =
    asText(exception?.get('exception.message')) ??
    (span.statusMessage === '' ? null : span.statusMessage) ??
    asText(span.attributes.get('error.message')) ??
    errorType;
  return {
    message: message ?? 'failed without a message',
    errorType,
    stack: asText(exception?.get('exception.stacktrace')) ?? stackInside(message),
  };
}

/** LangChain's instrumentation appends `\n\n<Error>: … at …` to the message. */
function stackInside(message: string | null): string | null {
  return message !== null && /\n\s+at /.test(message) ? message : null;
}

/** The failure with the message people need: its first paragraph. */
export function toFailure(trouble: Trouble): FailureFacts {
  return { ...trouble, message: firstParagraph(trouble.message) };
}

function firstParagraph(message: string): string {
  const paragraph = message.trimStart().split(/\n\s*\n/, 1)[0] ?? '';
  return paragraph.trim() === '' ? message.slice(0, 500) : paragraph.trim();
}
