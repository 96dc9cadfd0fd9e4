import { createAnchorScanner, type AnchorScan } from './anchor-scanner.ts';
import { base64Runs } from './base64-runs.ts';
import { COMMAND_LINES } from './command-lines.ts';
import { VALUES_BEFORE_NAMES } from './named-pairs.ts';
import { NAMED_VALUES } from './named-values.ts';
import { normalise } from './normalised-view.ts';
import { NO_OWN_RULES, toAnchoredRules, type OwnRules } from './own-rules/own-rules.ts';
import { findCards } from './payment-cards.ts';
import { personalRules } from './personal/personal-rules.ts';
import { createShapedRules } from './shaped-rules.ts';
import { markerEnd, type AnchoredRule, type Keep, type Span } from './span.ts';
import { createTokenRules } from './token-rules.ts';

const SHORTEST_SECRET_TEXT = 6;

// What was redacted already is stepped over, so that redacting twice changes nothing.
const MARKERS: AnchoredRule = { anchors: ['[redacted:'], match: (text, start) => markerEnd(text, start) };

/**
 * Past this many secrets in one text there is little else in it, and it goes whole: replacing them would only cost time.
 * So would looking for more of them.
 */
export const MOST_SECRETS = 2000;

/** Finds what is secret in texts: spans in order, without overlap. Time is linear in the length of the text. */
export interface SecretFinder {
  /** With more than {@link MOST_SECRETS} spans the rest of the text was not looked at. */
  everywhere(text: string, keep?: Keep): readonly Span[];
  /** Looks only where a place, given by its start and end, has just been replaced: that may free what stands beside it. */
  beside(text: string, places: readonly Place[], keep?: Keep): readonly Span[];
}

const NOTHING: Keep = () => false;

export type Place = Pick<Span, 'start' | 'end'>;

// A name can stand that far before its value and the anchor of a token before its end; what follows begins at once.
const BEFORE = 512;
const BEHIND = 64;

/** Makes a finder of the built-in rules and the operator's own. */
export function createSecretFinder(own: OwnRules = NO_OWN_RULES): SecretFinder {
  return new RuleFinder(own);
}

class RuleFinder implements SecretFinder {
  readonly #scan: AnchorScan;
  readonly #allow: ReadonlySet<string>;
  // Allowed texts are found like any other and let go afterwards, so that their number says nothing.
  readonly #most: number;
  readonly #findsCards: boolean;

  constructor(own: OwnRules) {
    this.#allow = own.allow;
    this.#most = own.allow.size === 0 ? MOST_SECRETS : Infinity;
    this.#findsCards = !own.keep.has('card');
    this.#scan = createAnchorScanner([
      MARKERS,
      ...toAnchoredRules(own),
      ...createShapedRules(),
      NAMED_VALUES,
      VALUES_BEFORE_NAMES,
      ...createTokenRules(),
      ...COMMAND_LINES,
      ...personalRules(own),
    ]);
  }

  everywhere(text: string, keep = NOTHING): readonly Span[] {
    if (text.length < SHORTEST_SECRET_TEXT) return [];
    const spans: Span[] = [];
    this.#look(text, spans);
    if (spans.length <= this.#most) this.#lookBehindDisguise(text, spans);
    if (spans.length <= this.#most) this.#lookInBase64(text, spans, keep);
    return this.#settle(text, spans, keep);
  }

  beside(text: string, places: readonly Place[], keep = NOTHING): readonly Span[] {
    const spans: Span[] = [];
    for (const { from, to } of surroundings(text, places)) {
      this.#look(text, spans, from, to);
      const cut: Span[] = [];
      this.#lookBehindDisguise(text.slice(from, to), cut);
      this.#lookInBase64(text.slice(from, to), cut, keep);
      for (const { start, end, rule } of cut) {
        // What reaches the edge of the piece may be only a part of something else.
        const isWhole = (start > 0 || from === 0) && (from + end < to || to === text.length);
        if (isWhole) spans.push({ start: from + start, end: from + end, rule });
      }
    }
    return this.#settle(text, spans, keep);
  }

  #look(text: string, spans: Span[], from = 0, to = text.length): void {
    this.#scan(text, spans, { from, to, most: this.#most });
    if (this.#findsCards && spans.length <= this.#most) findCards(text, spans, from, to);
  }

  #lookBehindDisguise(text: string, spans: Span[]): void {
    const view = normalise(text);
    if (view === undefined) return;
    const found: Span[] = [];
    this.#look(view.text, found);
    for (const { start, end, rule } of found) {
      spans.push({ start: view.origins[start] ?? 0, end: view.origins[end] ?? 0, rule });
    }
  }

  #lookInBase64(text: string, spans: Span[], keep: Keep): void {
    for (const run of base64Runs(text)) {
      const inside: Span[] = [];
      this.#look(run.decoded, inside);
      this.#lookBehindDisguise(run.decoded, inside);
      if (inside.some((span) => !keep(run.decoded, span)))
        spans.push({ start: run.start, end: run.end, rule: 'base64' });
    }
  }

  #settle(text: string, spans: Span[], keep: Keep): readonly Span[] {
    const stays = (span: Span): boolean => keep(text, span) || this.#allow.has(text.slice(span.start, span.end));
    const secret = this.#allow.size === 0 && keep === NOTHING ? spans : spans.filter((span) => !stays(span));
    return secret.length < 2 ? secret : merge(secret);
  }
}

function surroundings(text: string, places: readonly Place[]): { from: number; to: number }[] {
  const pieces: { from: number; to: number }[] = [];
  for (const { start, end } of places) {
    const piece = { from: Math.max(0, start - BEFORE), to: Math.min(text.length, end + BEHIND) };
    const last = pieces.at(-1);
    if (last !== undefined && piece.from <= last.to) last.to = piece.to;
    else pieces.push(piece);
  }
  return pieces;
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
