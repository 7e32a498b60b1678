import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { guard } from './guard';

export interface ChildOptions {
  /** Its name in messages. */
  readonly name: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly directory?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Keeps a pipe to its standard input open, which closes when this process ends. */
  readonly openInput?: boolean;
  /** Ends it when this process ends, for programs that do not watch their standard input. */
  readonly guarded?: boolean;
  /** Called with each line of its output. Its last lines are always kept for {@link Child.lastLines}. */
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const running = new Set<Child>();
process.on('exit', () => running.forEach((child) => child.signal('SIGKILL')));

/** A program that this process starts, and that ends with it. */
export class Child {
  /** Settles when it has ended and all of its output was read; never rejects. */
  readonly ended: Promise<Ending>;
  readonly name: string;
  private readonly lines: string[] = [];
  private ending: Ending | undefined;

  /** Rejects when the program cannot be started. */
  static async start(command: string, args: readonly string[], options: ChildOptions): Promise<Child> {
    const started = spawn(command, args, {
      cwd: options.directory,
      env: options.environment ?? process.env,
      uid: options.uid,
      gid: options.gid,
      stdio: [options.openInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      // Ctrl-C reaches only this process, which shuts its children down in order.
      detached: process.platform !== 'win32',
    });
    await new Promise((resolve, reject) => {
      started.once('spawn', resolve);
      started.once('error', (error) => reject(new Error(`${options.name} cannot be started: ${error.message}`)));
    });
    return new Child(started, options);
  }

  private constructor(
    private readonly started: ChildProcess,
    options: ChildOptions,
  ) {
    this.name = options.name;
    running.add(this);
    started.stdin?.on('error', () => {});
    for (const stream of [started.stdout, started.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.heard(line, options.onLine));
    }
    const unguard = options.guarded ? guard(this.pid) : () => {};
    started.once('exit', (code, signal) => {
      this.ending = { code, signal };
      running.delete(this);
      unguard();
    });
    this.ended = new Promise((resolve) => started.once('close', (code, signal) => resolve({ code, signal })));
  }

  get pid(): number {
    return this.started.pid as number;
  }

  get isRunning(): boolean {
    return this.ending === undefined;
  }

  /** The last lines of its output, the oldest first. */
  lastLines(count = 20): string {
    return this.lines.slice(-count).join('\n');
  }

  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.started.kill(signal);
  }

  /** Sends SIGTERM, and SIGKILL if it has not ended within `graceMs`. */
  async stop({
    graceMs = 10_000,
    signal = 'SIGTERM',
  }: { graceMs?: number; signal?: NodeJS.Signals } = {}): Promise<Ending> {
    this.signal(signal);
    const timer = setTimeout(() => this.signal('SIGKILL'), graceMs);
    return this.ended.finally(() => clearTimeout(timer));
  }

  /** Kills it with SIGKILL. */
  async kill(): Promise<Ending> {
    this.signal('SIGKILL');
    return this.ended;
  }

  private heard(line: string, onLine: ChildOptions['onLine']): void {
    this.lines.push(line);
    if (this.lines.length > 200) this.lines.shift();
    onLine?.(line);
  }
}
