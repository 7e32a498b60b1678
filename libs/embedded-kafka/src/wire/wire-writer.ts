import { MalformedRequestError } from './malformed-request-error';

const initialBytes = 256;

/** The largest length in versions that are not flexible. Only error messages can be longer, and they may be cut. */
const longestStringBytes = 0x7fff;
const cutStringCharacters = 10_000;

/** Responses are far smaller. A request for a larger one is rejected before it takes the broker's memory. */
const mostBytes = 128 * 1024 * 1024;

/** Below this size a copy is cheaper than one more buffer in the socket's write. */
const copyBelowBytes = 8192;

/**
 * Writes one response frame: its length, its correlation id, then Kafka's primitive types in order. In flexible
 * versions of a response, lengths are variable-length integers and every structure ends with tagged fields.
 */
export class WireWriter {
  private chunk = Buffer.allocUnsafe(initialBytes);
  private used = 0;
  private readonly sealed: Buffer[] = [];
  private sealedBytes = 0;

  constructor(
    correlationId: number,
    private readonly isFlexible = false,
  ) {
    this.int32(0).int32(correlationId);
  }

  int8(value: number): this {
    const at = this.advance(1);
    this.chunk.writeInt8(value, at);
    return this;
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  int16(value: number): this {
    const at = this.advance(2);
    this.chunk.writeInt16BE(value, at);
    return this;
  }

  int32(value: number): this {
    const at = this.advance(4);
    this.chunk.writeInt32BE(value, at);
    return this;
  }

  bigint64(value: bigint): this {
    const at = this.advance(8);
    this.chunk.writeBigInt64BE(value, at);
    return this;
  }

  /** A number beyond 64 bits becomes the nearest one, so that a stored value never fails a response. */
  int64(value: number): this {
    if (value >= 2 ** 63 || value < -(2 ** 63)) return this.bigint64(value > 0 ? 2n ** 63n - 1n : -(2n ** 63n));
    const at = this.advance(8);
    const high = Math.floor(value / 0x1_0000_0000);
    this.chunk.writeInt32BE(high, at);
    this.chunk.writeUInt32BE(value - high * 0x1_0000_0000, at + 4);
    return this;
  }

  string(value: string): this {
    const length = Buffer.byteLength(value);
    if (length > longestStringBytes) return this.string(value.slice(0, cutStringCharacters));
    if (this.isFlexible) this.uvarint(length + 1);
    else this.int16(length);
    const at = this.advance(length);
    this.chunk.write(value, at, 'utf8');
    return this;
  }

  nullableString(value: string | null): this {
    if (value !== null) return this.string(value);
    return this.isFlexible ? this.uvarint(0) : this.int16(-1);
  }

  bytes(value: Buffer): this {
    this.length(value.length);
    this.copy(value);
    return this;
  }

  /** Record batches one after the other as one `bytes` field; large ones are referenced, not copied. */
  records(batches: readonly Buffer[]): this {
    let length = 0;
    for (const batch of batches) length += batch.length;
    this.length(length);
    if (length >= copyBelowBytes) {
      this.seal();
      this.sealed.push(...batches);
      this.sealedBytes += length;
      return this;
    }
    for (const batch of batches) this.copy(batch);
    return this;
  }

  array<Item>(items: readonly Item[], write: (item: Item) => void): this {
    this.length(items.length);
    for (const item of items) write(item);
    return this;
  }

  /** An array of structures. */
  structs<Item>(items: readonly Item[], write: (item: Item) => void): this {
    return this.array(items, (item) => {
      write(item);
      this.tags();
    });
  }

  /** The end of a structure: no tagged fields. */
  tags(): this {
    return this.isFlexible ? this.uvarint(0) : this;
  }

  /** Sixteen zeros: this broker identifies topics by name only. */
  noTopicId(): this {
    return this.int64(0).int64(0);
  }

  uvarint(value: number): this {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 0x80);
    return this.byte(rest);
  }

  /** The whole frame, ready to send. Nothing may be written afterwards. */
  finish(): Buffer[] {
    this.seal();
    this.sealed[0]?.writeInt32BE(this.sealedBytes - 4, 0);
    return this.sealed;
  }

  /** The length of bytes or of an array. */
  private length(length: number): void {
    if (this.isFlexible) this.uvarint(length + 1);
    else this.int32(length);
  }

  private byte(value: number): this {
    const at = this.advance(1);
    this.chunk.writeUInt8(value, at);
    return this;
  }

  private copy(value: Buffer): void {
    const at = this.advance(value.length);
    value.copy(this.chunk, at);
  }

  private seal(): void {
    if (this.used === 0) return;
    this.sealed.push(this.chunk.subarray(0, this.used));
    this.sealedBytes += this.used;
    this.chunk = this.chunk.subarray(this.used);
    this.used = 0;
  }

  /** Reserves space and returns its start. It may replace `chunk`, so call it before you read `chunk`. */
  private advance(length: number): number {
    const at = this.used;
    if (at + length > this.chunk.length) {
      if (at + length + this.sealedBytes > mostBytes) throw new MalformedRequestError('The answer would be too large.');
      const larger = Buffer.allocUnsafe(Math.max(initialBytes, (at + length) * 2));
      this.chunk.copy(larger, 0, 0, at);
      this.chunk = larger;
    }
    this.used = at + length;
    return at;
  }
}
