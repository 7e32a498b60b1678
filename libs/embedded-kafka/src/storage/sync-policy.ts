import { fdatasync, fdatasyncSync } from 'node:fs';
import { promisify } from 'node:util';

const toDisk = promisify(fdatasync);
const intervalMs = 1000;

/** A file whose writes a policy syncs. */
export interface SyncedFile {
  /** -1 once it is closed. */
  readonly fd: number;
  /** Called when a sync fails: the file's unsynced writes may be lost. */
  syncFailed(error: Error): void;
}

/**
 * Decides when writes are synced to the disk. With both policies bytes are written to the operating system before they
 * are acknowledged, so that kill -9 loses nothing; they differ in what a power cut may lose.
 */
export interface SyncPolicy {
  /** Called after each write. If it returns a promise, the acknowledgement must wait for it. */
  written(file: SyncedFile): Promise<void> | undefined;
  /** Syncs the file now. Also called before a file is closed, which the policy then forgets. */
  settle(file: SyncedFile): void;
  close(): void;
}

/** Syncs the writes of a file. A file that was closed or replaced in the meantime was synced then. */
async function sync(file: SyncedFile): Promise<void> {
  const { fd } = file;
  if (fd < 0) return;
  try {
    await toDisk(fd);
  } catch (error) {
    if (file.fd !== fd) return;
    file.syncFailed(error as Error);
    throw error;
  }
}

/** As in Kafka: acknowledged when written, synced within a second. */
export class SyncEverySecond implements SyncPolicy {
  private readonly dirty = new Set<SyncedFile>();
  private timer: NodeJS.Timeout | undefined;

  written(file: SyncedFile): undefined {
    this.dirty.add(file);
    this.timer ??= setTimeout(() => this.syncAll(), intervalMs).unref();
  }

  settle(file: SyncedFile): void {
    if (this.dirty.delete(file)) fdatasyncSync(file.fd);
  }

  close(): void {
    clearTimeout(this.timer);
    for (const file of this.dirty) this.settle(file);
  }

  private syncAll(): void {
    this.timer = undefined;
    const files = [...this.dirty];
    this.dirty.clear();
    for (const file of files) sync(file).catch(() => undefined);
  }
}

/** Acknowledged when synced. All writes that wait for one file share its next sync. */
export class SyncAlways implements SyncPolicy {
  private readonly syncs = new Map<SyncedFile, { running: Promise<void>; next?: Promise<void> }>();

  written(file: SyncedFile): Promise<void> {
    const current = this.syncs.get(file);
    if (!current) return this.start(file);
    // A running sync may have started before this write: only the next one is certain to include it.
    current.next ??= current.running.then(
      () => this.start(file),
      () => this.start(file),
    );
    return current.next;
  }

  settle(file: SyncedFile): void {
    if (file.fd >= 0) fdatasyncSync(file.fd);
  }

  close(): void {
    this.syncs.clear();
  }

  private start(file: SyncedFile): Promise<void> {
    const running = sync(file);
    const current = { running };
    this.syncs.set(file, current);
    const forget = (): void => {
      if (this.syncs.get(file) === current && !('next' in current)) this.syncs.delete(file);
    };
    running.then(forget, forget);
    return running;
  }
}
