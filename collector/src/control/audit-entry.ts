import { createHash } from 'node:crypto';
import type { AuditEntry, Principal } from '@signalbox/event-model';
import { canonicalJson } from '../mapping/reading/coerce.ts';

/** What happened, before it has its place in the chain. */
export interface AuditDraft {
  actor: Principal;
  action: string;
  subject: Record<string, unknown>;
  reason?: string | null;
  detail?: Record<string, unknown>;
}

/** Hash before the first entry. */
export const FIRST_HASH = '0'.repeat(64);

/** The text an entry's hash covers: everything it says, with its place and time. */
export function entryText(seq: number, at: string, draft: AuditDraft): string {
  const { actor, action, subject, reason, detail } = draft;
  return canonicalJson({ seq, at, actor, action, subject, reason: reason ?? null, detail: detail ?? {} });
}

/** Hash of an entry: over the hash before it and its own text. */
export function entryHash(previousHash: string, text: string): string {
  return createHash('sha256').update(previousHash).update('\n').update(text).digest('hex');
}

/** What is wrong with a chain: the first entry that does not fit, and how. */
export interface AuditFault {
  seq: number;
  fault: 'changed' | 'missing' | 'cut' | 'head';
  detail: string;
}

/** An entry as stored, with the text that was hashed. */
export type StoredAuditEntry = AuditEntry & { text: string };

/** A point of the chain that was written outside the database. */
export interface AuditAnchor {
  seq: number;
  hash: string;
}

/** Checks entries one after the other; keeps nothing of them. */
export class ChainCheck {
  #seq = 0;
  #hash = FIRST_HASH;
  readonly #anchors: Map<number, string>;
  readonly #lastAnchor: number;

  constructor(anchors: readonly AuditAnchor[]) {
    this.#anchors = new Map(anchors.map(({ seq, hash }) => [seq, hash]));
    this.#lastAnchor = anchors.reduce((most, { seq }) => Math.max(most, seq), 0);
  }

  /** The fault of the next entry; null when it continues the chain. */
  next(entry: StoredAuditEntry): AuditFault | null {
    const { seq } = entry;
    const expected = this.#seq + 1;
    if (seq !== expected) return { seq: expected, fault: 'missing', detail: `entry ${expected} is missing` };
    const text = entryText(seq, entry.at, entry);
    if (entry.text !== text) return { seq, fault: 'changed', detail: `entry ${seq} does not say what was hashed` };
    if (entry.previousHash !== this.#hash || entry.hash !== entryHash(this.#hash, text))
      return { seq, fault: 'changed', detail: `entry ${seq} does not fit its hash` };
    const anchored = this.#anchors.get(seq);
    if (anchored !== undefined && anchored !== entry.hash)
      return {
        seq,
        fault: 'changed',
        detail: `entry ${seq} differs from the head that was written outside the database`,
      };
    this.#seq = seq;
    this.#hash = entry.hash;
    return null;
  }

  /** The fault at the end of the chain, where the database says it ends. */
  end(head: AuditAnchor): AuditFault | null {
    if (this.#seq < this.#lastAnchor) {
      const detail = `the chain ends at entry ${this.#seq}, but entry ${this.#lastAnchor} was written outside the database`;
      return { seq: this.#seq + 1, fault: 'cut', detail };
    }
    if (head.seq !== this.#seq || head.hash !== this.#hash)
      return {
        seq: this.#seq,
        fault: 'head',
        detail: `the head names entry ${head.seq}, the chain ends at ${this.#seq}`,
      };
    return null;
  }
}
