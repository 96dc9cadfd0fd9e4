import type { CorrelationFact } from '../derivation.ts';
import { FACT_KINDS, factTime, foreignFacts, toFact } from './correlation.ts';
import { sessionOf, type Scene } from './scene.ts';
import type { SpanView } from './span-view.ts';

/*
 * Gemini CLI gives every model call a trace of its own, and logs the answer without any. The span
 * tells the session's log records which calls are its own.
 */

const CONVENTION = 'gemini-cli';
const NEAR_NS = 2_000_000_000n;

/** Facts about the model calls that have spans here. */
export function modelOffers(scene: Scene): CorrelationFact[] {
  return calls(scene, false).map((span) =>
    toFact(scene, keyOf(scene, span), FACT_KINDS.model, {
      at: String(span.startNs),
      end: String(span.endNs),
      eventId: span.spanId,
    }),
  );
}

/** Keys under which spans of other traces may tell the calls known here from log records. */
export function modelWants(scene: Scene): string[] {
  return calls(scene, true).map((span) => keyOf(scene, span));
}

/** True for a call known from log records whose span came in another trace. */
export function isToldElsewhere(scene: Scene, span: SpanView): boolean {
  if (!span.inferred || span.facts.convention !== CONVENTION || scene.foreign.length === 0) return false;
  return foreignFacts(scene, [keyOf(scene, span)], [FACT_KINDS.model]).some((fact) => {
    const end = factTime(fact, 'end') ?? 0n;
    const gap = end > span.endNs ? end - span.endNs : span.endNs - end;
    return !span.pending && gap <= NEAR_NS;
  });
}

function calls(scene: Scene, inferred: boolean): SpanView[] {
  return scene.view.spans.filter(
    (span) =>
      span.facts.model !== null && span.facts.convention === CONVENTION && span.inferred === inferred && !span.pending,
  );
}

function keyOf(scene: Scene, span: SpanView): string {
  return `model:session:${sessionOf(scene, span)}`;
}
