import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from './sync-directory';

const markerName = 'embedded-kafka.json';

/** 2: journals begin with a mark. A broker that knows format 1 only would take them for damaged. */
const format = 2;
const oldestFormat = 1;

interface Marker {
  readonly format: number;
  readonly clusterId: string;
}

/** The directory holds something else, or was written by a version that this one does not read. */
export class ForeignDirectoryError extends Error {
  override readonly name = 'ForeignDirectoryError';
}

/** The file that marks a broker's directory does not read. The message names it and the way out. */
export class DamagedMarkerError extends Error {
  override readonly name = 'DamagedMarkerError';
  constructor(path: string, problem: string) {
    super(
      `${path} is damaged: ${problem}. Restore it from a copy, or write {"format":${format},"clusterId":"any-id"} ` +
        'into it: the topics and offsets lie in other files.',
    );
  }
}

/**
 * Makes the directory, or makes sure that a broker of this kind made it: the broker deletes what is old in it.
 * Returns the id of the cluster whose data it holds.
 */
export function openDataDirectory(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, markerName);
  if (existsSync(path)) return readMarker(path).clusterId;
  const others = readdirSync(directory).filter((name) => !name.startsWith('lock') && !name.startsWith(markerName));
  if (others.length > 0) {
    throw new ForeignDirectoryError(
      `The directory ${directory} holds ${others[0]} and no ${markerName}: it is not a broker's. Name an empty directory.`,
    );
  }
  const clusterId = randomUUID();
  writeMarker(directory, { format, clusterId });
  return clusterId;
}

/** Marks the directory as one that older versions do not read. Called once it is certain to be this broker's alone. */
export function upgradeDataDirectory(directory: string): void {
  const marker = readMarker(join(directory, markerName));
  if (marker.format < format) writeMarker(directory, { ...marker, format });
}

/** Renamed into place, so that a crash leaves no half of it. */
function writeMarker(directory: string, marker: Marker): void {
  const path = join(directory, markerName);
  writeFileSync(`${path}.new`, `${JSON.stringify(marker)}\n`, { flush: true });
  renameSync(`${path}.new`, path);
  syncDirectory(directory);
}

function readMarker(path: string): Marker {
  const marker = parsed(path);
  if (!Number.isInteger(marker.format)) throw new DamagedMarkerError(path, 'its format is no number');
  if (marker.format! < oldestFormat || marker.format! > format) {
    throw new ForeignDirectoryError(
      `${path} names format ${marker.format}; this version reads formats ${oldestFormat} to ${format}.`,
    );
  }
  if (typeof marker.clusterId !== 'string' || marker.clusterId === '') {
    throw new DamagedMarkerError(path, 'it names no cluster id');
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
  if (typeof value !== 'object' || value === null) throw new DamagedMarkerError(path, 'it holds no object');
  return value;
}
