import { closeSync, existsSync, ftruncateSync, fsyncSync, openSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { encodeEntry, isMarked, journalMark, readJournal } from './journal-format';
import { syncDirectory } from './sync-directory';
import type { SyncedFile, SyncPolicy } from './sync-policy';
import { writeFully } from './write-fully';

/** A journal is damaged. The message names the file and the remedy. */
export class DamagedJournalError extends Error {
  override readonly name = 'DamagedJournalError';
}

export interface JournalOptions<Entry> {
  readonly path: string;
  readonly sync: SyncPolicy;
  /** Called at opening for every entry, oldest first. */
  replay(entry: Entry): void;
  /** The fewest entries whose replay yields the present state. */
  snapshot(): Iterable<Entry>;
  /**
   * Describes the loss when the file is empty although it existed before; undefined when it may be empty. A journal
   * that was opened once is never empty, because it begins with a mark.
   */
  readonly lossWhenEmpty?: string | undefined;
  /** Called when the file cannot be compacted; compaction is retried later. */
  onError?(error: Error): void;
  /** @default 1 MiB */
  readonly compactAboveBytes?: number;
}

/**
 * An append-only file of JSON entries, each with its length and checksum.
 *
 * J1. An entry is written to the operating system before `append` returns.
 * J2. Opening replays every whole entry. A torn last write is cut off; any other damaged entry is an error that names
 *     the file, and nothing is changed.
 * J3. A file that grew to a multiple of its snapshot is replaced by the snapshot, by an atomic rename.
 * J4. A journal of format 1 is read, and replaced by its snapshot with the mark.
 */
export class Journal<Entry> implements SyncedFile {
  fd: number;
  private sizeBytes = 0;
  private compactAtBytes: number;
  private failure: Error | undefined;

  constructor(private readonly options: JournalOptions<Entry>) {
    this.fd = openSync(options.path, 'a+');
    closeSync(this.fd);
    this.fd = openSync(options.path, 'r+');
    this.compactAtBytes = options.compactAboveBytes ?? 1024 * 1024;
    try {
      this.recover();
    } catch (error) {
      closeSync(this.fd);
      throw error;
    }
  }

  /** Whether a file is a journal with the mark, which is written when it is first opened. */
  static isMarked(path: string): boolean {
    return existsSync(path) && isMarked(readFileSync(path));
  }

  /** Throws when the entry cannot be written. Resolves according to the sync policy. */
  append(entry: Entry): Promise<void> | undefined {
    if (this.failure) throw this.failure;
    const bytes = encodeEntry(entry);
    writeFully(this.fd, bytes, this.sizeBytes);
    this.sizeBytes += bytes.length;
    return this.options.sync.written(this);
  }

  /** Called once `snapshot` includes the last appended entry. */
  compactWhenLarge(): void {
    if (this.sizeBytes <= this.compactAtBytes) return;
    try {
      this.compact();
    } catch (error) {
      // The present file is complete; a full disk must not fail the change that it has just recorded.
      this.compactAtBytes = this.sizeBytes * 2;
      const { message } = error as Error;
      this.options.onError?.(new Error(`${this.options.path} was not compacted: ${message}`, { cause: error }));
    }
  }

  syncFailed(error: Error): void {
    this.failure = error;
  }

  /** Syncs everything appended to the disk. */
  settle(): void {
    this.options.sync.settle(this);
  }

  close(): void {
    this.settle();
    closeSync(this.fd);
    this.fd = -1;
  }

  private recover(): void {
    const { path, lossWhenEmpty, replay } = this.options;
    const bytes = readFileSync(path);
    if (bytes.length < journalMark.length && lossWhenEmpty !== undefined) {
      throw new DamagedJournalError(`${path} is empty. ${lossWhenEmpty}`);
    }
    const { entries, positions, damage } = readJournal(bytes);
    if (damage) throw this.damagedAt(damage.position);
    for (const [index, entry] of entries.entries()) {
      try {
        replay(entry as Entry);
      } catch (error) {
        throw this.damagedAt(positions[index]!, error);
      }
    }
    this.sizeBytes = positions.at(-1)!;
    if (!isMarked(bytes)) this.compact();
    else if (bytes.length > this.sizeBytes) ftruncateSync(this.fd, this.sizeBytes);
  }

  private damagedAt(position: number, cause?: unknown): DamagedJournalError {
    const { path } = this.options;
    const message =
      `${path} is damaged at byte ${position}. Restore the file from a copy. Without one, ` +
      `"truncate -s ${position} ${path}" keeps the entries before the damage and loses the others.`;
    return new DamagedJournalError(message, { cause });
  }

  private compact(): void {
    const { path, snapshot } = this.options;
    const bytes = Buffer.concat([journalMark, ...[...snapshot()].map(encodeEntry)]);
    const fd = writeDurably(`${path}.new`, bytes);
    try {
      renameSync(`${path}.new`, path);
      syncDirectory(dirname(path));
      this.options.sync.settle(this);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    closeSync(this.fd);
    // A sync of the old file that still runs no longer matters: its entries are in the new file.
    this.fd = fd;
    this.sizeBytes = bytes.length;
    this.compactAtBytes = Math.max(this.options.compactAboveBytes ?? 1024 * 1024, bytes.length * 4);
  }
}

/** Returns the new file's descriptor. */
function writeDurably(path: string, bytes: Buffer): number {
  const fd = openSync(path, 'w+');
  try {
    writeFully(fd, bytes, 0);
    fsyncSync(fd);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
