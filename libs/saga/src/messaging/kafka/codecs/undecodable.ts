/** A record batch that cannot be decoded; the message says why. */
export class UndecodableBatchError extends Error {}

/** Throws an error for a batch that decompresses to more than this. */
export function tooLong(maxBytes: number): never {
  throw new UndecodableBatchError(`it decompresses to more than ${maxBytes} bytes`);
}
