import { addSpan, type AnchoredRule, type Span } from '../span.ts';
import { isDigit } from '../characters.ts';
import { continuesWord, goesOn } from './number-bounds.ts';

// No area 000, 666 or 9xx, no group 00, no serial 0000 was ever given out.
const VALID = /^(?!000|666|9)\d{3}(?!00)\d\d(?!0000)\d{4}$/;
const REST = /-\d\d-\d{4}/y;
const AREA = 3;
const HYPHEN = 45;

/** Whether nine digits are a social security number of the United States. */
export function isSocialSecurity(digits: string): boolean {
  return VALID.test(digits);
}

/** Social security numbers with their two hyphens; without them only a name beside tells (see personal-names). */
export const SOCIAL_SECURITY: AnchoredRule = {
  anchors: [...'0123456789'].map((digit) => `-${digit}`),
  match: (text, at, _end, spans: Span[]) => {
    if (text.charCodeAt(at + 3) !== HYPHEN || !isDigit(text.charCodeAt(at - AREA))) return -1;
    const start = at - AREA;
    REST.lastIndex = at;
    if (!REST.test(text) || continuesWord(text, start)) return -1;
    const end = REST.lastIndex;
    if (goesOn(text, end) || !isSocialSecurity(text.slice(start, end).replaceAll('-', ''))) return -1;
    return addSpan(spans, text, { start, end, rule: 'ssn' });
  },
};
