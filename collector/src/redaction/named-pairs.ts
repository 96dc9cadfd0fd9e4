import { quotedAt, redactList, redactQuoted } from './quoted-values.ts';
import { isSecretName } from './secret-names.ts';
import type { AnchoredRule, Span } from './span.ts';

const SPACE = String.raw`(?:\s|\\{1,15}[nrt]){0,8}`;
const QUOTE = String.raw`\\{0,63}["']`;
const VALUE_MEMBER = `${QUOTE}(?:value|val|string_?value|header_?value)${QUOTE}${SPACE}:${SPACE}`;
const NAME_MEMBER = `${QUOTE}(?:name|key|header|field|param|header_?name|variable)${QUOTE}${SPACE}:${SPACE}`;
// `{"name":"authorization","value":"…"}`, also with the value one object deeper or in a list.
const VALUE_AFTER = new RegExp(
  `${QUOTE}${SPACE},${SPACE}${VALUE_MEMBER}(?:\\{${SPACE}${VALUE_MEMBER})?(\\[${SPACE})?`,
  'iy',
);
// `["authorization","…"]` and flat lists of headers.
const NEXT_IN_LIST = new RegExp(`${QUOTE}${SPACE},${SPACE}(?=${QUOTE})`, 'y');
const VALUE_BEFORE = new RegExp(`value${QUOTE}${SPACE}:${SPACE}(?=${QUOTE})`, 'iy');
const NAME_AFTER = new RegExp(
  `${QUOTE}${SPACE}\\}?${SPACE},${SPACE}${NAME_MEMBER}${QUOTE}([^"'\\\\]{1,64})${QUOTE}`,
  'iy',
);
const LONGEST_VALUE_BEFORE = 8192;
const CREDENTIAL = /^(?:(?:bearer|basic|token|digest)\s\S|(?=\S*\d)\S{8,}$|\S{1,64}=\S*;?)/i;

/** Value that stands after its name in a pair of members or list entries. `nameEnd` is where the name's quote closes. */
export function matchPairedValue(text: string, nameEnd: number, spans: Span[]): number {
  VALUE_AFTER.lastIndex = nameEnd;
  const member = VALUE_AFTER.exec(text);
  if (member !== null) {
    const at = VALUE_AFTER.lastIndex;
    return member[1] === undefined ? redactQuoted(text, at, spans) : redactList(text, at, spans);
  }
  NEXT_IN_LIST.lastIndex = nameEnd;
  if (!NEXT_IN_LIST.test(text)) return -1;
  const at = NEXT_IN_LIST.lastIndex;
  const value = quotedAt(text, at);
  // A list of names (`"required":["password","email"]`) looks the same; its next member is no credential.
  const written = value === undefined ? '' : text.slice(value.start, Math.min(value.end, value.start + 200));
  return CREDENTIAL.test(written) && !isSecretName(written) ? redactQuoted(text, at, spans) : -1;
}

/** The value of a pair whose name comes second: `{"value":"…","name":"authorization"}`. */
export const VALUES_BEFORE_NAMES: AnchoredRule = {
  anchors: ['value"', 'value\\', "value'"],
  match: (text, start, _end, spans) => {
    VALUE_BEFORE.lastIndex = start;
    if (!VALUE_BEFORE.test(text)) return -1;
    const at = VALUE_BEFORE.lastIndex;
    const value = quotedAt(text, at);
    if (value === undefined || value.end - value.start > LONGEST_VALUE_BEFORE) return -1;
    NAME_AFTER.lastIndex = value.end;
    const name = NAME_AFTER.exec(text)?.[1];
    return name !== undefined && isSecretName(name) ? redactQuoted(text, at, spans) : -1;
  },
};
