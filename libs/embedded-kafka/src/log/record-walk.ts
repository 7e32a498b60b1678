import { ErrorCode } from '../wire/error-code';

/** A 32-bit varint has 5 bytes at most, of seven bits each. */
const lastShift = 28;

/** A 64-bit varint, as timestamps have it, has 10 bytes at most. */
const longestVarlongBytes = 10;

class RecordError extends Error {}

/** Walks through the records of a batch without building them. Throws a RecordError for a malformed record. */
class RecordCursor {
  position = 0;

  constructor(private readonly bytes: Buffer) {}

  /** A zigzag varint, as every length and count of a record is. */
  varint(): number {
    let byte = this.next();
    let value = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = this.next();
      // The fifth byte holds the last four of 32 bits.
      if (shift === lastShift && byte > 0x0f) throw new RecordError();
      value |= (byte & 0x7f) << shift;
    }
    return (value >>> 1) ^ -(value & 1);
  }

  skipVarlong(): void {
    for (let at = 0; at < longestVarlongBytes; at++) if (this.next() < 0x80) return;
    throw new RecordError();
  }

  skip(length: number): void {
    if (length < 0 || this.position + length > this.bytes.length) throw new RecordError();
    this.position += length;
  }

  /** Skips a key or a value; -1 stands for null. */
  skipNullable(): void {
    const length = this.varint();
    if (length !== -1) this.skip(length);
  }

  /** Skips one record, which must be exactly as long as its length field. */
  skipRecord(offsetDelta: number): void {
    const length = this.varint();
    const end = this.position + length;
    if (length < 0 || end > this.bytes.length) throw new RecordError();
    this.skip(1); // Attributes: none is defined.
    this.skipVarlong();
    if (this.varint() !== offsetDelta) throw new RecordError();
    this.skipNullable();
    this.skipNullable();
    for (let headers = this.headerCount(end); headers > 0; headers--) {
      this.skip(this.varint());
      this.skipNullable();
    }
    if (this.position !== end) throw new RecordError();
  }

  private headerCount(end: number): number {
    const count = this.varint();
    if (count < 0 || count > end - this.position) throw new RecordError();
    return count;
  }

  private next(): number {
    if (this.position >= this.bytes.length) throw new RecordError();
    return this.bytes[this.position++]!;
  }
}

/**
 * Checks that uncompressed bytes are exactly `recordCount` records whose offsets count from 0 and whose keys, values
 * and headers lie inside them, so that every consumer can read them.
 */
export function refusalOfRecords(bytes: Buffer, recordCount: number): ErrorCode {
  const cursor = new RecordCursor(bytes);
  try {
    for (let index = 0; index < recordCount; index++) cursor.skipRecord(index);
  } catch (error) {
    if (error instanceof RecordError) return ErrorCode.invalidRecord;
    throw error;
  }
  return cursor.position === bytes.length ? ErrorCode.none : ErrorCode.invalidRecord;
}
