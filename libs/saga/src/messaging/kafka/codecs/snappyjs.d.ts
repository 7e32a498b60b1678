declare module 'snappyjs' {
  /** Throws for invalid Snappy, and, before decoding, for a claimed length of more than `maxLength`. */
  export function uncompress(compressed: Buffer, maxLength?: number): Buffer;
  export function compress(uncompressed: Buffer): Buffer;
}
