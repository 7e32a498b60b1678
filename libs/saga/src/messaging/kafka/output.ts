/** Writes a value after its size; null has the size -1. */
export type Bytes = Buffer | string | null | undefined;

export const sizeOf = (bytes: Buffer | string): number =>
  typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length;

/** With its size first. */
export function sizeOfSized(bytes: Bytes): number {
  if (bytes === null || bytes === undefined) return 1;
  const size = sizeOf(bytes);
  return sizeOfVarInt(size) + size;
}

/** A varint: seven bits per byte, of twice the number. */
export function sizeOfVarInt(value: number): number {
  let size = 1;
  for (let rest = value << 1; rest > 0x7f; rest >>>= 7) size += 1;
  return size;
}

/** Writes numbers and bytes one after the other into a buffer of a known size. */
export class Output {
  readonly buffer: Buffer;
  private at = 0;

  constructor(
    size: number,
    private readonly crc32c: (bytes: Buffer) => number,
  ) {
    this.buffer = Buffer.allocUnsafe(size);
  }

  int8(value: number): void {
    this.at = this.buffer.writeInt8(value, this.at);
  }

  int16(value: number): void {
    this.at = this.buffer.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.at = this.buffer.writeInt32BE(value, this.at);
  }

  int64(value: number): void {
    this.at = this.buffer.writeBigInt64BE(BigInt(value), this.at);
  }

  /** The size of a varint for a number that is not negative: zigzag doubles it. */
  varInt(value: number): void {
    let rest = value << 1;
    for (; rest > 0x7f; rest >>>= 7) this.at = this.buffer.writeUInt8((rest & 0x7f) | 0x80, this.at);
    this.at = this.buffer.writeUInt8(rest, this.at);
  }

  bytes(bytes: Buffer | string): void {
    this.at += typeof bytes === 'string' ? this.buffer.write(bytes, this.at) : bytes.copy(this.buffer, this.at);
  }

  sized(bytes: Bytes): void {
    if (bytes === null || bytes === undefined) return this.int8(1);
    this.varInt(sizeOf(bytes));
    this.bytes(bytes);
  }

  /** Writes the CRC-32C of the bytes that `write` writes after it. */
  checksum(write: () => void): void {
    const start = (this.at += 4);
    write();
    this.buffer.writeUInt32BE(this.crc32c(this.buffer.subarray(start, this.at)), start - 4);
  }
}
