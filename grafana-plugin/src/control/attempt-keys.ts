/** Remembers under which key an order was sent: the same order again is the same attempt, any other is a new one. */
export class AttemptKeys {
  readonly #newKey: () => string;
  #last: { order: string; key: string } | null = null;

  constructor(newKey: () => string) {
    this.#newKey = newKey;
  }

  keyOf(order: unknown): string {
    const text = JSON.stringify(order);
    if (this.#last?.order !== text) this.#last = { order: text, key: this.#newKey() };
    return this.#last.key;
  }

  /** The attempt is over: whatever comes next is another one. */
  close(): void {
    this.#last = null;
  }
}
