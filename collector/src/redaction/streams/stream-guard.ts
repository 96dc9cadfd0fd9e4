import { createHash } from 'node:crypto';
import type { StreamChunk } from './stream-chunks.ts';
import { StreamWindow, type Release, type StreamRules } from './stream-window.ts';

/** Calls `run` after `ms` milliseconds unless the returned function is called before. */
export type Later = (ms: number, run: () => void) => () => void;

export interface StreamGuardOptions {
  rules: StreamRules;
  later: Later;
  /** Milliseconds since any fixed point. */
  now: () => number;
}

/** How long a piece may wait for the one that tells what it is. */
export const LONGEST_WAIT_MS = 200;
const MOST_STREAMS = 2000;
const IDLE_MS = 300_000;
const MOST_REMEMBERED = 512;
const LONGEST_KEY = 64;

interface Piece {
  chunk: StreamChunk;
  cameAt: number;
  release: Release;
}

interface Stream {
  window: StreamWindow;
  /** Number of the piece that comes next, where pieces are numbered. */
  next: number;
  /** Pieces that came before their predecessors, by number. */
  early: Map<number, Piece>;
  /** What became of the last pieces, so that one sent again becomes the same. */
  done: Map<string, string | Release[]>;
  cancel: (() => void) | undefined;
  /** When what waits is let go; undefined when nothing waits. */
  dueAt: number | undefined;
  usedAt: number;
}

/** Redacts texts that come in pieces: what is stored of a stream is what its whole text would have become. */
export class StreamGuard {
  readonly #options: StreamGuardOptions;
  /** In order of their last use. */
  readonly #streams = new Map<string, Stream>();
  #closed = false;

  constructor(options: StreamGuardOptions) {
    this.#options = options;
  }

  /** Resolves with the text to store for every piece, {@link LONGEST_WAIT_MS} later at the most. */
  redact(chunks: readonly StreamChunk[]): Promise<string[]> {
    return Promise.all(chunks.map((chunk) => new Promise<string>((resolve) => this.#take(chunk, resolve))));
  }

  /** Releases everything that waits, and from now on without waiting. */
  close(): void {
    this.#closed = true;
    for (const stream of this.#streams.values()) this.#giveUp(stream);
  }

  #take(chunk: StreamChunk, resolve: Release): void {
    const stream = this.#streamOf(chunk.stream);
    const key = keyOf(chunk);
    const before = stream.done.get(key);
    if (typeof before === 'string') return resolve(before);
    if (before !== undefined) {
      before.push(resolve);
      return;
    }
    const waiting = [resolve];
    remember(stream.done, key, waiting);
    this.#place(stream, chunk, (clean) => {
      stream.done.set(key, clean);
      for (const release of waiting) release(clean);
    });
    this.#watch(stream);
  }

  #place(stream: Stream, chunk: StreamChunk, release: Release): void {
    const piece = { chunk, cameAt: stream.usedAt, release };
    if (chunk.index === undefined) return add(stream, piece);
    if (chunk.index > stream.next) {
      stream.early.set(chunk.index, piece);
      return;
    }
    if (chunk.index < stream.next) return addAlone(this.#options.rules, chunk, release);
    stream.next++;
    add(stream, piece);
    for (let early = stream.early.get(stream.next); early !== undefined; early = stream.early.get(stream.next)) {
      stream.early.delete(stream.next++);
      add(stream, early);
    }
  }

  // Each piece has its own time to wait: in a text that flows, one waits at nearly any moment.
  #watch(stream: Stream): void {
    const since = stream.window.waitsSince ?? stream.early.values().next().value?.cameAt;
    if (this.#closed && since !== undefined) return this.#giveUp(stream);
    const dueAt = since === undefined ? undefined : since + LONGEST_WAIT_MS;
    if (dueAt === stream.dueAt) return;
    stream.cancel?.();
    stream.cancel = undefined;
    stream.dueAt = dueAt;
    if (dueAt === undefined) return;
    stream.cancel = this.#options.later(Math.max(0, dueAt - this.#options.now()), () => {
      this.#giveUp(stream);
      this.#watch(stream);
    });
  }

  #giveUp(stream: Stream): void {
    stream.cancel?.();
    stream.cancel = undefined;
    stream.dueAt = undefined;
    const early = [...stream.early].sort(([one], [other]) => one - other);
    stream.early.clear();
    for (const [index, piece] of early) {
      if (index !== stream.next) {
        stream.window.flush(false);
        stream.window.skip();
      }
      stream.next = index + 1;
      add(stream, piece);
    }
    stream.window.flush(false);
  }

  #streamOf(name: string): Stream {
    const now = this.#options.now();
    const known = this.#streams.get(name);
    this.#streams.delete(name);
    for (const [other, stream] of this.#streams) {
      if (this.#streams.size < MOST_STREAMS && now - stream.usedAt < IDLE_MS) break;
      this.#giveUp(stream);
      this.#streams.delete(other);
    }
    const stream = known ?? newStream(this.#options.rules);
    stream.usedAt = now;
    this.#streams.set(name, stream);
    return stream;
  }
}

function newStream(rules: StreamRules): Stream {
  const window = new StreamWindow(rules);
  return { window, next: 0, early: new Map(), done: new Map(), cancel: undefined, dueAt: undefined, usedAt: 0 };
}

function add({ window }: Stream, { chunk, cameAt, release }: Piece): void {
  window.add(chunk.text, cameAt, release);
  if (chunk.isLast) window.flush(true);
}

// One that comes after its place was given up has no neighbours any more.
function addAlone(rules: StreamRules, chunk: StreamChunk, release: Release): void {
  const window = new StreamWindow(rules);
  window.skip();
  window.add(chunk.text, 0, release);
  window.flush(false);
}

function remember(done: Stream['done'], key: string, waiting: Release[]): void {
  done.set(key, waiting);
  for (const [oldest, state] of done) {
    if (done.size <= MOST_REMEMBERED) return;
    if (typeof state === 'string') done.delete(oldest);
  }
}

function keyOf({ id, text, isLast }: StreamChunk): string {
  const written = text.length <= LONGEST_KEY ? text : createHash('sha256').update(text).digest('base64');
  return `${id}${isLast ? '!' : ''}:${written}`;
}
