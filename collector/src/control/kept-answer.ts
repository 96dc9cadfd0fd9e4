import type { Command } from '@signalbox/event-model';
import { NOT_KEPT } from '../telemetry/not-captured.ts';

/**
 * A decision as an agent may get it again. Where only metadata is kept, the arguments or the answer of one that was carried
 * out are gone; then the agent must ask anew, for it may do nothing with the marker in their place.
 */
export function asKept(command: Command): Command {
  const { payload } = command;
  if (payload['args'] !== NOT_KEPT && payload['answer'] !== NOT_KEPT) return command;
  const reason = 'This was answered and carried out before; the answer was not kept. Ask anew.';
  return { ...command, payload: { request: payload['request'], decision: 'expired', reason } };
}
