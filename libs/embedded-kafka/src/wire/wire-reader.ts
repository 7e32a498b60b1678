import { MalformedRequestError } from './malformed-request-error';

/** The largest length in versions that are not flexible. */
const longestStringBytes = 0x7fff;

/** The replacement character for bytes that are not UTF-8. */
const replacementCharacter = '\ufffd';

/**
 * Reads Kafka's primitive types in order; every read is checked against the frame's end. In flexible versions of a
 * request, lengths are variable-length integers and every structure ends with tagged fields.
 */
export class WireReader {
  isFlexible = false;

  constructor(
    private readonly frame: Buffer,
    private position = 0,
  ) {}

  get remainingBytes(): number {
    return this.frame.length - this.position;
  }

  int8(): number {
    return this.frame.readInt8(this.advance(1));
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  int16(): number {
    return this.frame.readInt16BE(this.advance(2));
  }

  int32(): number {
    return this.frame.readInt32BE(this.advance(4));
  }

  /** Exact, for numbers that clients choose, such as timestamps. */
  bigint64(): bigint {
    return this.frame.readBigInt64BE(this.advance(8));
  }

  /** A number, exact up to 2^53: offsets stay far below. */
  int64(): number {
    const at = this.advance(8);
    return this.frame.readInt32BE(at) * 0x1_0000_0000 + this.frame.readUInt32BE(at + 4);
  }

  string(): string {
    const value = this.nullableString();
    if (value === null) throw new MalformedRequestError('A string is null, which the protocol does not allow here.');
    return value;
  }

  nullableString(): string | null {
    const length = this.isFlexible ? this.compactLength() : this.int16();
    if (length < 0) return null;
    if (length > longestStringBytes) throw new MalformedRequestError(`A string of ${length} bytes is too long.`);
    const at = this.advance(length);
    const value = this.frame.toString('utf8', at, at + length);
    // A response could not repeat other bytes: as UTF-8 they may be longer than the protocol allows.
    if (value.includes(replacementCharacter) && Buffer.byteLength(value) !== length) {
      throw new MalformedRequestError('A string is not UTF-8.');
    }
    return value;
  }

  /** A view of the frame, not a copy. Null reads as empty. */
  bytes(): Buffer {
    const length = this.isFlexible ? this.compactLength() : this.int32();
    if (length < 0) return this.frame.subarray(0, 0);
    const at = this.advance(length);
    return this.frame.subarray(at, at + length);
  }

  array<Item>(item: () => Item): Item[] {
    return this.nullableArray(item) ?? [];
  }

  nullableArray<Item>(item: () => Item): Item[] | null {
    const count = this.isFlexible ? this.compactLength() : this.int32();
    if (count < 0) return null;
    // Every item takes at least a byte, so a wrong count cannot make the broker allocate memory for it.
    if (count > this.remainingBytes) throw new MalformedRequestError(`An array of ${count} items exceeds its frame.`);
    const items: Item[] = [];
    for (let index = 0; index < count; index++) items.push(item());
    return items;
  }

  /** An array of structures. */
  structs<Item>(item: () => Item): Item[] {
    return this.nullableStructs(item) ?? [];
  }

  nullableStructs<Item>(item: () => Item): Item[] | null {
    return this.nullableArray(() => {
      const read = item();
      this.tags();
      return read;
    });
  }

  /** Skips tagged fields, which are all optional. */
  tags(): void {
    if (!this.isFlexible) return;
    for (let count = this.uvarint(); count > 0; count--) {
      this.uvarint();
      this.advance(this.uvarint());
    }
  }

  skip(bytes: number): void {
    this.advance(bytes);
  }

  /** A compact length, which is written plus one; -1 means null. */
  private compactLength(): number {
    return this.uvarint() - 1;
  }

  private uvarint(): number {
    let value = 0;
    for (let at = 0; at < 5; at++) {
      const byte = this.frame.readUInt8(this.advance(1));
      value += (byte & 0x7f) * 2 ** (7 * at);
      if (byte < 0x80) return value;
    }
    throw new MalformedRequestError('A variable-length integer has more than five bytes.');
  }

  private advance(length: number): number {
    const at = this.position;
    if (at + length > this.frame.length) {
      throw new MalformedRequestError(`The frame ends ${at + length - this.frame.length} bytes too early.`);
    }
    this.position = at + length;
    return at;
  }
}
