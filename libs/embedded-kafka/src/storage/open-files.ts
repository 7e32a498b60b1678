/** A file that is opened when it is needed and may be closed at any time in between. */
export interface OpenableFile {
  readonly isOpen: boolean;
  open(): void;
  /** Brings what was written to the disk, and closes. */
  release(): void;
}

const outOfDescriptors: ReadonlySet<string | undefined> = new Set(['EMFILE', 'ENFILE']);

/**
 * The files that are open, at most so many: the one that was used longest ago is closed for another. When the system
 * has no descriptor left, half of them are closed and the opening is tried again.
 */
export class OpenFiles {
  /** In the order of their last use. */
  private readonly files = new Set<OpenableFile>();
  private newest: OpenableFile | undefined;

  constructor(private readonly most: number) {}

  get count(): number {
    return this.files.size;
  }

  /** Opens the file unless it is open. Throws when the system does not let it. */
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

  /** Does something that needs a descriptor for a while, closing files and trying again when there is none. */
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
