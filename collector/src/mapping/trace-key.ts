import type { LogRecord } from '../telemetry/records.ts';
import { asText } from './reading/coerce.ts';
import { digest } from './reading/identifiers.ts';
import { readSession } from './reading/identity.ts';

/**
 * The trace a log record belongs to. Records without trace context (Gemini CLI's answers, Codex) are gathered by the
 * session they name, else by service and scope, under a trace id made from that.
 */
export function traceKeyOf(log: LogRecord): string {
  if (log.traceId !== null && /[^0]/.test(log.traceId)) return log.traceId;
  const service = asText(log.resource.get('service.name')) ?? '';
  const prompt = asText(log.attributes.get('prompt.id'));
  const session = readSession(log.attributes) ?? readSession(log.resource);
  const parts = session === null ? ['scope', service, log.scope.name] : ['session', service, session];
  // Claude Code numbers a person's turns: each is a run, as it is where traces come too.
  if (prompt !== null) parts.push('prompt', prompt);
  return digest('pseudo-trace', ...parts).slice(0, 32);
}
