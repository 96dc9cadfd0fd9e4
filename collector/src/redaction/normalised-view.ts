/** A text with its disguises taken off, and where each of its characters came from. */
export interface NormalisedView {
  text: string;
  /** Start of character `at` in the original; one more entry than characters. */
  origins: Uint32Array;
}

const DISGUISE = /[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]|%[2-7][0-9A-Fa-f]|\\u00[2-7]/;
// Runs rather than single pieces: a match is the dear part.
const PIECES =
  /[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]+|((?:%[2-7][0-9A-Fa-f])+)|\\{1,64}u00([2-7][0-9A-Fa-f])/g;
const PERCENT_LENGTH = 3;

/** The view without zero-width characters, with percent-encoding and `\u00xx` undone; undefined when nothing is disguised. */
export function normalise(text: string): NormalisedView | undefined {
  if (!DISGUISE.test(text)) return undefined;
  const origins = new Uint32Array(text.length + 1);
  const parts: string[] = [];
  let length = 0;
  let from = 0;
  for (const match of text.matchAll(PIECES)) {
    parts.push(text.slice(from, match.index));
    for (; from < match.index; from++) origins[length++] = from;
    if (match[1] !== undefined) {
      parts.push(Buffer.from(match[1].replaceAll('%', ''), 'hex').toString('latin1'));
      for (let at = 0; at < match[1].length; at += PERCENT_LENGTH) origins[length++] = from + at;
    } else if (match[2] !== undefined) {
      parts.push(String.fromCharCode(Number.parseInt(match[2], 16)));
      origins[length++] = from;
    }
    from += match[0].length;
  }
  parts.push(text.slice(from));
  for (; from <= text.length; from++) origins[length++] = from;
  return { text: parts.join(''), origins };
}
