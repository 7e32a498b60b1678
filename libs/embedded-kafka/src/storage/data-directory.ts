import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from './sync-directory';

const markerName = 'embedded-kafka.json';
const format = 1;

/** The directory holds something else, or was written by a version that this one does not read. */
export class ForeignDirectoryError extends Error {
  override readonly name = 'ForeignDirectoryError';
}

/**
 * Makes the directory, or makes sure that a broker of this kind made it: the broker deletes what it does not know.
 * Returns the id of the cluster whose data it holds.
 */
export function openDataDirectory(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, markerName);
  if (existsSync(path)) return readMarker(path);
  const others = readdirSync(directory).filter((name) => !name.startsWith('lock') && !name.startsWith(markerName));
  if (others.length > 0) {
    throw new ForeignDirectoryError(
      `The directory ${directory} holds ${others[0]} and no ${markerName}: it is not a broker's. Name an empty directory.`,
    );
  }
  const clusterId = randomUUID();
  // Renamed into place, so that a crash leaves no half of it.
  writeFileSync(`${path}.new`, `${JSON.stringify({ format, clusterId })}\n`, { flush: true });
  renameSync(`${path}.new`, path);
  syncDirectory(directory);
  return clusterId;
}

function readMarker(path: string): string {
  const marker = JSON.parse(readFileSync(path, 'utf8')) as { format: number; clusterId: string };
  if (marker.format !== format) {
    throw new ForeignDirectoryError(`${path} names format ${marker.format}; this version reads format ${format}.`);
  }
  return marker.clusterId;
}
