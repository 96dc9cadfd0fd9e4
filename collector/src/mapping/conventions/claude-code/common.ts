import type { Attributes } from '../../../telemetry/attributes.ts';
import type { DecisionFacts } from '../../facts.ts';
import { asText } from '../../reading/coerce.ts';

/** Name of the convention. */
export const CLAUDE = 'claude-code';

/** The agent that talks to the person; its sub-agents have ids. */
export const MAIN_AGENT = 'main';

/** Sub-agent a span or record belongs to. */
export function runOf(attributes: Attributes): string | null {
  return asText(attributes.get('agent_id'));
}

const INJECTED = /^\s*<(task-notification|system-reminder|local-command-\w+|command-name|bash-(input|stdout))\b/;

/** A prompt a person typed; the harness injects notices the same way. */
export function spokenText(prompt: string | null): string | null {
  return prompt === null || prompt.trim() === '' || INJECTED.test(prompt) ? null : prompt;
}

/** Accept or reject under the common name; null for what is no decision. */
export function readVerdict(decision: string | null): DecisionFacts['decision'] | null {
  if (decision === null) return null;
  if (/^(accept|allow|approve)/i.test(decision)) return 'approve';
  return /^(reject|deny|denied|abort)/i.test(decision) ? 'reject' : 'unknown';
}

/** Only sources that name the user are a person's decision. */
export function decidedBy(source: string | null): DecisionFacts['by'] {
  if (source === null) return 'unknown';
  return /^user/i.test(source) ? 'human' : 'automatic';
}
