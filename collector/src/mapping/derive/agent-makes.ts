import type { DerivedEvent, StateFact } from '../derivation.ts';
import type { ModelFacts } from '../facts.ts';
import { asText, canonicalJson } from '../reading/coerce.ts';
import { digest, eventId } from '../reading/identifiers.ts';
import { messageText } from '../reading/messages.ts';
import type { ModelCall } from './model-calls.ts';
import { actorOf, toEvent, type Scene } from './scene.ts';
import type { SpanView } from './span-view.ts';

const KIND = 'agent_make';

/** What an agent is made of, as far as the run shows; null where it does not. */
interface Make {
  version: string | null;
  promptVersion: string | null;
  instructions: string | null;
  tools: string | null;
}

/** How an agent was made in this run. */
export interface AgentMake {
  name: string;
  key: string;
  /** Where it was first seen. */
  span: SpanView;
  make: Make;
}

/** The agents of the trace with what their spans and their first model call tell of their make. */
export function agentMakes(scene: Scene, models: readonly ModelCall[]): AgentMake[] {
  const found = new Map<string, AgentMake>();
  const at = (span: SpanView): AgentMake | null => {
    const { kind, name } = actorOf(span);
    if (kind !== 'agent') return null;
    const key = `make:${digest('agent', span.service ?? '', name).slice(0, 32)}`;
    const known = found.get(key) ?? { name, key, span, make: NOTHING_KNOWN };
    found.set(key, known);
    return known;
  };
  for (const span of scene.view.spans) {
    const { agent, prompt } = span.facts.versions;
    const isStated = agent !== null || prompt !== null;
    const known = isStated ? at(span) : null;
    if (known === null) continue;
    known.make = {
      ...known.make,
      version: known.make.version ?? agent,
      promptVersion: known.make.promptVersion ?? prompt,
    };
  }
  for (const call of models) {
    // Without messages there is nothing to compare, and the first call is as good as any other of the run.
    const known = call.tail.captured ? at(call.span) : null;
    if (known === null || known.make.instructions !== null || known.make.tools !== null) continue;
    known.make = { ...known.make, ...readParts(call.facts, call.prompt) };
  }
  return [...found.values()].filter(({ make }) => Object.values(make).some((part) => part !== null));
}

const NOTHING_KNOWN: Make = { version: null, promptVersion: null, instructions: null, tools: null };

const parts = new WeakMap<ModelFacts, Pick<Make, 'instructions' | 'tools'>>();

/** Digests of the system instructions and of the tools on offer; once per call, since prompts are dear to read. */
function readParts(facts: ModelFacts, prompt: ModelCall['prompt']): Pick<Make, 'instructions' | 'tools'> {
  const known = parts.get(facts);
  if (known !== undefined) return known;
  const system = prompt().filter((message) => message.role === 'system' || message.role === 'developer');
  // Dates, counters and ids in a prompt are no change of the agent.
  const text = system.map(messageText).join('\n').replace(/\d+/g, '0').trim();
  const tools = facts.tools().map(({ name, description, schema }) => canonicalJson({ name, description, schema }));
  const made = {
    instructions: text === '' ? null : digest(text).slice(0, 16),
    tools: tools.length === 0 ? null : digest(...tools.sort()).slice(0, 16),
  };
  parts.set(facts, made);
  return made;
}

/** The makes as states other runs of the agents compare themselves with. */
export function makeStates(scene: Scene, makes: readonly AgentMake[]): StateFact[] {
  return makes.map(({ key, span, make }) => ({
    key,
    kind: KIND,
    traceId: scene.traceId,
    atNs: span.startNs,
    data: { ...make },
  }));
}

const WORDS: Record<keyof Make, string> = {
  version: 'version',
  promptVersion: 'prompt version',
  instructions: 'instructions',
  tools: 'tools',
};

/** One event for each agent that is not made as in the run before. */
export function makeEvents(scene: Scene, makes: readonly AgentMake[]): DerivedEvent[] {
  return makes.flatMap((now) => {
    const before = scene.foreign.find((fact) => fact.kind === KIND && fact.key === now.key);
    if (before === undefined) return [];
    const changed = changedParts(before.data, now.make);
    return changed.length === 0
      ? []
      : [makeEvent(scene, now, { before: before.data, traceId: before.traceId, changed })];
  });
}

function changedParts(before: Record<string, unknown>, now: Make): (keyof Make)[] {
  return (Object.keys(WORDS) as (keyof Make)[]).filter((part) => {
    const was = asText(before[part]);
    return was !== null && now[part] !== null && was !== now[part];
  });
}

interface Difference {
  before: Record<string, unknown>;
  traceId: string;
  changed: (keyof Make)[];
}

function makeEvent(
  scene: Scene,
  { name, span, make }: AgentMake,
  { before, traceId, changed }: Difference,
): DerivedEvent {
  const from = asText(before['version']);
  const versions = changed.includes('version') ? ` ${from} → ${make.version}` : '';
  const others = changed.filter((part) => part !== 'version').map((part) => WORDS[part]);
  return toEvent(scene, {
    id: eventId(scene.traceId, 'component_modified', name),
    type: 'component_modified',
    span,
    parentId: null,
    actor: { kind: 'agent', name },
    status: 'completed',
    startNs: span.startNs,
    endNs: span.startNs,
    summary: `${name}${versions}${others.length > 0 ? ` · new ${others.join(', ')}` : ''}`,
    convention: span.facts.convention,
    basis: changed.includes('version') || changed.includes('promptVersion') ? 'declared' : 'inferred',
    content: () => ({
      kind: 'generic',
      fields: {
        component: name,
        changed: changed.map((part) => WORDS[part]),
        before,
        now: make,
        comparedWithTrace: traceId,
      },
    }),
  });
}
