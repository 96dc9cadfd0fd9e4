import { addSpan, type AnchoredRule, type Span } from './span.ts';

const USER_INFO = /([^\s/?#@:"'\\<>`]{0,128}):([^\s/?#@"'\\<>`]{1,256})@/y;
const BARE_USER_INFO = /([A-Za-z0-9_-]{20,128})@/y;
// Passwords that nobody encoded: `postgres://app:p@ss/w#rd@db:5432/x`. Only databases and brokers are read that far,
// for in the address of a page `/`, `?` and `#` end the host and a later `@` is something else.
const STORE =
  /(?:postgres(?:ql)?|mysql|mariadb|mongodb|redis|rediss|amqps?|mssql|sqlserver|clickhouse|cockroachdb|nats|kafka)(?:\+\w{1,16})?$/i;
const LONGEST_SCHEME = 32;
const RAW_USER_INFO = /[^\s/?#@:"'\\<>`]{0,128}:((?!\d{1,5}(?:[/?#,]|$))[^\s"'\\<>`]{1,256})@[A-Za-z0-9[]/y;
const ENDS_INSIDE = /[/?#@]/;
const PLACEHOLDER = /^(?:\*+|x+|\.+|[$%{<[(].*|password|pass|pwd|secret|token)$/i;

/** Passwords and tokens in front of the host of a URL. */
export const URL_LOGINS: AnchoredRule = { anchors: ['://'], match: matchUrl };

function matchUrl(text: string, start: number, end: number, spans: Span[]): number {
  if (STORE.test(text.slice(Math.max(0, start - LONGEST_SCHEME), start))) {
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

function addPassword(text: string, spans: Span[], found: { end: number; secret: string }): number {
  if (PLACEHOLDER.test(found.secret)) return -1;
  return addSpan(spans, text, { start: found.end - found.secret.length, end: found.end, rule: 'url_login' });
}
