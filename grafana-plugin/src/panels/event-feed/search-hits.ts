/** A stretch of text that does or does not match the search. */
export interface HitPiece {
  text: string;
  hit: boolean;
}

/** Splits a text at the words searched for, whatever their letter case. */
export function splitHits(text: string, search: string): HitPiece[] {
  const words = search.trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [{ text, hit: false }];
  const pattern = new RegExp(`(${words.map(escapePattern).join('|')})`, 'giu');
  return text
    .split(pattern)
    .map((piece, index) => ({ text: piece, hit: index % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}

function escapePattern(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
