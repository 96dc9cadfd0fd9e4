import { addSpan, type AnchoredRule, type Span } from './span.ts';

// The value of `--password hunter2x`: a name with `=` is read as any other pair.
const FLAG_VALUE = /(?:\s|\\{1,15}[nrt]){1,4}\\{0,15}["']?([^\s"'`\\<>$[\](){}|;&-][^\s"'`\\<>|;&]{5,255})/y;
const USER = /\s{0,4}\\{0,15}["']?[^\s"'`\\:$<>]{1,64}:([^\s"'`\\<>${}][^\s"'`\\<>]{2,255})/y;
const NETRC = /\s{1,4}[^\s"'\\]{1,128}(?:\s|\\{1,15}[nr]){1,4}password\s{1,4}([^\s"'\\<>$]{3,255})/y;
const AUTH_MEMBER = /\\{0,63}["']\s{0,4}:\s{0,4}\\{0,63}["']([A-Za-z0-9+/]{8,1024}={0,2})\\{0,63}["']/y;
const IDS = /^\d+(?::|$)/;
const LOOK_BACK = 160;
const WEB_CLIENT = /\b(?:curl|wget|https?)\b[^\n]{0,160}$/i;

/** Credentials on command lines and in the files that command-line tools keep. */
export const COMMAND_LINES: readonly AnchoredRule[] = [
  {
    anchors: [
      '--password',
      '--passphrase',
      '--token',
      '--api-key',
      '--apikey',
      '--secret',
      '--auth-token',
      '--access-token',
    ],
    match: matchFlag,
  },
  { anchors: [' -u', ' --user', '--proxy-user'], match: matchUser },
  { anchors: ['login '], match: (text, _start, end, spans) => addValue(NETRC, text, end - 1, spans) },
  { anchors: ['"auth', "'auth"], match: matchAuth },
];

function matchFlag(text: string, _start: number, end: number, spans: Span[]): number {
  FLAG_VALUE.lastIndex = end;
  const value = FLAG_VALUE.exec(text)?.[1];
  // `--token TOKEN` and `--password is required` are help texts.
  if (value === undefined || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return -1;
  return addSpan(spans, text, { start: FLAG_VALUE.lastIndex - value.length, end: FLAG_VALUE.lastIndex, rule: 'field' });
}

// `curl -u name:password`; other tools mean an account and a group by the same letter.
function matchUser(text: string, start: number, end: number, spans: Span[]): number {
  USER.lastIndex = end;
  const value = USER.exec(text)?.[1];
  if (value === undefined || IDS.test(value)) return -1;
  if (!WEB_CLIENT.test(text.slice(Math.max(0, start - LOOK_BACK), start))) return -1;
  return addSpan(spans, text, { start: USER.lastIndex - value.length, end: USER.lastIndex, rule: 'field' });
}

// Docker's configuration: base64 of `name:password` under `auth`.
function matchAuth(text: string, _start: number, end: number, spans: Span[]): number {
  AUTH_MEMBER.lastIndex = end;
  const found = AUTH_MEMBER.exec(text);
  const value = found?.[1] ?? '';
  if (found === null || !/^[\x20-\x7e]+:[\x20-\x7e]+$/.test(Buffer.from(value, 'base64').toString('latin1'))) return -1;
  const start = end + found[0].indexOf(value);
  return addSpan(spans, text, { start, end: start + value.length, rule: 'basic' });
}

function addValue(pattern: RegExp, text: string, at: number, spans: Span[]): number {
  pattern.lastIndex = at;
  const value = pattern.exec(text)?.[1];
  if (value === undefined) return -1;
  return addSpan(spans, text, { start: pattern.lastIndex - value.length, end: pattern.lastIndex, rule: 'field' });
}
