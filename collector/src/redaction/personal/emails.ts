import { isAlphanumeric } from '../characters.ts';
import { addSpan, type AnchoredRule, type Span } from '../span.ts';
import { endOfMailHost, reachesDot } from './email-domains.ts';
import { isLocalCode, quotedLocalPart, startOfLocalPart } from './email-names.ts';

const LEADING = /^[.'+~-]+/;
const HAS_LETTER = /[\p{L}\p{N}]/u;
// Accounts of version control are nobody's, and Kotlin writes `this@Outer.name`.
const NOBODY = new Set(['git', 'hg', 'this', 'super']);
const LONGEST_NOBODY = 5;
// What is copied from or to a host names a path there: `deploy@host.org:/srv`, `me@host.org:team/app`.
const REMOTE_PATH = /:(?:[/~]|[\w.-]{1,64}\/)/y;
const LONGEST_LOGIN = 128;
const ENDS_LOGIN = new Uint8Array(128);
for (const sign of '\t\n\r /?#@,;|"\'\\<>`') ENDS_LOGIN[sign.charCodeAt(0)] = 1;
const SLASH = 47;
const COLON = 58;
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
      if (end < 0 || isSomethingElse(text, name.start, end) || isAllowed(allow, text, name.start, end)) return -1;
      const start = text.charCodeAt(end) === SINGLE_QUOTE ? behindQuote(text, name) : name.start;
      if (isNobody(text, start, name.end)) return -1;
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
  if (isAlphanumeric(text.charCodeAt(start))) return { start, end: sign };
  const signs = LEADING.exec(text.slice(start, sign))?.[0].length ?? 0;
  return start + signs === sign ? undefined : { start: start + signs, end: sign };
}

function isAllowed(allow: ReadonlySet<string>, text: string, start: number, end: number): boolean {
  return allow.size > 0 && allow.has(text.slice(start, end));
}

// `x='anna@…'`: a quote may belong to a name (o'neill), but not when its partner stands behind the address.
function behindQuote(text: string, { start, end }: { start: number; end: number }): number {
  return Math.max(start, text.slice(start, end).lastIndexOf("'") + start + 1);
}

function isNobody(text: string, start: number, end: number): boolean {
  if (end - start <= LONGEST_NOBODY && NOBODY.has(text.slice(start, end))) return true;
  return !isAlphanumeric(text.charCodeAt(start)) && !HAS_LETTER.test(text.slice(start, end));
}

/** Whether what looks like an address from `start` to `end` is the login of a URL, a remote path, a variable or a handle. */
export function isSomethingElse(text: string, start: number, end: number): boolean {
  REMOTE_PATH.lastIndex = end;
  return (
    (text.charCodeAt(end) === COLON && REMOTE_PATH.test(text)) ||
    isVariableOrHandle(text, start) ||
    isUserOfUrl(text, start)
  );
}

// `$USER@…` in a shell and `@user@host` of the Fediverse.
function isVariableOrHandle(text: string, start: number): boolean {
  const before = text[start - 1];
  return before === '$' || (before === '@' && !(start > 1 && isLocalCode(text.charCodeAt(start - 2))));
}

// The login in front of a URL's host has a rule of its own.
function isUserOfUrl(text: string, start: number): boolean {
  let at = start - 1;
  while (at > 0 && start - at <= LONGEST_LOGIN && ENDS_LOGIN[text.charCodeAt(at)] !== 1) at--;
  return text.charCodeAt(at) === SLASH && text.charCodeAt(at - 1) === SLASH && text[at - 2] === ':';
}
