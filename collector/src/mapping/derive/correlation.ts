import type { CorrelationFact } from '../derivation.ts';
import type { DecisionFacts } from '../facts.ts';
import { asText } from '../reading/coerce.ts';
import { digest } from '../reading/identifiers.ts';
import { comparableToolName } from '../reading/tool-names.ts';
import { actorOf, sessionOf, type Scene } from './scene.ts';
import type { ToolCall } from './tool-calls.ts';
import { argsKey } from './tool-matching.ts';

/*
 * Facts that join traces. A request and its answer publish under the same
 * keys; times in the facts pair them when one key is used again and again.
 */

/** Kinds of facts exchanged between traces. */
export const FACT_KINDS = {
  request: 'approval_request',
  decision: 'approval_decision',
  answer: 'tool_answer',
  model: 'model_call',
} as const;

/** What became of a request. */
export interface Resolution {
  decision: DecisionFacts['decision'];
  atNs: bigint;
  endNs: bigint | null;
  outcome: 'completed' | 'error' | 'rejected';
  /** Trace the resolution came from; null for the request's own. */
  traceId: string | null;
}

/** Keys under which a tool call is known in other traces. */
export function toolKeys(scene: Scene, call: ToolCall, aliases: readonly string[] = []): string[] {
  const ids = call.callId === null ? aliases : [call.callId, ...aliases];
  const session = sessionOf(scene, call.anchor);
  const act = `${comparableToolName(call.name)}:${digest(argsKey(call.args)).slice(0, 32)}`;
  const keys = ids.map((id) => `call:${id}`);
  if (session !== scene.traceId) keys.push(`tool:session:${session}:${act}`);
  keys.push(`tool:agent:${call.anchor.service ?? ''}/${actorOf(call.anchor).name}:${act}`);
  return [...new Set(keys)];
}

/** A fact about a request or its answer. */
export function toFact(scene: Scene, key: string, kind: string, data: Record<string, unknown>): CorrelationFact {
  return { key, kind, traceId: scene.traceId, data };
}

/** Nanoseconds inside a fact, which travels as JSON. */
export function factTime(fact: CorrelationFact, field: string): bigint | null {
  const text = asText(fact.data[field]);
  return text !== null && /^\d{1,20}$/.test(text) ? BigInt(text) : null;
}

/** Facts of other traces under any of the keys, of the given kinds, in order of time. */
export function foreignFacts(scene: Scene, keys: readonly string[], kinds: readonly string[]): CorrelationFact[] {
  const wanted = new Set(keys);
  return scene.foreign
    .filter((fact) => fact.traceId !== scene.traceId && wanted.has(fact.key) && kinds.includes(fact.kind))
    .sort(byFactTime);
}

function byFactTime(a: CorrelationFact, b: CorrelationFact): number {
  const left = factTime(a, 'at') ?? 0n;
  const right = factTime(b, 'at') ?? 0n;
  if (left !== right) return left < right ? -1 : 1;
  const ids = [a, b].map((fact) => `${fact.traceId}:${fact.kind}:${fact.key}:${asText(fact.data['eventId']) ?? ''}`);
  return (ids[0] ?? '') < (ids[1] ?? '') ? -1 : 1;
}

/**
 * The answer another trace gave to a request: the earliest after it, unless a later request under the same key stands
 * between the two. Explicit decisions come before mere answers.
 */
export function foreignResolution(scene: Scene, keys: readonly string[], atNs: bigint): Resolution | null {
  const requests = foreignFacts(scene, keys, [FACT_KINDS.request]).map((fact) => factTime(fact, 'at') ?? 0n);
  const next = requests.find((time) => time > atNs) ?? null;
  for (const kind of [FACT_KINDS.decision, FACT_KINDS.answer]) {
    for (const fact of foreignFacts(scene, keys, [kind])) {
      const time = factTime(fact, 'at') ?? 0n;
      if (time >= atNs && (next === null || time < next)) return toResolution(fact, time);
    }
  }
  return null;
}

function toResolution(fact: CorrelationFact, atNs: bigint): Resolution {
  const outcome = asText(fact.data['outcome']);
  return {
    decision: (asText(fact.data['decision']) ?? 'unknown') as DecisionFacts['decision'],
    atNs,
    endNs: factTime(fact, 'end'),
    outcome: outcome === 'error' || outcome === 'rejected' ? outcome : 'completed',
    traceId: fact.traceId,
  };
}

/** The latest request of another trace that an answer given at `atNs` can belong to. */
export function foreignRequest(scene: Scene, keys: readonly string[], atNs: bigint): CorrelationFact | null {
  return (
    foreignFacts(scene, keys, [FACT_KINDS.request]).findLast((fact) => (factTime(fact, 'at') ?? 0n) <= atNs) ?? null
  );
}
