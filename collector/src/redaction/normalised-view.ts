/** A text with its disguises taken off, and where each of its characters came from. */
export interface NormalisedView {
  text: string;
  /** Start of character `at` in the original; one more entry than characters. */
  origins: Uint32Array;
}

const DISGUISE = /[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]|%[2-7][0-9A-Fa-f]|\\u00[2-7]/;
const PIECES = /([\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff])|%([2-7][0-9A-Fa-f])|\\{1,64}u00([2-7][0-9A-Fa-f])/g;

/** The view without zero-width characters, with percent-encoding and `\u00xx` undone; undefined when nothing is disguised. */
export function normalise(text: string): NormalisedView | undefined {
  if (!DISGUISE.test(text)) return undefined;
  const origins = new Uint32Array(text.length + 1);
  const parts: string[] = [];
  let length = 0;
  let from = 0;
  const keep = (to: number) => {
    parts.push(text.slice(from, to));
    for (; from < to; from++) origins[length++] = from;
  };
  for (const match of text.matchAll(PIECES)) {
    keep(match.index);
    const hex = match[2] ?? match[3];
    if (hex !== undefined) {
      parts.push(String.fromCharCode(Number.parseInt(hex, 16)));
      origins[length++] = match.index;
    }
    from = match.index + match[0].length;
  }
  keep(text.length);
  origins[length] = text.length;
  return { text: parts.join(''), origins };
}
