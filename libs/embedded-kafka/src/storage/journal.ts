import { closeSync, ftruncateSync, fstatSync, fsyncSync, openSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32c } from '../log/crc32c';
import { syncDirectory } from './sync-directory';
import type { SyncedFile, SyncPolicy } from './sync-policy';
import { writeFully } from './write-fully';

const entryHeaderBytes = 8;

export interface JournalOptions<Entry> {
  readonly path: string;
  readonly sync: SyncPolicy;
  /** Called at opening for every entry, oldest first. */
  replay(entry: Entry): void;
  /** The fewest entries that replay to the present state. */
  snapshot(): Iterable<Entry>;
  /** @default 1 MiB */
  readonly compactAboveBytes?: number;
}

function encode(entry: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(entry));
  const header = Buffer.alloc(entryHeaderBytes);
  header.writeUInt32BE(json.length, 0);
  header.writeUInt32BE(crc32c(json), 4);
  return Buffer.concat([header, json]);
}

/**
 * An append-only file of JSON entries, each with its length and checksum.
 *
 * J1. An entry is written to the operating system before `append` returns.
 * J2. Opening replays every whole entry and cuts the file at the first that does not check: a torn last write.
 * J3. A file that grew to a multiple of its snapshot is replaced by the snapshot, by an atomic rename.
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
    this.recover();
  }

  /** Throws when the disk does not take the entry. Resolves as the sync policy says. */
  append(entry: Entry): Promise<void> | undefined {
    if (this.failure) throw this.failure;
    const bytes = encode(entry);
    writeFully(this.fd, bytes, this.sizeBytes);
    this.sizeBytes += bytes.length;
    return this.options.sync.written(this);
  }

  /** Called once the entry appended last is part of the state that `snapshot` tells. */
  compactWhenLarge(): void {
    if (this.sizeBytes > this.compactAtBytes) this.compact();
  }

  syncFailed(error: Error): void {
    this.failure = error;
  }

  /** Brings everything appended to the disk. */
  settle(): void {
    this.options.sync.settle(this);
  }

  close(): void {
    this.settle();
    closeSync(this.fd);
    this.fd = -1;
  }

  private recover(): void {
    const bytes = readFileSync(this.options.path);
    let position = 0;
    while (bytes.length - position >= entryHeaderBytes) {
      const start = position + entryHeaderBytes;
      const end = start + bytes.readUInt32BE(position);
      if (end > bytes.length || crc32c(bytes, start, end) !== bytes.readUInt32BE(position + 4)) break;
      this.options.replay(JSON.parse(bytes.toString('utf8', start, end)) as Entry);
      position = end;
    }
    this.sizeBytes = position;
    if (fstatSync(this.fd).size > position) ftruncateSync(this.fd, position);
  }

  private compact(): void {
    const snapshot = Buffer.concat([...this.options.snapshot()].map(encode));
    this.compactAtBytes = Math.max(this.options.compactAboveBytes ?? 1024 * 1024, snapshot.length * 4);
    const replacement = `${this.options.path}.new`;
    const fd = openSync(replacement, 'w+');
    writeFully(fd, snapshot, 0);
    fsyncSync(fd);
    renameSync(replacement, this.options.path);
    syncDirectory(dirname(this.options.path));
    this.options.sync.settle(this);
    closeSync(this.fd);
    // From here on a sync of the old file that still runs is of no concern: its entries are in the new one.
    this.fd = fd;
    this.sizeBytes = snapshot.length;
  }
}
