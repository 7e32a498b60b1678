/** A server process that can be restarted with its data. */
interface Restartable {
  readonly ended: Promise<unknown>;
  restart(how?: { empty?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Restarts a server whenever it ends unexpectedly. A requested restart and an unexpected end never cause two starts.
 */
export class KeptRunning<T extends Restartable> {
  private restarting: Promise<void> | undefined;
  private stopping = false;
  private readonly watch: Promise<void>;

  constructor(
    readonly server: T,
    private readonly onEnd: () => void,
    onGivingUp: (reason: Error) => void,
  ) {
    this.watch = this.keep().catch(onGivingUp);
  }

  /** SIGKILL, then a start on the same port with the same data, or with none. */
  async restart(how?: { empty?: boolean }): Promise<void> {
    // A restart with other data is never merged with another restart.
    if (how?.empty) await this.restarting;
    this.restarting ??= this.server.restart(how).finally(() => (this.restarting = undefined));
    return this.restarting;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.restarting?.catch(() => {});
    await this.server.stop();
    await this.watch;
  }

  private async keep(): Promise<void> {
    for (;;) {
      await this.server.ended;
      if (this.stopping) return;
      if (!this.restarting) this.onEnd();
      await this.restart();
    }
  }
}
