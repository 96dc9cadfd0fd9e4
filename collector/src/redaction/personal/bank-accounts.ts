import { isInsideWord } from '../token-rules.ts';
import { addSpan, type AnchoredRule, type Span } from '../span.ts';
import { isAlphanumeric, isDigit } from '../characters.ts';

// Length of a whole number by country, from the IBAN registry of ISO 13616.
const COUNTRIES = (
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
  'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
  'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
  'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
).split(' ');
const LETTERS = 26;
const LENGTHS = new Uint8Array(LETTERS * LETTERS);
for (const country of COUNTRIES) LENGTHS[placeOf(country, 0)] = Number(country.slice(2));
const GROUP = 4;
const DIVISOR = 97;

/** International bank account numbers, in one piece or in groups of four, with their length and check number right. */
export const BANK_ACCOUNTS: AnchoredRule = {
  // With the first check digit: the two letters alone begin a word in every sentence.
  anchors: COUNTRIES.flatMap((country) => [...'0123456789'].map((digit) => country.slice(0, 2).toLowerCase() + digit)),
  match: (text, start, _end, spans: Span[]) => {
    const length = lengthAt(text, start);
    if (length === 0 || !isDigit(text.charCodeAt(start + 3)) || isInsideWord(text, start)) return -1;
    const end = endOfAccount(text, start, length);
    if (end < 0 || isAlphanumeric(text.charCodeAt(end)) || !passesCheck(text, start, end)) return -1;
    return addSpan(spans, text, { start, end, rule: 'iban' });
  },
};

function lengthAt(text: string, at: number): number {
  const isCountry = isCapital(text.charCodeAt(at)) && isCapital(text.charCodeAt(at + 1));
  return isCountry ? (LENGTHS[placeOf(text, at)] ?? 0) : 0;
}

function placeOf(text: string, at: number): number {
  return (text.charCodeAt(at) - 65) * LETTERS + text.charCodeAt(at + 1) - 65;
}

function endOfAccount(text: string, start: number, length: number): number {
  let at = start + GROUP;
  for (let count = GROUP; count < length; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code) || isCapital(code)) count++;
    else if (count % GROUP !== 0 || !isSeparator(code) || isSeparator(text.charCodeAt(at - 1))) return -1;
  }
  return at;
}

// ISO 7064: the first four characters moved to the end, letters counted from 10, the whole is 1 modulo 97. Only reckoned for
// what has the right length, and without a copy: a text may begin an account every five characters.
function passesCheck(text: string, start: number, end: number): boolean {
  let rest = 0;
  for (let at = start + GROUP; at < end; at++) {
    const code = text.charCodeAt(at);
    if (!isSeparator(code)) rest = withCharacter(rest, code);
  }
  for (let head = start; head < start + GROUP; head++) rest = withCharacter(rest, text.charCodeAt(head));
  return rest === 1;
}

function withCharacter(rest: number, code: number): number {
  return (isDigit(code) ? rest * 10 + code - 48 : rest * 100 + code - 55) % DIVISOR;
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

function isSeparator(code: number): boolean {
  return code === 32 || code === 45 || code === 0xa0;
}
