import type { AnchoredRule, Span } from './span.ts';

/** Anchors consist of characters below this: Latin and Cyrillic. */
const ALPHABET_END = 0x460;

interface Node {
  next: Map<number, number>;
  fail: number;
  rules: Map<AnchoredRule, number>;
}

/** Where to look for anchors, and after how many spans to stop. */
export interface ScanBounds {
  from: number;
  to: number;
  most: number;
}

/** Adds what the rules find in a text to `spans`. Rules see the whole text, wherever their anchors are looked for. */
export type AnchorScan = (text: string, spans: Span[], bounds?: ScanBounds) => void;

/**
 * Finds all anchors of all rules in one pass (Aho-Corasick, compiled to a table) and lets their rules look. One table
 * step a character, whatever the number of rules: that is what makes scanning affordable.
 */
export function createAnchorScanner(rules: readonly AnchoredRule[]): AnchorScan {
  const classes = new Uint8Array(ALPHABET_END);
  const classCount = numberClasses(rules, classes);
  const nodes = buildTrie(rules, classes);
  const { table, hits } = compile(nodes, classCount);

  return (text, spans, { from, to, most } = { from: 0, to: text.length, most: Infinity }) => {
    let state = 0;
    for (let at = from; at < to; at++) {
      const code = text.charCodeAt(at);
      state = table[state + (code < ALPHABET_END ? (classes[code] as number) : 0)] as number;
      if (state < hits.from) continue;
      const resume = tryRules(hits.rules[(state - hits.from) / classCount], text, at + 1, spans);
      if (resume <= at) continue;
      if (spans.length > most) return;
      at = resume - 1;
      state = 0;
    }
  };
}

function tryRules(found: [AnchoredRule, number][] | undefined, text: string, end: number, spans: Span[]): number {
  for (const [rule, length] of found ?? []) {
    const resume = rule.match(text, end - length, end, spans);
    if (resume >= 0) return resume;
  }
  return -1;
}

// Letters share a class with their other case; characters in no anchor are class 0.
function numberClasses(rules: readonly AnchoredRule[], classes: Uint8Array): number {
  let count = 1;
  for (const char of rules.flatMap((rule) => rule.anchors).join('')) {
    const code = char.charCodeAt(0);
    if (classes[code] !== 0) continue;
    classes[code] = count;
    classes[char.toUpperCase().charCodeAt(0)] = count;
    count++;
  }
  return count;
}

function buildTrie(rules: readonly AnchoredRule[], classes: Uint8Array): Node[] {
  const nodes: Node[] = [newNode()];
  for (const rule of rules) {
    for (const anchor of rule.anchors) nodeFor(nodes, anchor, classes).rules.set(rule, anchor.length);
  }
  const queue = [0];
  for (let at = 0; at < queue.length; at++) {
    const index = queue[at] as number;
    for (const [letter, child] of (nodes[index] as Node).next) {
      linkFailure(nodes, index, letter, child);
      queue.push(child);
    }
  }
  return nodes;
}

function nodeFor(nodes: Node[], anchor: string, classes: Uint8Array): Node {
  let current = 0;
  for (const char of anchor) {
    const letter = classes[char.charCodeAt(0)] as number;
    const node = nodes[current] as Node;
    const next = node.next.get(letter) ?? nodes.push(newNode()) - 1;
    node.next.set(letter, next);
    current = next;
  }
  return nodes[current] as Node;
}

function linkFailure(nodes: Node[], parent: number, letter: number, child: number): void {
  const node = nodes[child] as Node;
  node.fail = parent === 0 ? 0 : stepFrom(nodes, (nodes[parent] as Node).fail, letter);
  for (const [rule, length] of (nodes[node.fail] as Node).rules) {
    if (!node.rules.has(rule)) node.rules.set(rule, length);
  }
}

function stepFrom(nodes: Node[], from: number, letter: number): number {
  for (let state = from; ; state = (nodes[state] as Node).fail) {
    const next = (nodes[state] as Node).next.get(letter);
    if (next !== undefined) return next;
    if (state === 0) return 0;
  }
}

interface Compiled {
  table: Int32Array;
  /** States from `from` on end an anchor; they are numbered last so that one comparison tells. */
  hits: { from: number; rules: [AnchoredRule, number][][] };
}

function compile(nodes: Node[], classCount: number): Compiled {
  const quiet = nodes.flatMap((node, at) => (node.rules.size === 0 ? [at] : []));
  const loud = nodes.flatMap((node, at) => (node.rules.size === 0 ? [] : [at]));
  const order = [...quiet, ...loud];
  const offsets = new Map(order.map((index, position) => [index, position * classCount]));
  const table = new Int32Array(nodes.length * classCount);
  for (const index of order) {
    const offset = offsets.get(index) ?? 0;
    for (let letter = 1; letter < classCount; letter++) {
      table[offset + letter] = offsets.get(stepFrom(nodes, index, letter)) ?? 0;
    }
  }
  const rules = loud.map((index) => [...(nodes[index] as Node).rules].sort((one, other) => other[1] - one[1]));
  return { table, hits: { from: quiet.length * classCount, rules } };
}

function newNode(): Node {
  return { next: new Map(), fail: 0, rules: new Map() };
}
