/** A value of an OTLP attribute or log body. Integers beyond 2^53 stay bigint; a kvlist is an {@link Attributes}. */
export type AttributeValue = string | number | bigint | boolean | null | Uint8Array | AttributeValue[] | Attributes;

const INDEX_FROM = 24;

/**
 * Key/value list of a span, log record, scope or resource. Kept as two arrays because that is what decoding produces
 * cheapest; look-ups scan short lists and build an index for long ones. Names are data: a sender's `__proto__` is a
 * key like any other. With a repeated key the last value wins.
 */
export class Attributes {
  readonly keys: readonly string[];
  readonly values: readonly AttributeValue[];
  #index: Map<string, number> | undefined;

  constructor(keys: readonly string[], values: readonly AttributeValue[]) {
    this.keys = keys;
    this.values = values;
  }

  get size(): number {
    return this.keys.length;
  }

  get(key: string): AttributeValue | undefined {
    const at = this.keys.length < INDEX_FROM ? this.keys.lastIndexOf(key) : this.#indexed().get(key);
    return at === undefined || at < 0 ? undefined : this.values[at];
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  *entries(): IterableIterator<[string, AttributeValue]> {
    for (let at = 0; at < this.keys.length; at++) {
      const key = this.keys[at];
      const value = this.values[at];
      if (key !== undefined && value !== undefined) yield [key, value];
    }
  }

  #indexed(): Map<string, number> {
    this.#index ??= new Map(this.keys.map((key, at) => [key, at]));
    return this.#index;
  }
}

/** The list without entries. */
export const NO_ATTRIBUTES = new Attributes([], []);
