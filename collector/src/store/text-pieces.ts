/**
 * Cuts long texts so that what repeats can be stored once. A conversation's history is sent again with every model
 * call, as a JSON array that grows at its end; cutting out the array's elements makes all but the newest identical
 * between calls. Joining the pieces gives back the text exactly, whether or not it is valid JSON.
 */
const PIECE_FROM = 128;
const SPLIT_FROM = 1024;
const DEPTH_LIMIT = 64;

interface Element {
  start: number;
  end: number;
  children: Element[];
}

/**
 * Pieces of `text` in order; joined they are the text. Short texts come back whole. What stands between two elements
 * goes with the later one: a message then has the same piece in every call but the first that carries it last.
 */
export function splitText(text: string): string[] {
  const first = text.charCodeAt(0);
  const looksLikeJson = first === OPEN_ARRAY || first === OPEN_OBJECT;
  if (text.length < SPLIT_FROM || !looksLikeJson) return [text];
  const pieces: string[] = [];
  const from = cut({ text, pieces }, { start: 0, end: text.length, children: findElements(text) }, 0);
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

/** Emits the pieces of one element from `from` on; returns where the uncut rest begins. */
function cut(into: { text: string; pieces: string[] }, element: Element, from: number): number {
  const { text, pieces } = into;
  let uncut = from;
  for (const child of element.children) {
    const size = child.end - child.start;
    if (size < PIECE_FROM) continue;
    if (child.start - uncut >= PIECE_FROM) {
      pieces.push(text.slice(uncut, child.start));
      uncut = child.start;
    }
    if (size >= SPLIT_FROM && child.children.length > 0) uncut = cut(into, child, uncut);
    pieces.push(text.slice(uncut, child.end));
    uncut = child.end;
  }
  return uncut;
}

interface Open {
  inArray: boolean;
  element: Element | undefined;
}

const QUOTE = 0x22;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Objects that are elements of arrays, nested as they stand in the text. Tolerates text that ends early. */
function findElements(text: string): Element[] {
  const found: Element[][] = [[]];
  const open: Open[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      if (open.length >= DEPTH_LIMIT) break;
      enter(code, at, open, found);
    } else if ((code === CLOSE_ARRAY || code === CLOSE_OBJECT) && !leave(at, open, found)) break;
  }
  for (const { element } of open) if (element) element.end = text.length;
  return found[0] ?? [];
}

function enter(code: number, at: number, open: Open[], found: Element[][]): void {
  const isElement = code === OPEN_OBJECT && open.at(-1)?.inArray === true;
  const element: Element | undefined = isElement ? { start: at, end: at, children: [] } : undefined;
  if (element) {
    found.at(-1)?.push(element);
    found.push(element.children);
  }
  open.push({ inArray: code === OPEN_ARRAY, element });
}

function leave(at: number, open: Open[], found: Element[][]): boolean {
  const closed = open.pop();
  if (closed?.element) {
    closed.element.end = at + 1;
    found.pop();
  }
  return closed !== undefined;
}

function endOfString(text: string, quote: number): number {
  for (let at = text.indexOf('"', quote + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}
