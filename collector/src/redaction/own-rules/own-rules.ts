import type { PersonalKind } from '../personal/personal-rules.ts';
import { redactQuoted } from '../quoted-values.ts';
import { addSpan, type AnchoredRule } from '../span.ts';
import type { SafePattern } from './safe-pattern.ts';

/** A rule the operator wrote. */
export interface OwnRule {
  name: string;
  literals: readonly string[];
  pattern: SafePattern | undefined;
}

/** Everything the operator added to the built-in rules. */
export interface OwnRules {
  rules: readonly OwnRule[];
  /** Names, in lower case, under which the value goes whole. */
  keys: ReadonlySet<string>;
  /** Texts that are never replaced. */
  allow: ReadonlySet<string>;
  /** Built-in rules for what belongs to people that do not apply. */
  keep: ReadonlySet<PersonalKind>;
}

export const NO_OWN_RULES: OwnRules = { rules: [], keys: new Set(), allow: new Set(), keep: new Set() };

const MEMBER = /\\{0,63}["']\s{0,8}:\s{0,8}(?=\\{0,63}["'])/y;

/** The operator's rules as the scanner takes them. */
export function toAnchoredRules({ rules, keys }: OwnRules): AnchoredRule[] {
  return [
    ...rules.flatMap(({ name, literals, pattern }) => [
      ...literals.map((literal) => literalRule(name, literal)),
      ...(pattern === undefined ? [] : [patternRule(name, pattern)]),
    ]),
    ...[...keys].map(keyRule),
  ];
}

function literalRule(rule: string, literal: string): AnchoredRule {
  return {
    anchors: [literal.toLowerCase()],
    match: (text, start, end, spans) => addSpan(spans, text, { start, end, rule }),
  };
}

function patternRule(rule: string, pattern: SafePattern): AnchoredRule {
  return {
    anchors: [pattern.prefix.toLowerCase()],
    match: (text, start, _end, spans) => {
      const { end } = text.startsWith(pattern.prefix, start) ? pattern.match(text, start) : { end: -1 };
      return end < 0 ? -1 : addSpan(spans, text, { start, end, rule });
    },
  };
}

function keyRule(key: string): AnchoredRule {
  return {
    anchors: [key],
    match: (text, start, end, spans) => {
      if (!/["']/.test(text[start - 1] ?? '')) return -1;
      MEMBER.lastIndex = end;
      return MEMBER.test(text) ? redactQuoted(text, MEMBER.lastIndex, spans) : -1;
    },
  };
}
