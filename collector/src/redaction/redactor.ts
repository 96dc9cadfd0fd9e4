import { createHmac, randomBytes } from 'node:crypto';
import { Attributes, type AttributeValue } from '../telemetry/attributes.ts';
import type { TelemetryBatch } from '../telemetry/records.ts';
import { redactBatch } from './batch-redactor.ts';
import { createSecretFinder, MOST_SECRETS, type Place, type SecretFinder } from './find-secrets.ts';
import { keepsJsonShape } from './json-shape.ts';
import { keptIn } from './personal/identity-names.ts';
import { personalRule } from './personal/personal-names.ts';
import { isSecretName } from './secret-names.ts';
import { isMarked, type Keep, type Span } from './span.ts';
import { NO_OWN_RULES, type OwnRules } from './own-rules/own-rules.ts';
import { createOpenEnds } from './streams/open-ends.ts';
import type { StreamRules } from './streams/stream-window.ts';

/** Takes secrets out of telemetry before anything stores, publishes, logs or shows it. Pure but for its counters. */
export interface Redactor {
  /** `keep` says what stays although a rule takes it. */
  text(value: string, keep?: Keep): string;
  /** Redacts at any depth; under a secret name (`password`, `http.request.header.authorization`) the value goes whole. */
  value(value: AttributeValue, key?: string): AttributeValue;
  batch(batch: TelemetryBatch): TelemetryBatch;
  /** The same rules for texts that come in pieces. */
  readonly stream: StreamRules;
  /** Replacements by rule since the redactor was made. */
  counts(): Record<string, number>;
}

export interface RedactorOptions {
  /** Key of the fingerprints in markers: with the same key, equal secrets get equal markers. Random by default. */
  hmacKey?: Uint8Array | string;
  /** Rules the operator wrote, besides the built-in ones. */
  ownRules?: OwnRules;
}

/**
 * Makes a redactor. A secret becomes `[redacted:<rule>:<8 hex digits>]` (a bare JSON number becomes 0); everything around
 * it stays as it was, byte for byte. Redacting twice changes nothing. When the engine fails, the whole field is replaced.
 */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  return new SecretRedactor(options.hmacKey ?? randomBytes(32), options.ownRules ?? NO_OWN_RULES);
}

const MOST_ROUNDS = 8;
const LEAST_CARD = 1e13;

class SecretRedactor implements Redactor {
  readonly #hmacKey: Uint8Array | string;
  readonly #finder: SecretFinder;
  readonly #own: OwnRules;
  readonly #counts = new Map<string, number>();
  readonly stream: StreamRules;

  constructor(hmacKey: Uint8Array | string, own: OwnRules) {
    this.#hmacKey = hmacKey;
    this.#own = own;
    this.#finder = createSecretFinder(own);
    this.stream = {
      find: (text) => this.#finder.everywhere(text),
      openEnd: createOpenEnds(own),
      mark: (rule, secret) => this.#mark(rule, secret),
      text: (value) => this.text(value),
    };
  }

  text(value: string, keep?: Keep): string {
    try {
      const clean = this.#settled(value, keep);
      return keepsJsonShape(value, clean) ? clean : this.#rebuilt(value);
    } catch {
      return this.#mark('engine_error', value);
    }
  }

  value(given: AttributeValue, key?: string): AttributeValue {
    if (key !== undefined && (isSecretName(key) || this.#own.keys.has(key.toLowerCase()))) return this.#wholly(given);
    const personal = isPlain(given) ? this.#markedByName(key, String(given)) : undefined;
    if (personal !== undefined) return personal;
    if (typeof given === 'string') return this.text(given, keptIn(key));
    if (given instanceof Attributes) return this.attributes(given);
    if (given instanceof Uint8Array) return this.#bytes(given);
    if (Array.isArray(given)) return mapChanged(given, (member) => this.value(member));
    return isLongNumber(given) ? this.#number(given) : given;
  }

  #markedByName(key: string | undefined, value: string): string | undefined {
    const rule = key === undefined ? undefined : personalRule(key, value);
    return rule === undefined || this.#own.keep.has(rule) ? undefined : this.#mark(rule, value);
  }

  attributes(given: Attributes): Attributes {
    const keys = mapChanged(given.keys, (key) => this.text(key));
    const named = nameOfPair(given);
    const values = mapChanged(given.values, (value, at) =>
      this.value(value, given.keys[at] === 'value' && named !== undefined ? named : given.keys[at]),
    );
    return keys === given.keys && values === given.values ? given : new Attributes(keys, values);
  }

  batch(batch: TelemetryBatch): TelemetryBatch {
    return redactBatch(batch, this);
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  // A replacement can free its neighbour to be recognised (two tokens glued together), so what stands beside it is looked
  // at again. Looking at everything again would let one secret a round cost the whole text each time.
  #settled(value: string, keep?: Keep): string {
    let clean = value;
    let spans = this.#finder.everywhere(clean, keep);
    let found = 0;
    for (let round = 0; spans.length > 0; round++) {
      found += spans.length;
      if (round === MOST_ROUNDS || found > MOST_SECRETS) return this.#mark('crowded', value);
      const replaced = this.#replaced(clean, spans);
      if (replaced.text === clean) break;
      clean = replaced.text;
      spans = this.#finder.beside(clean, replaced.places, keep);
    }
    return clean;
  }

  #replaced(text: string, spans: readonly Span[]): { text: string; places: Place[] } {
    let clean = '';
    let from = 0;
    const places: Place[] = [];
    const markers = new Map<string, string>();
    for (const { start, end, rule } of spans) {
      const secret = text.slice(start, end);
      // A text may repeat one secret thousands of times, and the fingerprint is the dear part of a replacement.
      const known = markers.get(secret);
      const marker = known ?? this.#mark(rule, secret);
      if (known === undefined) markers.set(secret, marker);
      else this.#count(rule);
      clean += text.slice(from, start) + marker;
      places.push({ start: clean.length - marker.length, end: clean.length });
      from = end;
    }
    return { text: clean + text.slice(from), places };
  }

  // Text that only looks like a name and its value can straddle two JSON strings (`"set password=","next":…`). Such JSON is
  // taken apart and written anew instead of being broken; this alone changes bytes outside a secret.
  #rebuilt(json: string): string {
    const redact = (key: string, value: unknown): unknown => {
      if (typeof value === 'string') return isSecretName(key) ? this.#wholly(value) : this.text(value);
      if (typeof value !== 'object' || value === null) return value;
      if (!Array.isArray(value))
        return Object.fromEntries(Object.entries(value).map(([name, member]) => [this.text(name), member]));
      return isSecretName(key)
        ? value.map((member: unknown) => (typeof member === 'string' ? this.#wholly(member) : member))
        : value;
    };
    return JSON.stringify(JSON.parse(json, redact));
  }

  #wholly(value: AttributeValue): AttributeValue {
    if (typeof value === 'string') {
      return value === '' || isMarked(value) ? value : this.#mark('field', value);
    }
    if (typeof value === 'number' || typeof value === 'bigint') return this.#mark('field', String(value));
    if (value instanceof Uint8Array) return this.#mark('field', toLatin1(value));
    if (Array.isArray(value)) return mapChanged(value, (member) => this.#wholly(member));
    return value instanceof Attributes ? this.attributes(value) : value;
  }

  // A card number sent as a number.
  #number(given: number | bigint): AttributeValue {
    const before = String(given);
    const after = this.text(before);
    return before === after ? given : after;
  }

  #bytes(given: Uint8Array): Uint8Array {
    const before = toLatin1(given);
    const after = this.text(before);
    return before === after ? given : new Uint8Array(Buffer.from(after, 'latin1'));
  }

  #mark(rule: string, secret: string): string {
    this.#count(rule);
    if (rule === 'number') return '0';
    const fingerprint = createHmac('sha256', this.#hmacKey).update(secret).digest('hex').slice(0, 8);
    return `[redacted:${rule}:${fingerprint}]`;
  }

  #count(rule: string): void {
    this.#counts.set(rule, (this.#counts.get(rule) ?? 0) + 1);
  }
}

function isLongNumber(value: AttributeValue): value is number | bigint {
  return (typeof value === 'number' || typeof value === 'bigint') && value >= LEAST_CARD;
}

function isPlain(given: AttributeValue): given is string | number | bigint {
  return typeof given === 'string' || typeof given === 'number' || typeof given === 'bigint';
}

// `{name: 'authorization', value: '…'}`, as header lists are written: the value counts as named by its neighbour.
function nameOfPair(given: Attributes): string | undefined {
  if (!given.has('value')) return undefined;
  for (const member of ['name', 'key', 'header']) {
    const name = given.get(member);
    if (typeof name === 'string' && isSecretName(name)) return name;
  }
  return undefined;
}

function toLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

// Most lists hold nothing secret: they are handed on as they are instead of copied.
function mapChanged<List extends readonly AttributeValue[]>(
  given: List,
  map: (member: List[number], at: number) => List[number],
): List {
  let changed: AttributeValue[] | undefined;
  for (let at = 0; at < given.length; at++) {
    const before = given[at] as List[number];
    const after = map(before, at);
    if (after === before) continue;
    changed ??= [...given];
    changed[at] = after;
  }
  return (changed as List | undefined) ?? given;
}
