/**
 * Writes rows in PostgreSQL's COPY BINARY format (documentation of COPY, "Binary Format"): the cheapest way into a
 * table, about a third of the server time of row inserts. One buffer grows for the whole batch.
 */
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const EPOCH_MS = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;

/** Collects rows; call `row(columns)` and then one method for each column, in the order of the column list. */
export class CopyBuffer {
  #buffer: Buffer;
  #at: number;

  constructor(capacity = 64 * 1024) {
    this.#buffer = Buffer.allocUnsafe(capacity);
    SIGNATURE.copy(this.#buffer, 0);
    this.#buffer.fill(0, SIGNATURE.length, SIGNATURE.length + 8);
    this.#at = SIGNATURE.length + 8;
  }

  row(columns: number): void {
    this.#need(2);
    this.#at = this.#buffer.writeInt16BE(columns, this.#at);
  }

  nothing(): void {
    this.#need(4);
    this.#at = this.#buffer.writeInt32BE(-1, this.#at);
  }

  text(value: string | null): void {
    if (value === null) return this.nothing();
    const most = value.length * 3;
    this.#need(4 + most);
    const written = this.#buffer.write(value, this.#at + 4, 'utf8');
    this.#buffer.writeInt32BE(written, this.#at);
    this.#at += 4 + written;
  }

  bytes(value: Uint8Array): void {
    this.#need(4 + value.length);
    this.#at = this.#buffer.writeInt32BE(value.length, this.#at);
    this.#buffer.set(value, this.#at);
    this.#at += value.length;
  }

  /** A uuid, with or without dashes; null allowed. */
  uuid(value: string | null): void {
    if (value === null) return this.nothing();
    this.#need(20);
    this.#at = this.#buffer.writeInt32BE(16, this.#at);
    this.#at += this.#buffer.write(value.replaceAll('-', ''), this.#at, 16, 'hex');
  }

  smallint(value: number): void {
    this.#need(6);
    this.#at = this.#buffer.writeInt32BE(2, this.#at);
    this.#at = this.#buffer.writeInt16BE(value, this.#at);
  }

  integer(value: number): void {
    this.#need(8);
    this.#at = this.#buffer.writeInt32BE(4, this.#at);
    this.#at = this.#buffer.writeInt32BE(value, this.#at);
  }

  bigint(value: bigint | null): void {
    if (value === null) return this.nothing();
    this.#need(12);
    this.#at = this.#buffer.writeInt32BE(8, this.#at);
    this.#at = this.#buffer.writeBigInt64BE(value, this.#at);
  }

  boolean(value: boolean): void {
    this.#need(5);
    this.#at = this.#buffer.writeInt32BE(1, this.#at);
    this.#at = this.#buffer.writeUInt8(value ? 1 : 0, this.#at);
  }

  /** `YYYY-MM-DD`. */
  date(value: string): void {
    this.integer(Math.round((Date.parse(`${value}T00:00:00Z`) - EPOCH_MS) / DAY_MS));
  }

  timestamp(value: Date): void {
    this.bigint(BigInt(value.getTime() - EPOCH_MS) * 1000n);
  }

  /** The whole COPY stream, trailer included. The buffer must not be used afterwards. */
  finish(): Buffer {
    this.#need(2);
    this.#at = this.#buffer.writeInt16BE(-1, this.#at);
    return this.#buffer.subarray(0, this.#at);
  }

  #need(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}
