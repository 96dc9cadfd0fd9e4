import { addSpan, type AnchoredRule, type Span } from './span.ts';
import { isInsideWord } from './token-rules.ts';
import { URL_LOGINS } from './url-logins.ts';

const PEM_WINDOW = 16_384;
const PEM_HEADER = /----(?:-BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-| BEGIN SSH2 [A-Z ]{0,20}PRIVATE KEY )----/y;
const PEM_BODY = /[A-Za-z0-9+/=\s\\:,.()-]{0,16384}/y;
const PEM_FOOTER = /----(?:-END [A-Z0-9 ]{0,60}-| END SSH2 [A-Z ]{0,40} )----/y;
const FOOTER_START = /----(?:-END | END )/;
const PUTTY_BODY = /Private-Lines:\s{0,4}\d{1,3}(?:(?:\s|\\{1,15}[rn]){1,4}[A-Za-z0-9+/=]{1,80}){1,200}/iy;
const JWT_PART = /[A-Za-z0-9_-]{8,16384}/y;
// Signed, unsigned (`alg` none: nothing behind the last dot) and encrypted ones, whose second part may be empty.
const JWT_REST = /\.{1,2}[A-Za-z0-9_-]{8,65536}(?:\.[A-Za-z0-9_-]{0,65536}){0,3}/y;
const BEARER = /\s{1,4}([A-Za-z0-9._~+/-]{16,4096}={0,2})/y;
const BASIC = /\s{1,4}([A-Za-z0-9+/]{8,1024}={0,2})/y;
const TELEGRAM = /:AA[A-Za-z0-9_-]{32,34}(?![A-Za-z0-9_-])/y;

/** Rules for secrets that are known by their shape: private keys, JWTs, credentials in URLs and in headers. */
export function createShapedRules(): readonly AnchoredRule[] {
  return [
    { anchors: ['-----begin ', '---- begin ssh2'], match: matchPrivateKey },
    { anchors: ['private-lines:'], match: matchPutty },
    { anchors: ['eyj'], match: createJwtMatcher() },
    URL_LOGINS,
    { anchors: ['bearer'], match: matchBearer },
    { anchors: ['basic'], match: matchBasic },
    { anchors: [':aa'], match: matchTelegram },
  ];
}

function matchPrivateKey(text: string, start: number, _end: number, spans: Span[]): number {
  PEM_HEADER.lastIndex = start;
  if (!PEM_HEADER.test(text)) return -1;
  const bodyAt = PEM_HEADER.lastIndex;
  const footerAt = bodyAt + text.slice(bodyAt, bodyAt + PEM_WINDOW).search(FOOTER_START);
  PEM_FOOTER.lastIndex = footerAt;
  if (footerAt >= bodyAt && PEM_FOOTER.test(text)) {
    return addSpan(spans, text, { start, end: PEM_FOOTER.lastIndex, rule: 'private_pem' });
  }
  // Cut off before its end: whatever can still be key material goes, and scanning goes on behind it.
  PEM_BODY.lastIndex = bodyAt;
  PEM_BODY.test(text);
  return addSpan(spans, text, { start, end: PEM_BODY.lastIndex, rule: 'private_pem' });
}

// PuTTY's own format: the private part follows the number of its lines.
function matchPutty(text: string, start: number, _end: number, spans: Span[]): number {
  PUTTY_BODY.lastIndex = start;
  if (!PUTTY_BODY.test(text)) return -1;
  return addSpan(spans, text, { start, end: PUTTY_BODY.lastIndex, rule: 'private_pem' });
}

// A run without a dot fails for every anchor inside it, so none of them is tried again: otherwise `eyJeyJeyJ…` would
// take quadratic time. Every scan has its own list of spans, which tells one scan from the next.
function createJwtMatcher(): AnchoredRule['match'] {
  let scan: Span[] | undefined;
  let hopelessUntil = 0;
  return (text, start, _end, spans) => {
    if (scan !== spans) hopelessUntil = 0;
    scan = spans;
    if (start < hopelessUntil) return -1;
    JWT_PART.lastIndex = start;
    if (!JWT_PART.test(text)) return -1;
    JWT_REST.lastIndex = JWT_PART.lastIndex;
    if (text.startsWith('eyJ', start) && JWT_REST.test(text)) {
      return addSpan(spans, text, { start, end: JWT_REST.lastIndex, rule: 'jwt' });
    }
    if (text[JWT_PART.lastIndex] !== '.') hopelessUntil = JWT_PART.lastIndex - 8;
    return -1;
  };
}

function matchBearer(text: string, start: number, end: number, spans: Span[]): number {
  BEARER.lastIndex = end;
  const found = isInsideWord(text, start) ? null : BEARER.exec(text);
  if (found === null || !/\d/.test(found[1] ?? '')) return -1;
  const last = BEARER.lastIndex;
  return addSpan(spans, text, { start: last - (found[1] ?? '').length, end: last, rule: 'bearer' });
}

// "Basic" starts many sentences: only base64 of `user:password` counts.
function matchBasic(text: string, start: number, end: number, spans: Span[]): number {
  BASIC.lastIndex = end;
  const found = isInsideWord(text, start) ? null : BASIC.exec(text);
  if (found === null || !/^[\x20-\x7e]*:[\x20-\x7e]*$/.test(Buffer.from(found[1] ?? '', 'base64').toString('latin1')))
    return -1;
  const last = BASIC.lastIndex;
  return addSpan(spans, text, { start: last - (found[1] ?? '').length, end: last, rule: 'basic' });
}

function matchTelegram(text: string, start: number, _end: number, spans: Span[]): number {
  let from = start;
  while (start - from < 11 && /\d/.test(text[from - 1] ?? '')) from--;
  TELEGRAM.lastIndex = start;
  if (start - from < 8 || start - from > 10 || !TELEGRAM.test(text)) return -1;
  return addSpan(spans, text, { start: from, end: TELEGRAM.lastIndex, rule: 'telegram' });
}
