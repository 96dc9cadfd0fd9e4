import type { Capability } from '@signalbox/event-model';
import { asFields, asText } from '../../../mapping/reading/coerce.ts';

/** An agent as its presence key describes it. */
export interface PresentAgent {
  name: string;
  workflow: string | null;
  capabilities: Capability[];
}

const WORDS: readonly Capability[] = ['approve', 'edit', 'respond', 'stop', 'add_task', 'plan'];
/** What the bus itself can carry, of an agent that does not say what it can do. */
const UNSAID: Capability[] = ['approve', 'edit', 'respond', 'stop', 'add_task'];

/** Reads the hash `<prefix>:agent:<id>`; `capabilities` is a list of words, or AG-UI's own record of capabilities. */
export function readPresence(agentId: string, fields: Readonly<Record<string, string>>): PresentAgent {
  return {
    name: (fields['name'] ?? agentId).slice(0, 200),
    workflow: fields['workflowId'] ?? fields['workflow'] ?? null,
    capabilities: capabilitiesIn(parse(fields['capabilities'])),
  };
}

function capabilitiesIn(value: unknown): Capability[] {
  if (Array.isArray(value)) return WORDS.filter((word) => value.includes(word));
  const human = asFields(asFields(value)?.['humanInTheLoop']);
  if (human === null) return UNSAID;
  const says = (key: string): boolean => human[key] === true;
  const can: Partial<Record<Capability, boolean>> = {
    approve: says('approvals') || says('interrupts'),
    edit: says('approveWithEdits'),
    respond: says('interrupts'),
    stop: says('interventions'),
    add_task: says('interventions'),
  };
  return WORDS.filter((word) => can[word] === true);
}

/** JSON, or words with commas between them. */
function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.split(',').map((word) => asText(word.trim()) ?? '');
  }
}
