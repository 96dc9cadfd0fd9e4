import { addSpan, type AnchoredRule, type Span } from '../span.ts';
import { endOfMailHost, reachesDot } from './email-domains.ts';
import { isLocalCode, quotedLocalPart, startOfLocalPart } from './email-names.ts';

const LEADING = /^[.'+~-]+/;
const HAS_LETTER = /[\p{L}\p{N}]/u;
// Accounts of version control are nobody's, and Kotlin writes `this@Outer.name`.
const NOBODY = /^(?:git|hg|this|super)$/;
// What is copied from or to a host names a path there: `deploy@host.org:/srv`, `me@host.org:team/app`.
const REMOTE_PATH = /:(?:[/~]|[\w.-]{1,64}\/)/y;
const LONGEST_LOGIN = 128;
const ENDS_LOGIN = new Set([...'\t\n\r /?#@,;|"\'\\<>`'].map((sign) => sign.charCodeAt(0)));
const SLASH = 47;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;

/**
 * The part of e-mail addresses before the `@`; the host stays, for people who approve a message must see where it goes.
 * Every look back ends at the `@` before, so that texts full of them stay linear.
 */
export function emailRule(allow: ReadonlySet<string>): AnchoredRule {
  return {
    anchors: ['@'],
    match: (text, sign, behind, spans: Span[]) => {
      const name = endsName(text.charCodeAt(sign - 1)) && reachesDot(text, behind) ? nameBefore(text, sign) : undefined;
      if (name === undefined) return -1;
      const end = endOfMailHost(text, behind);
      if (end < 0 || isSomethingElse(text, name.start, end) || allow.has(text.slice(name.start, end))) return -1;
      const start = afterQuote(text, name, end);
      if (NOBODY.test(text.slice(start, name.end)) || !HAS_LETTER.test(text.slice(start, name.end))) return -1;
      addSpan(spans, text, { start, end: name.end, rule: 'email' });
      return behind;
    },
  };
}

function endsName(code: number): boolean {
  return code === DOUBLE_QUOTE || (code !== SINGLE_QUOTE && isLocalCode(code));
}

function nameBefore(text: string, sign: number): { start: number; end: number } | undefined {
  const start = startOfLocalPart(text, sign);
  if (start === sign) return quotedLocalPart(text, sign);
  const signs = LEADING.exec(text.slice(start, sign))?.[0].length ?? 0;
  return start + signs === sign ? undefined : { start: start + signs, end: sign };
}

// `x='anna@…'`: a quote may belong to a name (o'neill), but not when its partner stands behind the address.
function afterQuote(text: string, { start, end }: { start: number; end: number }, hostEnd: number): number {
  return text[hostEnd] === "'" ? Math.max(start, text.slice(start, end).lastIndexOf("'") + start + 1) : start;
}

/** Whether what looks like an address from `start` to `end` is the login of a URL, a remote path, a variable or a handle. */
export function isSomethingElse(text: string, start: number, end: number): boolean {
  REMOTE_PATH.lastIndex = end;
  return REMOTE_PATH.test(text) || isVariableOrHandle(text, start) || isUserOfUrl(text, start);
}

// `$USER@…` in a shell and `@user@host` of the Fediverse.
function isVariableOrHandle(text: string, start: number): boolean {
  const before = text[start - 1];
  return before === '$' || (before === '@' && !(start > 1 && isLocalCode(text.charCodeAt(start - 2))));
}

// The login in front of a URL's host has a rule of its own.
function isUserOfUrl(text: string, start: number): boolean {
  let at = start - 1;
  while (at > 0 && start - at <= LONGEST_LOGIN && !ENDS_LOGIN.has(text.charCodeAt(at))) at--;
  return text.charCodeAt(at) === SLASH && text.charCodeAt(at - 1) === SLASH && text[at - 2] === ':';
}
