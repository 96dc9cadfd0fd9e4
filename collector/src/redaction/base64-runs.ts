const SHORTEST = 24;
const LONGEST = 1_048_576;
const PROBE_CHARS = 64;

const IS_BASE64 = new Uint8Array(128);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')
  IS_BASE64[char.charCodeAt(0)] = 1;

/** Base64 in a text that decodes to text. */
export interface Base64Run {
  start: number;
  end: number;
  decoded: string;
}

/**
 * Finds base64 of 24 and more characters that decodes to text. A run that long covers every 24th position, so only those
 * are looked at; images and hashes fail on their first decoded bytes.
 */
export function* base64Runs(text: string): IterableIterator<Base64Run> {
  for (let probe = SHORTEST - 1; probe < text.length; probe += SHORTEST) {
    if (!isBase64(text, probe)) continue;
    let start = probe;
    while (start > 0 && probe - start < SHORTEST && isBase64(text, start - 1)) start--;
    let end = probe + 1;
    while (end < text.length && end - start < LONGEST && isBase64(text, end)) end++;
    if (end - start >= SHORTEST && isText(decode(text, start, Math.min(end, start + PROBE_CHARS)))) {
      const decoded = decode(text, start, end);
      while (text[end] === '=') end++;
      yield { start, end, decoded };
    }
    probe = Math.max(probe, end - 1);
  }
}

function decode(text: string, start: number, end: number): string {
  return Buffer.from(text.slice(start, end), 'base64').toString('latin1');
}

function isText(decoded: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(decoded);
}

function isBase64(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 && IS_BASE64[code] === 1;
}
