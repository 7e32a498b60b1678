import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from './sync-directory';

const markName = 'clean-shutdown';

/**
 * Whether the broker before this one brought everything to the disk before it ended. The mark is removed, so that it
 * says nothing of this one.
 */
export function takeCleanMark(directory: string): boolean {
  const path = join(directory, markName);
  if (!existsSync(path)) return false;
  rmSync(path);
  syncDirectory(directory);
  return true;
}

/** Called once everything is on the disk. */
export function leaveCleanMark(directory: string): void {
  writeFileSync(join(directory, markName), '');
}
