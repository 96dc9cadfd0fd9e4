/** Deep nesting is no payload anybody wrote. */
const MAX_DEPTH = 64;

/** A value and the place in the text where it ends. */
export interface PythonLiteral {
  value: unknown;
  end: number;
}

/**
 * Reads a Python literal (dict, list, tuple, string, number, True, False, None) as its `repr` prints it, from `at` on;
 * null where the text is none, as with objects of classes or a text that was cut.
 */
export function readPythonLiteral(text: string, at: number): PythonLiteral | null {
  const reader = new LiteralReader(text, at);
  try {
    return { value: reader.value(0), end: reader.at };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' };
const CODED: Record<string, number> = { x: 2, u: 4, U: 8 };
const WORDS: [string, unknown][] = [
  ['True', true],
  ['False', false],
  ['None', null],
];

class LiteralReader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new SyntaxError('too deep');
    this.#skipSpace();
    const next = this.#text[this.#at];
    if (next === '{') return this.#dict(depth);
    if (next === '[') return this.#list(']', depth);
    if (next === '(') return this.#list(')', depth);
    if (next === "'" || next === '"') return this.#string(next);
    return this.#word();
  }

  #dict(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.#at++;
    while (!this.#take('}')) {
      const key = this.value(depth + 1);
      if (!this.#take(':')) throw new SyntaxError('no value');
      entries.push([String(key), this.value(depth + 1)]);
      this.#separator('}');
    }
    return Object.fromEntries(entries);
  }

  #list(close: string, depth: number): unknown[] {
    const items: unknown[] = [];
    this.#at++;
    while (!this.#take(close)) {
      items.push(this.value(depth + 1));
      this.#separator(close);
    }
    return items;
  }

  #string(quote: string): string {
    let read = '';
    this.#at++;
    for (;;) {
      const char = this.#text[this.#at++];
      if (char === undefined) throw new SyntaxError('the text ends in a string');
      if (char === quote) return read;
      read += char === '\\' ? this.#escape() : char;
    }
  }

  #escape(): string {
    const char = this.#text[this.#at++] ?? '';
    const digits = CODED[char];
    if (digits === undefined) return ESCAPES[char] ?? `\\${char}`;
    const code = this.#text.slice(this.#at, this.#at + digits);
    if (!/^[0-9a-f]+$/i.test(code) || code.length < digits || parseInt(code, 16) > 0x10ffff)
      throw new SyntaxError('no character');
    this.#at += digits;
    return String.fromCodePoint(parseInt(code, 16));
  }

  #word(): unknown {
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    const pattern = /-?\d+(\.\d+)?(e[+-]?\d+)?/iy;
    pattern.lastIndex = this.#at;
    const number = pattern.exec(this.#text)?.[0];
    if (number === undefined) throw new SyntaxError('no literal');
    this.#at += number.length;
    return Number(number);
  }

  #separator(close: string): void {
    if (this.#take(',')) return;
    this.#skipSpace();
    if (this.#text[this.#at] !== close) throw new SyntaxError('no separator');
  }

  #take(char: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }
}
