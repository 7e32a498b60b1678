import { ftruncateSync, writeSync } from 'node:fs';

/**
 * Writes all bytes at a position. When only a part can be written, for example on a full disk, truncates the part and
 * throws the error, so that a file never ends in a partial write.
 */
export function writeFully(fd: number, bytes: Buffer, position: number): void {
  let written = 0;
  try {
    while (written < bytes.length) {
      written += writeSync(fd, bytes, written, bytes.length - written, position + written);
    }
  } catch (error) {
    if (written > 0) truncate(fd, position);
    throw error;
  }
}

/** Throws an error without a code, because the file now ends in a partial write. */
function truncate(fd: number, position: number): void {
  try {
    ftruncateSync(fd, position);
  } catch (error) {
    throw new Error('A partial write could not be truncated.', { cause: error });
  }
}
