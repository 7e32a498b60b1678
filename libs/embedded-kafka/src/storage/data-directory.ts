import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from './sync-directory';

const markerName = 'embedded-kafka.json';

/** Format 2: journals begin with a mark, which a broker that knows only format 1 would report as damage. */
const format = 2;
const oldestFormat = 1;

interface Marker {
  readonly format: number;
  readonly clusterId: string;
}

/** The directory holds other files, or was written by an unsupported version. */
export class ForeignDirectoryError extends Error {
  override readonly name = 'ForeignDirectoryError';
}

/** The file that marks a broker's directory is damaged. The message names it and the remedy. */
export class DamagedMarkerError extends Error {
  override readonly name = 'DamagedMarkerError';
  constructor(path: string, problem: string) {
    super(
      `${path} is damaged: ${problem}. Restore it from a copy, or write {"format":${format},"clusterId":"any-id"} ` +
        'into it: topics and offsets are in other files.',
    );
  }
}

/**
 * Creates the directory, or checks that it belongs to a broker, because the broker deletes files in it. Returns its
 * cluster id.
 */
export function openDataDirectory(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, markerName);
  if (existsSync(path)) return readMarker(path).clusterId;
  const others = readdirSync(directory).filter((name) => !name.startsWith('lock') && !name.startsWith(markerName));
  if (others.length > 0) {
    throw new ForeignDirectoryError(
      `The directory ${directory} holds ${others[0]} and no ${markerName}: it does not belong to a broker. Choose an empty directory.`,
    );
  }
  const clusterId = randomUUID();
  writeMarker(directory, { format, clusterId });
  return clusterId;
}

/** Marks the directory as unreadable for older versions. Called once this broker holds its lock. */
export function upgradeDataDirectory(directory: string): void {
  const marker = readMarker(join(directory, markerName));
  if (marker.format < format) writeMarker(directory, { ...marker, format });
}

/** Written by a rename, so that a crash leaves no partial file. */
function writeMarker(directory: string, marker: Marker): void {
  const path = join(directory, markerName);
  writeFileSync(`${path}.new`, `${JSON.stringify(marker)}\n`, { flush: true });
  renameSync(`${path}.new`, path);
  syncDirectory(directory);
}

function readMarker(path: string): Marker {
  const marker = parsed(path);
  if (!Number.isInteger(marker.format)) throw new DamagedMarkerError(path, 'its format is not a number');
  if (marker.format! < oldestFormat || marker.format! > format) {
    throw new ForeignDirectoryError(
      `${path} has format ${marker.format}; this version supports formats ${oldestFormat} to ${format}.`,
    );
  }
  if (typeof marker.clusterId !== 'string' || marker.clusterId === '') {
    throw new DamagedMarkerError(path, 'it has no cluster id');
  }
  return { format: marker.format!, clusterId: marker.clusterId };
}

function parsed(path: string): Partial<Marker> {
  const text = readFileSync(path, 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DamagedMarkerError(path, text.trim() === '' ? 'it is empty' : (error as Error).message);
  }
  if (typeof value !== 'object' || value === null)
    throw new DamagedMarkerError(path, 'it does not contain a JSON object');
  return value;
}
