import { isAlphanumeric } from './characters.ts';
import { addSpan, markerEnd, type AnchoredRule, type Span } from './span.ts';

const USER_INFO = /([^\s/?#@:"'\\<>`]{0,128}):([^\s/?#@"'\\<>`]{1,256})@/y;
const BARE_USER_INFO = /([A-Za-z0-9_-]{20,128})@/y;
// Passwords that nobody encoded: `postgres://app:p@ss/w#rd@db:5432/x`. Only databases and brokers are read that far,
// for in the address of a page `/`, `?` and `#` end the host and a later `@` is something else.
const STORES = new Set(
  'postgres postgresql mysql mariadb mongodb redis rediss amqp amqps mssql sqlserver clickhouse cockroachdb nats kafka'.split(
    ' ',
  ),
);
const LONGEST_SCHEME = 24;
const RAW_USER_INFO =
  /[^\s/?#@:"'\\<>`]{0,128}:((?!\/\/|\d{1,5}(?:[/?#,]|$))(?:(?!:\/\/)[^\s"'\\<>`]){1,256})@[A-Za-z0-9[]/y;
/** Characters between `://` and the `@`, at most. */
const LONGEST_LOGIN = 400;
const LONGEST_MARKER = 64;
const PLUS = 43;
const ENDS_INSIDE = /[/?#@]/;
const PLACEHOLDER = /^(?:\*+|x+|\.+|[$%{<[(].*|password|pass|pwd|secret|token)$/i;

/** Passwords and tokens in front of the host of a URL. */
export const URL_LOGINS: AnchoredRule = { anchors: ['://'], match: createUrlMatcher() };

// Most addresses have no login. The next `@` is looked up once and serves every address before it.
function createUrlMatcher(): AnchoredRule['match'] {
  let scan: Span[] | undefined;
  let from = 0;
  let sign = 0;
  return (text, start, end, spans) => {
    if (scan !== spans || end < from || (sign >= 0 && sign < end)) {
      sign = text.indexOf('@', end);
      from = end;
    }
    scan = spans;
    return sign < 0 || sign - end > LONGEST_LOGIN ? -1 : matchUrl(text, start, end, spans);
  };
}

function matchUrl(text: string, start: number, end: number, spans: Span[]): number {
  if (isStore(text, start)) {
    RAW_USER_INFO.lastIndex = end;
    const raw = RAW_USER_INFO.exec(text);
    if (raw !== null && ENDS_INSIDE.test(raw[1] ?? ''))
      return addPassword(text, spans, { end: RAW_USER_INFO.lastIndex - 2, secret: raw[1] ?? '' });
  }
  USER_INFO.lastIndex = end;
  const found = USER_INFO.exec(text);
  if (found !== null) return addPassword(text, spans, { end: USER_INFO.lastIndex - 1, secret: found[2] ?? '' });
  BARE_USER_INFO.lastIndex = end;
  const bare = BARE_USER_INFO.exec(text);
  if (bare === null || !/\d/.test(bare[1] ?? '')) return -1;
  return addPassword(text, spans, { end: BARE_USER_INFO.lastIndex - 1, secret: bare[1] ?? '' });
}

// `mongodb+srv` and `postgresql+asyncpg` name a driver behind the sign.
function isStore(text: string, end: number): boolean {
  let start = end;
  let nameEnd = end;
  while (end - start < LONGEST_SCHEME && isSchemeCode(text.charCodeAt(start - 1))) {
    start--;
    if (text.charCodeAt(start) === PLUS) nameEnd = start;
  }
  return end > start && STORES.has(text.slice(start, nameEnd).toLowerCase());
}

function isSchemeCode(code: number): boolean {
  return isAlphanumeric(code) || code === PLUS;
}

function addPassword(text: string, spans: Span[], found: { end: number; secret: string }): number {
  const start = found.end - found.secret.length;
  if (PLACEHOLDER.test(found.secret) || isInsideMarker(text, start)) return -1;
  return addSpan(spans, text, { start, end: found.end, rule: 'url_login' });
}

// `https://a.org,[redacted:…]@b.org`: the colons of a marker part nothing.
function isInsideMarker(text: string, at: number): boolean {
  const from = Math.max(0, at - LONGEST_MARKER);
  const opening = text.slice(from, at).lastIndexOf('[');
  return opening >= 0 && markerEnd(text, from + opening) > at;
}
