/** A file that is opened when needed and may be closed whenever it is not in use. */
export interface OpenableFile {
  readonly isOpen: boolean;
  open(): void;
  /** Syncs the file and closes it. */
  release(): void;
}

const outOfDescriptors: ReadonlySet<string | undefined> = new Set(['EMFILE', 'ENFILE']);

/**
 * Keeps a limited number of files open: the least recently used one is closed to open another. When the system has no
 * file descriptor left, half of them are closed and the opening is retried.
 */
export class OpenFiles {
  /** Ordered by last use. */
  private readonly files = new Set<OpenableFile>();
  private newest: OpenableFile | undefined;

  constructor(private readonly most: number) {}

  get count(): number {
    return this.files.size;
  }

  /** Opens the file unless it is open. Throws the system's error. */
  use(file: OpenableFile): void {
    if (file === this.newest && file.isOpen) return;
    this.files.delete(file);
    if (!file.isOpen) {
      this.shrinkTo(this.most - 1);
      this.withRoom(() => file.open());
    }
    this.files.add(file);
    this.newest = file;
  }

  release(file: OpenableFile): void {
    this.files.delete(file);
    if (this.newest === file) this.newest = undefined;
    if (file.isOpen) file.release();
  }

  /** Runs an operation that needs a file descriptor; without one, closes files and retries. */
  withRoom<Result>(attempt: () => Result): Result {
    try {
      return attempt();
    } catch (error) {
      if (!outOfDescriptors.has((error as NodeJS.ErrnoException).code) || this.files.size === 0) throw error;
      this.shrinkTo(Math.floor(this.files.size / 2));
      return attempt();
    }
  }

  private shrinkTo(most: number): void {
    for (const oldest of this.files) {
      if (this.files.size <= most) return;
      this.release(oldest);
    }
  }
}
