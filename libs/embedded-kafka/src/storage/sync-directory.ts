import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Makes a directory's entries durable. Does nothing on Windows, which needs no such call. */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
