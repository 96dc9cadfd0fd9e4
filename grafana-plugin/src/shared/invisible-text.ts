/** A stretch of text as it is, or one character that would not be seen or would turn the order of others around. */
export type SeenPiece = { kind: 'text'; text: string } | { kind: 'invisible'; code: string };

/**
 * Code points that make a text look other than it is: controls but tab and line feed, soft hyphens, fillers, direction
 * marks, overrides and isolates, zero-width characters, line separators, variation selectors, tags.
 */
const HIDDEN: [number, number][] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0e],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe0fff],
];

/** Splits a text so that nothing in it can hide. */
export function splitInvisible(text: string): SeenPiece[] {
  const pieces: SeenPiece[] = [];
  let end = 0;
  let at = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (isHidden(code)) {
      if (at > end) pieces.push({ kind: 'text', text: text.slice(end, at) });
      pieces.push({ kind: 'invisible', code: `U+${code.toString(16).toUpperCase().padStart(4, '0')}` });
      end = at + character.length;
    }
    at += character.length;
  }
  if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end) });
  return pieces;
}

/** Whether a text holds such characters. */
export function hidesCharacters(text: string): boolean {
  return splitInvisible(text).some((piece) => piece.kind === 'invisible');
}

function isHidden(code: number): boolean {
  // Most of a text is plain letters.
  if (code >= 0x20 && code < 0x7f) return false;
  return HIDDEN.some(([from, to]) => code >= from && code <= to);
}
