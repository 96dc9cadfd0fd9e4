import type { Span } from '../span.ts';
import { LONGEST_OPEN_END, type OpenEnd } from './open-ends.ts';

/** What a window asks of the redactor. */
export interface StreamRules {
  /** Secrets of a text: spans in order, without overlap. */
  find(text: string): readonly Span[];
  openEnd(text: string): OpenEnd | undefined;
  /** What stands in place of a secret; counted. */
  mark(rule: string, secret: string): string;
  text(value: string): string;
}

/** Receives the text of a piece that may be stored. */
export type Release = (clean: string) => void;

interface Piece {
  start: number;
  end: number;
  cameAt: number;
  release: Release;
}

const CONTEXT = 256;
/** A private key may be that long; nothing else is remembered so far back. */
const LONGEST_MEMORY = 16_384;
const RUN = /[A-Za-z0-9_.+/=%~-]{1,4096}/y;

/**
 * The last part of one text that comes in pieces. Secrets are looked for in what is remembered plus what is new, so one
 * that is cut anywhere is seen whole. A piece is released when nothing in it can still become part of a secret; until
 * then it waits. What was released stays: a secret whose first letters were let go loses all its others.
 */
export class StreamWindow {
  readonly #rules: StreamRules;
  #text = '';
  /** Pieces wait from here on. */
  #released = 0;
  /** Whether what was released last stood for a secret that may go on. */
  #endsMarked = false;
  /** Where text before is missing; the rest of a secret may stand there. */
  #gapAt: number | undefined;
  #waiting: Piece[] = [];

  constructor(rules: StreamRules) {
    this.#rules = rules;
  }

  /** When the piece came that waits longest; undefined when none waits. */
  get waitsSince(): number | undefined {
    return this.#waiting[0]?.cameAt;
  }

  /** Takes the next piece and releases all that is safe now. */
  add(text: string, cameAt: number, release: Release): void {
    const start = this.#text.length;
    this.#text += text;
    this.#waiting.push({ start, end: this.#text.length, cameAt, release });
    this.#settle('wait');
  }

  /** Says that pieces are missing before the next one. */
  skip(): void {
    this.#gapAt = this.#text.length;
    this.#endsMarked = false;
  }

  /** Releases everything. Without `isEnd` more may come, and what looks like the beginning of a secret is replaced. */
  flush(isEnd: boolean): void {
    if (this.#waiting.length > 0) this.#settle(isEnd ? 'end' : 'give up');
  }

  #settle(mode: 'wait' | 'give up' | 'end'): void {
    const spans = this.#secrets();
    const open = this.#rules.openEnd(this.#text);
    if (mode === 'give up' && open?.looksSecret) addOpen(spans, open, this.#text.length);
    const safe = mode === 'wait' ? this.#safeEnd(spans, open) : this.#text.length;
    for (let piece = this.#waiting[0]; piece !== undefined && piece.end <= safe; piece = this.#waiting[0]) {
      this.#waiting.shift();
      this.#release(piece, spans);
    }
    this.#forget(spans, open);
  }

  #secrets(): Span[] {
    const spans = [...this.#rules.find(this.#text)];
    const orphan = this.#orphan();
    if (orphan === undefined || !looksLikePiece(this.#text.slice(orphan.start, orphan.end))) return spans;
    const apart = spans.filter((span) => span.end <= orphan.start || span.start >= orphan.end);
    return [...apart, orphan].sort((one, other) => one.start - other.start);
  }

  // After a gap, the first run of letters may be the rest of a secret whose beginning nobody saw.
  #orphan(): Span | undefined {
    if (this.#gapAt === undefined) return undefined;
    RUN.lastIndex = this.#gapAt;
    return RUN.test(this.#text) ? { start: this.#gapAt, end: RUN.lastIndex, rule: 'piece' } : undefined;
  }

  #safeEnd(spans: readonly Span[], open: OpenEnd | undefined): number {
    const end = this.#text.length;
    const starts = [spans.at(-1), this.#orphan()]
      .filter((span) => span !== undefined && this.#reachesEnd(span))
      .map((span) => span?.start ?? end);
    if (open !== undefined) starts.push(open.at);
    const safe = Math.min(end, ...starts);
    // One that long is a secret already and goes as it comes; there is nothing to wait for.
    return end - safe > LONGEST_OPEN_END ? end : safe;
  }

  // The backslash before a quote is not counted to a value, but the quote may be in the next piece.
  #reachesEnd(span: Span): boolean {
    return span.end === this.#text.length || /^\\+$/.test(this.#text.slice(span.end));
  }

  #release({ start, end, release }: Piece, spans: readonly Span[]): void {
    let clean = '';
    let from = start;
    let wasMarked = false;
    for (const span of spans) {
      if (span.end <= start || span.start >= end) continue;
      wasMarked = true;
      clean += this.#text.slice(from, Math.max(from, span.start));
      // One that began in an earlier piece has its marker there, unless its beginning was let go.
      if (span.start >= start || !this.#endsMarked)
        clean += this.#rules.mark(span.rule, this.#text.slice(span.start, span.end));
      from = Math.min(end, span.end);
    }
    clean += this.#text.slice(from, end);
    this.#endsMarked = spans.some((span) => span.start < end && span.end >= end) || (start === end && this.#endsMarked);
    this.#released = end;
    // A replacement can free its neighbour to be recognised.
    release(wasMarked ? this.#rules.text(clean) : clean);
  }

  // Kept: what gives later text its meaning, back to the beginning of whatever is unfinished.
  #forget(spans: readonly Span[], open: OpenEnd | undefined): void {
    // A secret that ends in a piece that waits is only seen again with its beginning.
    const needed = spans.find((span) => span.end > this.#released || this.#reachesEnd(span));
    const unfinished = Math.min(needed?.start ?? this.#released, open?.at ?? this.#released);
    const oldest = this.#waiting[0]?.start ?? this.#text.length;
    const cut = Math.min(
      Math.max(Math.min(this.#released, unfinished) - CONTEXT, this.#text.length - LONGEST_MEMORY),
      oldest,
      this.#released,
    );
    if (cut <= 0) return;
    this.#text = this.#text.slice(cut);
    this.#released -= cut;
    if (this.#gapAt !== undefined) this.#gapAt = this.#gapAt < cut ? undefined : this.#gapAt - cut;
    this.#waiting = this.#waiting.map((piece) => ({ ...piece, start: piece.start - cut, end: piece.end - cut }));
  }
}

function addOpen(spans: Span[], open: OpenEnd, end: number): void {
  const start = Math.min(open.at, ...spans.filter((span) => span.end > open.at).map((span) => span.start));
  while ((spans.at(-1)?.end ?? 0) > start) spans.pop();
  spans.push({ start, end, rule: 'partial' });
}

function looksLikePiece(run: string): boolean {
  return run.length >= 20 || (run.length >= 4 && /[A-Za-z]/.test(run) && (/\d/.test(run) || /[a-z][A-Z]/.test(run)));
}
