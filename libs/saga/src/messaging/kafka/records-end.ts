/*
 * Finds the end of a batch's records without building them. kafkajs does not check where a buffer ends: a damaged count
 * of headers would keep it busy for minutes.
 */

/** A 32-bit varint has 5 bytes at most, a 64-bit one 10, of seven bits each. */
const LAST_SHIFT = 28;
const LONGEST_VARLONG = 10;

class UnreadableRecordError extends Error {}

/**
 * The offset after this many records; undefined when some are missing, or one does not have the length that it claims.
 */
export function endOfRecords(records: Buffer, count: number): number | undefined {
  if (count < 0) return undefined;
  const walk = new RecordWalk(records);
  try {
    for (let n = 0; n < count; n += 1) walk.skipRecord();
  } catch (error) {
    if (error instanceof UnreadableRecordError) return undefined;
    throw error;
  }
  return walk.at;
}

class RecordWalk {
  at = 0;

  constructor(private readonly bytes: Buffer) {}

  /** A record: attributes, two deltas, a key, a value, and headers of a key and a value. */
  skipRecord(): void {
    const length = this.varint();
    const end = this.at + length;
    if (length < 0 || end > this.bytes.length) throw new UnreadableRecordError();
    this.skip(1);
    this.skipVarlong();
    this.varint();
    this.skipNullable();
    this.skipNullable();
    const headers = this.varint();
    if (headers < 0 || headers > end - this.at) throw new UnreadableRecordError();
    for (let n = 0; n < headers; n += 1) {
      this.skip(this.varint());
      this.skipNullable();
    }
    if (this.at !== end) throw new UnreadableRecordError();
  }

  /** Zigzag: an odd number represents a negative one. */
  private varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.next();
      if (shift > LAST_SHIFT || (shift === LAST_SHIFT && byte > 0x0f)) throw new UnreadableRecordError();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }

  private skipVarlong(): void {
    for (let n = 0; n < LONGEST_VARLONG; n += 1) if (this.next() < 0x80) return;
    throw new UnreadableRecordError();
  }

  /** A key or a value; the length -1 represents null. */
  private skipNullable(): void {
    const length = this.varint();
    if (length !== -1) this.skip(length);
  }

  private skip(length: number): void {
    if (length < 0 || this.at + length > this.bytes.length) throw new UnreadableRecordError();
    this.at += length;
  }

  private next(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new UnreadableRecordError();
    this.at += 1;
    return byte;
  }
}
