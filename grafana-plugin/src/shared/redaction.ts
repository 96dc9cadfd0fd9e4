/** A stretch of text, or a place where the collector took something out before storing it. */
export type TextPiece = { kind: 'text'; text: string } | { kind: 'redacted'; rule: string; fingerprint: string };

const MARKER = /\[redacted:([a-z0-9_.-]+):([A-Za-z0-9_-]+)\]/g;

/** Splits a text at its redaction markers. */
export function splitRedactions(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(MARKER)) {
    if (match.index > end) pieces.push({ kind: 'text', text: text.slice(end, match.index) });
    pieces.push({ kind: 'redacted', rule: match[1] ?? '', fingerprint: match[2] ?? '' });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end) });
  return pieces;
}
