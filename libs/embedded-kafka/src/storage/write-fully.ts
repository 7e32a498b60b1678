import { ftruncateSync, writeSync } from 'node:fs';

/**
 * Writes all bytes at a position. When the disk takes only a part (it is full), the part is taken back and the error
 * thrown, so that a file never ends in the middle of something.
 */
export function writeFully(fd: number, bytes: Buffer, position: number): void {
  let written = 0;
  try {
    while (written < bytes.length) {
      written += writeSync(fd, bytes, written, bytes.length - written, position + written);
    }
  } catch (error) {
    if (written > 0) takeBack(fd, position);
    throw error;
  }
}

/** Throws an error without a code of its own: the file now ends in the middle of something. */
function takeBack(fd: number, position: number): void {
  try {
    ftruncateSync(fd, position);
  } catch (error) {
    throw new Error('A write that failed could not be taken back.', { cause: error });
  }
}
