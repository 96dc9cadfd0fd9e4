const SHORTEST = 20;
const LONGEST = 1_048_576;
const PROBE_CHARS = 64;
const SHORTEST_LINE = 60;
// A line break of wrapped base64, as it is or as JSON writes it.
const BREAK = /(?:\r?\n|(?:\\{1,7}r)?\\{1,7}n)(?=[A-Za-z0-9+/_-])/y;
const BREAKS = /\\+[rn]|\s/g;

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
 * Finds base64 of 20 and more characters that decodes to text. A run that long covers every 20th position, so only those
 * are looked at; images and hashes fail on their first decoded bytes.
 */
export function* base64Runs(text: string): IterableIterator<Base64Run> {
  for (let probe = SHORTEST - 1; probe < text.length; probe += SHORTEST) {
    if (!isBase64(text, probe)) continue;
    let start = probe;
    while (start > 0 && probe - start < SHORTEST && isBase64(text, start - 1)) start--;
    const end = endOfRun(text, start, probe + 1);
    if (end - start >= SHORTEST && isText(decode(text, start, Math.min(end, start + PROBE_CHARS)))) {
      let padded = end;
      while (text[padded] === '=') padded++;
      yield { start, end: padded, decoded: decode(text, start, end) };
    }
    probe = Math.max(probe, end - 1);
  }
}

function endOfRun(text: string, start: number, from: number): number {
  let end = from;
  for (let line = start; ; line = end) {
    while (end < text.length && end - start < LONGEST && isBase64(text, end)) end++;
    if (end - line < SHORTEST_LINE || end - start >= LONGEST) return end;
    BREAK.lastIndex = end;
    if (!BREAK.test(text)) return end;
    end = BREAK.lastIndex;
  }
}

function decode(text: string, start: number, end: number): string {
  return Buffer.from(text.slice(start, end).replace(BREAKS, ''), 'base64').toString('latin1');
}

function isText(decoded: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(decoded);
}

function isBase64(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 && IS_BASE64[code] === 1;
}
