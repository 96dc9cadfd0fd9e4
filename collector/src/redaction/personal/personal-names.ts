import { addSpan, type AnchoredRule, type Span } from '../span.ts';
import { goesOn, isJsonNumber } from './number-bounds.ts';
import { isSocialSecurity } from './social-security.ts';

const SPACE = String.raw`(?:\s|\\{1,15}[nrt]){0,4}`;
// From the name to the value: the rest of the name, its quote, a sign or a word, the value's quote.
const GAP = new RegExp(
  String.raw`(?:[ _-]?(?:number|num|no|nr|id)\b)?\.?(?:\\{0,63}["'\`]|\*{1,2})?${SPACE}(?:[:=№#—–-]|is\b|это)?(?:\*{1,2})?${SPACE}(?:\\{0,63}["'\`])?`,
  'iy',
);
const RUSSIAN_GAP = new RegExp(
  String.raw`(?:[а-яё]{0,3}|\.)(?:\\{0,63}["'\`]|\*{1,2})?${SPACE}(?:[:=№#—–-]|это)?(?:\*{1,2})?${SPACE}(?:\\{0,63}["'«\`])?`,
  'iy',
);
const PHONE = /\+?\(?\d[\d ().\u00a0\u2011-]{8,20}/y;
const SSN = /\d{3}([- \u00a0]?)\d{2}\1\d{4}/y;
const FEWEST_DIGITS = 10;
const MOST_DIGITS = 15;

const SSN_NAME = /(?:^|[._\s-])(?:ssn|social_?security(?:_?(?:number|no|num))?)$/;
const PHONE_NAME =
  /(?:^|[._\s-])(?:(?:tele|cell|mobile_?|home_?|work_?)?phone(?:_?(?:number|no|num))?|mobile(?:_?number)?|msisdn|whatsapp|телефон|номер[_ ]телефона)$/;

/** Social security numbers that only the name beside them tells: digits without any separator. */
export const SOCIAL_SECURITY_NAMES: AnchoredRule = {
  anchors: ['ssn', 'social security', 'social_security', 'socialsecurity'],
  match: matchSocialSecurity,
};

/** Phone numbers that only the name beside them tells. */
export const PHONE_NAMES: readonly AnchoredRule[] = [
  { anchors: ['phone', 'mobile', 'msisdn', 'whatsapp'], match: matchPhone },
  { anchors: ['телефон', 'тел.', 'тел:'], match: matchRussianPhone },
];

/** The rule that takes an attribute's whole value for its name; undefined when it is none of these. */
export function personalRule(name: string, value: string): 'ssn' | 'phone' | undefined {
  const key = name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  if (SSN_NAME.test(key)) return isSocialSecurity(value.replace(/[ -]/g, '')) ? 'ssn' : undefined;
  return PHONE_NAME.test(key) && isPhone(value) ? 'phone' : undefined;
}

function isPhone(value: string): boolean {
  PHONE.lastIndex = 0;
  return PHONE.test(value) && PHONE.lastIndex === value.length && hasPhoneDigits(value);
}

function matchSocialSecurity(text: string, start: number, end: number, spans: Span[]): number {
  if (isLetter(text[start - 1])) return -1;
  const at = after(GAP, text, end);
  SSN.lastIndex = at;
  const found = SSN.exec(text)?.[0];
  if (found === undefined || !isSocialSecurity(found.replace(/\D/g, ''))) return -1;
  return addNumber(text, spans, { start: at, end: at + found.length, rule: 'ssn' });
}

function matchPhone(text: string, _start: number, end: number, spans: Span[]): number {
  return addPhone(text, after(GAP, text, end), spans);
}

function matchRussianPhone(text: string, start: number, end: number, spans: Span[]): number {
  return isLetter(text[start - 1]) ? -1 : addPhone(text, after(RUSSIAN_GAP, text, end), spans);
}

function addPhone(text: string, start: number, spans: Span[]): number {
  PHONE.lastIndex = start;
  const found = PHONE.exec(text)?.[0].replace(/[ ().\u00a0\u2011-]+$/, '');
  if (found === undefined || !hasPhoneDigits(found)) return -1;
  return addNumber(text, spans, { start, end: start + found.length, rule: 'phone' });
}

function addNumber(text: string, spans: Span[], span: Span): number {
  if (goesOn(text, span.end)) return -1;
  const { start, end, rule } = span;
  return addSpan(spans, text, { start, end, rule: isJsonNumber(text, start, end) ? 'number' : rule });
}

function hasPhoneDigits(written: string): boolean {
  const count = written.replace(/\D/g, '').length;
  return count >= FEWEST_DIGITS && count <= MOST_DIGITS;
}

function after(gap: RegExp, text: string, at: number): number {
  gap.lastIndex = at;
  return gap.test(text) ? gap.lastIndex : at;
}

function isLetter(char: string | undefined): boolean {
  return char !== undefined && /\p{L}/u.test(char);
}
