import { createAnchorScanner } from './anchor-scanner.ts';
import { base64Runs } from './base64-runs.ts';
import { COMMAND_LINES } from './command-lines.ts';
import { VALUES_BEFORE_NAMES } from './named-pairs.ts';
import { NAMED_VALUES } from './named-values.ts';
import { normalise } from './normalised-view.ts';
import { NO_OWN_RULES, toAnchoredRules, type OwnRules } from './own-rules/own-rules.ts';
import { findCards } from './payment-cards.ts';
import { PERSONAL_RULES } from './personal/personal-rules.ts';
import { createShapedRules } from './shaped-rules.ts';
import { markerEnd, type AnchoredRule, type Span } from './span.ts';
import { createTokenRules } from './token-rules.ts';

const SHORTEST_SECRET_TEXT = 6;

// What was redacted already is stepped over, so that redacting twice changes nothing.
const MARKERS: AnchoredRule = { anchors: ['[redacted:'], match: (text, start) => markerEnd(text, start) };

/** Finds everything secret in a text: spans in order, without overlap. Time is linear in the length of the text. */
export function createSecretFinder(own: OwnRules = NO_OWN_RULES): (text: string) => readonly Span[] {
  const scan = createAnchorScanner([
    MARKERS,
    ...toAnchoredRules(own),
    ...createShapedRules(),
    NAMED_VALUES,
    VALUES_BEFORE_NAMES,
    ...createTokenRules(),
    ...COMMAND_LINES,
    ...PERSONAL_RULES,
  ]);

  function look(text: string, spans: Span[]): void {
    scan(text, spans);
    findCards(text, spans);
  }

  function scanView(text: string, spans: Span[]): void {
    look(text, spans);
    const view = normalise(text);
    if (view === undefined) return;
    const found: Span[] = [];
    look(view.text, found);
    for (const { start, end, rule } of found) {
      spans.push({ start: view.origins[start] ?? 0, end: view.origins[end] ?? 0, rule });
    }
  }

  return (text) => {
    if (text.length < SHORTEST_SECRET_TEXT) return [];
    const spans: Span[] = [];
    scanView(text, spans);
    for (const run of base64Runs(text)) {
      const inside: Span[] = [];
      scanView(run.decoded, inside);
      if (inside.length > 0) spans.push({ start: run.start, end: run.end, rule: 'base64' });
    }
    const secret =
      own.allow.size === 0 ? spans : spans.filter(({ start, end }) => !own.allow.has(text.slice(start, end)));
    return secret.length < 2 ? secret : merge(secret);
  };
}

function merge(spans: Span[]): Span[] {
  spans.sort((one, other) => one.start - other.start || other.end - one.end);
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last !== undefined && span.start < last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged;
}
