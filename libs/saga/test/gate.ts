/** Blocks its waiters until a test opens it. */
export class Gate {
  /** Resolves when the gate is open. */
  readonly opened: Promise<void>;
  private resolve!: () => void;
  private reject!: (error: unknown) => void;

  constructor() {
    this.opened = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.opened.catch(() => undefined);
  }

  open(): void {
    this.resolve();
  }

  /** Rejects current and later waiters with this error. */
  close(error: unknown): void {
    this.reject(error);
  }
}
