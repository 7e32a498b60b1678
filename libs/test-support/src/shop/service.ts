import { createWriteStream, type WriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child, type Ending } from '@palinode/testing-support/processes/child';
import { waitUntil, GiveUp } from '@palinode/testing-support/wait-until';
import type { ServiceName } from './services';

export interface ServiceOptions {
  readonly name: ServiceName;
  readonly url: string;
  /** The JavaScript file that Node runs. */
  readonly entry: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Whether it is started again when it ends unasked. */
  readonly restarts: boolean;
  readonly onLine: (line: string) => void;
  readonly onStart: (message: string | undefined) => void;
  readonly onGivingUp: (reason: Error) => void;
}

const longestPauseMs = 5_000;
const youngMs = 10_000;
const youngDeaths = 5;

/** One service as a process of its own, started again when it ends unasked. */
export class Service {
  private child: Child | undefined;
  /** Its process that was killed from here. */
  private killed: Child | undefined;
  private readonly log: WriteStream;
  private readonly stopping = new AbortController();
  private supervision: Promise<void> | undefined;
  private broken: Error | undefined;

  constructor(private readonly options: ServiceOptions) {
    this.log = createWriteStream(options.logFile);
    this.log.on('error', () => {});
  }

  get url(): string {
    return this.options.url;
  }

  /** The number of its process; undefined while it is down. */
  get pid(): number | undefined {
    return this.child?.isRunning ? this.child.pid : undefined;
  }

  async start(): Promise<void> {
    await this.spawn();
    this.supervision = this.supervise();
  }

  /** Resolves when it answers `GET /readyz` with 200; rejects when it has been given up or does not within `deadlineMs`. */
  async ready(deadlineMs = 60_000): Promise<void> {
    await waitUntil(`${this.options.name} at ${this.url}/readyz`, () => this.answers(), { deadlineMs }).catch(
      (error) => {
        throw error instanceof GiveUp
          ? error
          : new Error(`${(error as Error).message}\n${this.child?.lastLines() ?? ''}`);
      },
    );
  }

  /** Ends it as a crash would: SIGKILL. It is started again if it restarts at all. */
  async kill(): Promise<void> {
    this.killed = this.child;
    await this.child?.kill();
  }

  /** Asks it to end as a deployment does: SIGTERM. Resolves with how it did. It is started again if it restarts at all. */
  async endInOrder(): Promise<Ending> {
    const child = this.child as Child;
    child.signal('SIGTERM');
    return child.ended;
  }

  /** Starts a service again that does not restart by itself. */
  async restart(): Promise<void> {
    await this.kill();
    await this.supervision;
    await this.start();
  }

  /** Lets it end in order; by force after 10 s. */
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
        this.log.write(`${line}\n`);
        this.options.onLine(line);
      },
    });
    this.options.onStart(message);
    if (this.stopping.signal.aborted) await this.child.stop();
  }

  private async supervise(): Promise<void> {
    let diedYoung = 0;
    for (;;) {
      const startedAt = Date.now();
      const everReady = this.becomesReady();
      const child = this.child as Child;
      const ending = await child.ended;
      if (this.stopping.signal.aborted) return;
      // A service that is killed again and again is being tested; one that never gets ready by itself is broken.
      const unfit = child !== this.killed && Date.now() - startedAt < youngMs && !(await everReady);
      diedYoung = unfit ? diedYoung + 1 : 0;
      if (!this.options.restarts) return this.giveUp(unfit, `ended (${ending.signal ?? ending.code})`);
      if (diedYoung === youngDeaths) return this.giveUp(true, `ended ${youngDeaths} times before it was ready`);
      const waitMs = Math.min(200 * 2 ** diedYoung, longestPauseMs);
      await sleep(waitMs, undefined, { signal: this.stopping.signal }).catch(() => {});
      if (this.stopping.signal.aborted) return;
      await this.spawn(`ended (${ending.signal ?? `code ${ending.code}`}) and is started again`);
    }
  }

  /** Whether this process of it answers before it ends. */
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
    try {
      const response = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) });
      await response.body?.cancel();
      return response.status === 200;
    } catch {
      return false;
    }
  }
}
