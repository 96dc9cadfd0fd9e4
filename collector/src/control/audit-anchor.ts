import { appendFileSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '../lifecycle/start-error.ts';
import type { AuditAnchor } from './audit-entry.ts';

/** Name of the file of heads in the data folder. */
export const ANCHOR_FILE = 'audit-heads.jsonl';

const EVERY_MS = 1_000;

/**
 * Writes the end of the audit chain to a file outside the database whenever it moved, so that cutting the chain's tail
 * is found out too. One JSON line `{at, seq, hash}` each.
 */
export class AuditAnchorFile {
  readonly #path: string;
  readonly #head: () => Promise<AuditAnchor>;
  readonly #report: (error: unknown) => void;
  #last = -1;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string, head: () => Promise<AuditAnchor>, report: (error: unknown) => void) {
    this.#path = file;
    this.#head = head;
    this.#report = report;
  }

  start(): void {
    const folder = path.dirname(this.#path);
    try {
      mkdirSync(folder, { recursive: true });
      closeSync(openSync(this.#path, 'a', 0o600));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new StartError(
        `The heads of the audit cannot be kept in ${folder}: ${reason}. Make the folder writable, or name another one in SIGNALBOX_DATA_DIR.`,
        { cause },
      );
    }
    this.#timer ??= setInterval(() => void this.write(), EVERY_MS).unref();
  }

  /** Writes the head now if it moved since the last time. */
  write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeOnce()).catch(this.#report);
    return this.#writing;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.write();
  }

  async #writeOnce(): Promise<void> {
    const { seq, hash } = await this.#head();
    if (seq === this.#last || seq === 0) return;
    const file = openSync(this.#path, 'a', 0o600);
    try {
      appendFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), seq, hash })}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    this.#last = seq;
  }
}

/** The anchors in a file; an unreadable line is an error, since a check must not pass over it. */
export function readAnchors(file: string): AuditAnchor[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, at) => {
    if (line === '') return [];
    try {
      const { seq, hash } = JSON.parse(line) as AuditAnchor;
      if (Number.isSafeInteger(seq) && /^[0-9a-f]{64}$/.test(hash)) return [{ seq, hash }];
    } catch {
      // Falls through to the error that names the line.
    }
    throw new Error(`${file}: line ${at + 1} is no audit head`);
  });
}
