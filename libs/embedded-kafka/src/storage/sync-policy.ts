import { fdatasync, fdatasyncSync } from 'node:fs';
import { promisify } from 'node:util';

const toDisk = promisify(fdatasync);
const intervalMs = 1000;

/** A file whose writes a policy brings to the disk. */
export interface SyncedFile {
  /** -1 once it is closed. */
  readonly fd: number;
  /** The disk refused: what the operating system still holds of this file can no longer be trusted. */
  syncFailed(error: Error): void;
}

/**
 * When written bytes reach the disk. Both policies write to the operating system before anything is acknowledged, so
 * that kill -9 loses nothing; they differ in what a power cut may take.
 */
export interface SyncPolicy {
  /** Called after each write. A promise means: acknowledge no earlier than it resolves. */
  written(file: SyncedFile): Promise<void> | undefined;
  /** Brings the file to the disk now. Also called before a file is closed, which the policy then forgets. */
  settle(file: SyncedFile): void;
  close(): void;
}

/** Syncs what is written to a file. One that was closed or replaced meanwhile was settled then. */
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

/** Like Kafka: acknowledged when written, on the disk within a second. */
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

/** Acknowledged when on the disk. All writes that wait for one file share its next sync. */
export class SyncAlways implements SyncPolicy {
  private readonly turns = new Map<SyncedFile, { running: Promise<void>; next?: Promise<void> }>();

  written(file: SyncedFile): Promise<void> {
    const turn = this.turns.get(file);
    if (!turn) return this.start(file);
    // A sync that runs may have begun before this write: only the one after it is certain to include it.
    turn.next ??= turn.running.then(
      () => this.start(file),
      () => this.start(file),
    );
    return turn.next;
  }

  settle(file: SyncedFile): void {
    if (file.fd >= 0) fdatasyncSync(file.fd);
  }

  close(): void {
    this.turns.clear();
  }

  private start(file: SyncedFile): Promise<void> {
    const running = sync(file);
    const turn = { running };
    this.turns.set(file, turn);
    const forget = (): void => {
      if (this.turns.get(file) === turn && !('next' in turn)) this.turns.delete(file);
    };
    running.then(forget, forget);
    return running;
  }
}
