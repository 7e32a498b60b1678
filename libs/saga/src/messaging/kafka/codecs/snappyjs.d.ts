declare module 'snappyjs' {
  /** Throws for what is no Snappy, and, before anything is decoded, for what says that it is longer than `maxLength`. */
  export function uncompress(compressed: Buffer, maxLength?: number): Buffer;
  export function compress(uncompressed: Buffer): Buffer;
}
