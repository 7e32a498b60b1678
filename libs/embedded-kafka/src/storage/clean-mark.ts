import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from './sync-directory';

const markName = 'clean-shutdown';

/**
 * Whether the previous broker synced everything to the disk before it ended. Removes the mark, because it does not hold
 * for this broker.
 */
export function takeCleanMark(directory: string): boolean {
  const path = join(directory, markName);
  if (!existsSync(path)) return false;
  rmSync(path);
  syncDirectory(directory);
  return true;
}

/** Called once everything is synced. */
export function leaveCleanMark(directory: string): void {
  writeFileSync(join(directory, markName), '');
}
