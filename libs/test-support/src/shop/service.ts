import { setTimeout as sleep } from 'node:timers/promises';
import { Child, type Ending } from '@palinode/testing-support/processes/child';
import { waitUntil, GiveUp } from '@palinode/testing-support/wait-until';
import { LogFile } from './log-file';
import type { ServiceName } from './services';

export interface ServiceOptions {
  readonly name: ServiceName;
  readonly url: string;
  /** The JavaScript file to run. */
  readonly entry: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Whether it is restarted when it ends unexpectedly. */
  readonly restarts: boolean;
  readonly onLine: (line: string) => void;
  readonly onStart: (message: string | undefined) => void;
  readonly onGivingUp: (reason: Error) => void;
}

const longestPauseMs = 5_000;
const earlyMs = 10_000;
const maxEarlyEnds = 5;

/** One service as a separate process, restarted when it ends unexpectedly. */
export class Service {
  private child: Child | undefined;
  /** The process that was killed from here. */
  private killed: Child | undefined;
  private readonly log: LogFile;
  private readonly stopping = new AbortController();
  private supervision: Promise<void> | undefined;
  private broken: Error | undefined;

  constructor(private readonly options: ServiceOptions) {
    this.log = new LogFile(options.logFile);
  }

  get url(): string {
    return this.options.url;
  }

  /** The id of its process; undefined while it is down. */
  get pid(): number | undefined {
    return this.child?.isRunning ? this.child.pid : undefined;
  }

  async start(): Promise<void> {
    await this.spawn();
    this.supervision = this.supervise();
  }

  /** Resolves when it takes requests and handles messages (`GET /readyz`, `/consumers`); rejects when it is no longer restarted, or after `deadlineMs`. */
  async ready(deadlineMs = 60_000): Promise<void> {
    await waitUntil(`${this.options.name} at ${this.url} to be ready`, () => this.answers(), { deadlineMs }).catch(
      (error) => {
        throw error instanceof GiveUp
          ? error
          : new Error(`${(error as Error).message}\n${this.child?.lastLines() ?? ''}`);
      },
    );
  }

  /** Kills it with SIGKILL. It is restarted if restarts are on. */
  async kill(): Promise<void> {
    this.killed = this.child;
    await this.child?.kill();
  }

  /**
   * Ends it with SIGTERM, as a deployment does. Resolves with its exit code or signal. It is restarted if restarts are
   * on.
   */
  async endInOrder(): Promise<Ending> {
    const child = this.child as Child;
    child.signal('SIGTERM');
    return child.ended;
  }

  /** Starts a service that is not restarted automatically. */
  async restart(): Promise<void> {
    await this.kill();
    await this.supervision;
    await this.start();
  }

  /** Shuts it down with SIGTERM; by force after 10 s. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.child?.stop();
    await this.supervision;
    this.log.end();
  }

  private async spawn(message?: string): Promise<void> {
    const { name, entry, environment } = this.options;
    this.child = await Child.start(process.execPath, ['--enable-source-maps', entry], {
      name,
      environment,
      openInput: true,
      onLine: (line) => {
        this.log.write(line);
        this.options.onLine(line);
      },
    });
    this.options.onStart(message);
    if (this.stopping.signal.aborted) await this.child.stop();
  }

  private async supervise(): Promise<void> {
    let earlyEnds = 0;
    for (;;) {
      const startedAt = Date.now();
      const everReady = this.becomesReady();
      const child = this.child as Child;
      const ending = await child.ended;
      if (this.stopping.signal.aborted) return;
      // Repeated kills are tests; a service that repeatedly ends by itself before it is ready is broken.
      const unfit = child !== this.killed && Date.now() - startedAt < earlyMs && !(await everReady);
      earlyEnds = unfit ? earlyEnds + 1 : 0;
      if (!this.options.restarts) return this.giveUp(unfit, `ended (${ending.signal ?? ending.code})`);
      if (earlyEnds === maxEarlyEnds) return this.giveUp(true, `ended ${maxEarlyEnds} times before it was ready`);
      const waitMs = Math.min(200 * 2 ** earlyEnds, longestPauseMs);
      await sleep(waitMs, undefined, { signal: this.stopping.signal }).catch(() => {});
      if (this.stopping.signal.aborted) return;
      await this.spawn(`ended (${ending.signal ?? `code ${ending.code}`}) and is restarted`);
    }
  }

  /** Whether this process becomes ready before it ends. */
  private async becomesReady(): Promise<boolean> {
    const child = this.child as Child;
    while (child.isRunning) {
      if (await this.isReady()) return true;
      await Promise.race([sleep(50), child.ended]);
    }
    return false;
  }

  private giveUp(broken: boolean, what: string): void {
    if (!broken) return;
    this.broken = new GiveUp(`The ${this.options.name} service ${what}; its last lines:\n${this.child?.lastLines()}`);
    this.options.onGivingUp(this.broken);
  }

  private answers(): Promise<boolean> {
    if (this.broken) throw this.broken;
    return this.pid === undefined ? Promise.resolve(false) : this.isReady();
  }

  private async isReady(): Promise<boolean> {
    return (await this.isUp('readyz')) && (await this.isUp('consumers'));
  }

  private async isUp(probe: 'readyz' | 'consumers'): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}/${probe}`, { signal: AbortSignal.timeout(2_000) });
      await response.body?.cancel();
      return response.status === 200;
    } catch {
      return false;
    }
  }
}
