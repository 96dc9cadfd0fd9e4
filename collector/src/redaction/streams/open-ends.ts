import { createAnchorScanner } from '../anchor-scanner.ts';
import { base64Runs } from '../base64-runs.ts';
import { bareValueAt } from '../named-values.ts';
import { normalise } from '../normalised-view.ts';
import { NO_OWN_RULES, type OwnRules } from '../own-rules/own-rules.ts';
import type { SafePattern } from '../own-rules/safe-pattern.ts';
import { begunEmail } from '../personal/email-begun.ts';
import { NAME_ANCHORS } from '../secret-names.ts';
import type { AnchoredRule, Span } from '../span.ts';
import { isInsideWord, TOKEN_FORMATS, type TokenFormat } from '../token-rules.ts';

/** Characters at the end of a text that may be the beginning of a secret. */
export interface OpenEnd {
  at: number;
  /** Whether it looks so much like one that it may not be shown even if nothing follows. */
  looksSecret: boolean;
}

/** Longest beginning that is waited for: past it, a pattern has matched or never will. */
export const LONGEST_OPEN_END = 256;

const LOOK_BACK = 512;
const LONGEST_NUMBER = 64;
const TOKEN_REST = /[A-Za-z0-9_.+/=%:~-]{1,255}(?:\\(?:u[0-9A-Fa-f]{0,3})?)?$/y;
const BEARER_REST = /\s{1,4}[A-Za-z0-9._~+/-]{1,255}$/y;
const BASIC_REST = /\s{1,4}[A-Za-z0-9+/]{1,255}={0,2}$/y;
const URL_REST = /(?:[^\s/?#@:"'\\<>`]{0,128}:[^\s/?#@"'\\<>`]{1,255}|[A-Za-z0-9_-]{12,128})$/y;
const BARE_REST = /[^\s&;,"'`«»<>()[\]{}|\\]{1,255}$/y;
const BOT_ID = /(?<!\d)\d{8,10}$/;
// Numbers of people: cards, phones, social security.
const DIGITS_START = /(?<![\p{L}\d.,])[+(]{0,2}\d(?:[ ().\u00a0-]{0,3}\d){2,18}[ ().\u00a0-]{0,3}$/u;
const ACCOUNT_START = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){0,30}[ -]?$/;
const PEM_REST = /[A-Z0-9 ]{1,60}-{0,5}$/y;
// Letters of a token that are too few to tell anything.
const HARMLESS = 3;

/**
 * Makes the function that says where the unfinished end of a text begins: an anchor of some rule with characters behind
 * it that the rule would take, up to the end. The anchors themselves are public and need no waiting for.
 */
export function createOpenEnds(own: OwnRules = NO_OWN_RULES): (text: string) => OpenEnd | undefined {
  const scan = createAnchorScanner(openRules(own));

  return (text) => {
    const from = Math.max(0, text.length - LOOK_BACK);
    const tail = from === 0 ? text : text.slice(from);
    const found: Span[] = [];
    look(tail, found);
    const view = normalise(tail);
    if (view !== undefined) {
      const disguised: Span[] = [];
      look(view.text, disguised);
      for (const span of disguised) found.push({ ...span, start: view.origins[span.start] ?? 0 });
    }
    const open = found.filter((span) => tail.length - span.start <= LONGEST_OPEN_END);
    if (open.length === 0) return undefined;
    const at = from + Math.min(...open.map((span) => span.start));
    return { at, looksSecret: open.some((span) => span.rule === SECRET) };
  };

  function look(text: string, found: Span[]): void {
    scan(text, found);
    for (const { literals } of own.rules) {
      for (const literal of literals) addBegun(text, literal, found);
    }
    for (const pattern of [DIGITS_START, ACCOUNT_START]) {
      const begun = pattern.exec(text.slice(-LONGEST_NUMBER));
      if (begun !== null) found.push({ start: text.length - begun[0].length, end: text.length, rule: UNSURE });
    }
    const email = own.keep.has('email') ? undefined : begunEmail(text);
    if (email !== undefined)
      found.push({ start: email.at, end: text.length, rule: email.looksSecret ? SECRET : UNSURE });
    for (const run of base64Runs(text)) {
      if (run.end === text.length) found.push({ ...run, rule: UNSURE });
    }
  }
}

function openRules(own: OwnRules): AnchoredRule[] {
  return [
    ...TOKEN_FORMATS.flatMap(tokenRules),
    ...own.rules.flatMap(({ pattern }) => (pattern === undefined ? [] : [ownRule(pattern)])),
    openRule(['eyj'], (text, start) =>
      text.startsWith('eyJ', start) ? endsWith(TOKEN_REST, text, start + 3) : undefined,
    ),
    openRule(['-----begin '], (text, start, end) =>
      endsWith(PEM_REST, text, end) === undefined ? undefined : { at: start, looksSecret: false },
    ),
    openRule(['bearer'], (text, start, end) =>
      isInsideWord(text, start) ? undefined : endsWith(BEARER_REST, text, end),
    ),
    openRule(['basic'], (text, start, end) =>
      isInsideWord(text, start) ? undefined : endsWith(BASIC_REST, text, end),
    ),
    openRule(['://'], (text, _start, end) => endsWith(URL_REST, text, end)),
    openRule([':aa'], (text, start, end) =>
      BOT_ID.test(text.slice(Math.max(0, start - 11), start)) ? endsWith(TOKEN_REST, text, end) : undefined,
    ),
    openRule(NAME_ANCHORS, (text, start, end) => {
      const at = bareValueAt(text, start, end);
      return at === undefined ? undefined : endsWith(BARE_REST, text, at);
    }),
  ];
}

const SECRET = 'secret';
const UNSURE = 'unsure';

function tokenRules(format: TokenFormat): AnchoredRule[] {
  return format.anchors.map((anchor) =>
    openRule([anchor.toLowerCase()], (text, start, end) => {
      if (!text.startsWith(anchor, start)) return undefined;
      if (format.isOrdinaryPrefix === true && isInsideWord(text, start)) return undefined;
      const rest = endsWith(TOKEN_REST, text, end);
      if (rest === undefined) return undefined;
      const isPlain = format.isOrdinaryPrefix !== true && /[_.-]$/.test(anchor);
      return { at: start, looksSecret: rest.looksSecret || (isPlain && text.length - end > HARMLESS) };
    }),
  );
}

function ownRule(pattern: SafePattern): AnchoredRule {
  return openRule([pattern.prefix.toLowerCase()], (text, start) =>
    text.startsWith(pattern.prefix, start) && pattern.match(text, start).isOpen
      ? { at: start, looksSecret: text.length - start > pattern.prefix.length + HARMLESS }
      : undefined,
  );
}

function addBegun(text: string, literal: string, found: Span[]): void {
  const end = text.slice(-literal.length).toLowerCase();
  const sought = literal.toLowerCase();
  for (let at = 0; end.length - at > HARMLESS; at++) {
    if (!sought.startsWith(end.slice(at))) continue;
    found.push({ start: text.length - end.length + at, end: text.length, rule: UNSURE });
    return;
  }
}

type Look = (text: string, start: number, end: number) => OpenEnd | undefined;

function openRule(anchors: readonly string[], look: Look): AnchoredRule {
  return {
    anchors,
    match: (text, start, end, spans) => {
      const open = look(text, start, end);
      if (open !== undefined)
        spans.push({ start: open.at, end: text.length, rule: open.looksSecret ? SECRET : UNSURE });
      return -1;
    },
  };
}

function endsWith(pattern: RegExp, text: string, at: number): OpenEnd | undefined {
  pattern.lastIndex = at;
  if (at >= text.length || !pattern.test(text)) return undefined;
  const rest = text.slice(at).trim();
  return { at, looksSecret: rest.length > HARMLESS && /\d/.test(rest) && /[^\d:]/.test(rest) };
}
