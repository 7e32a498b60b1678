import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { guard } from './guard';

export interface ChildOptions {
  /** How messages call it. */
  readonly name: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly directory?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Keeps a pipe to its standard input open, by whose end it learns that this process has died. */
  readonly openInput?: boolean;
  /** Ends it when this process dies, for programs that do not watch their standard input. */
  readonly guarded?: boolean;
  /** Gets what it prints, line by line. Its last lines are kept for {@link Child.lastLines} anyway. */
  readonly onLine?: (line: string) => void;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const running = new Set<Child>();
process.on('exit', () => running.forEach((child) => child.signal('SIGKILL')));

/** A program that this process started, and that does not outlive it. */
export class Child {
  /** Settles when it has ended and everything it printed was read; never rejects. */
  readonly ended: Promise<Ending>;
  readonly name: string;
  private readonly lines: string[] = [];
  private ending: Ending | undefined;

  /** Rejects when the program cannot be started at all. */
  static async start(command: string, args: readonly string[], options: ChildOptions): Promise<Child> {
    const started = spawn(command, args, {
      cwd: options.directory,
      env: options.environment ?? process.env,
      uid: options.uid,
      gid: options.gid,
      stdio: [options.openInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      // Ctrl-C goes to this process alone, which ends its children in order.
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
    const callOff = options.guarded ? guard(this.pid) : () => {};
    started.once('exit', (code, signal) => {
      this.ending = { code, signal };
      running.delete(this);
      callOff();
    });
    this.ended = new Promise((resolve) => started.once('close', (code, signal) => resolve({ code, signal })));
  }

  get pid(): number {
    return this.started.pid as number;
  }

  get isRunning(): boolean {
    return this.ending === undefined;
  }

  /** The last lines it printed, the oldest first. */
  lastLines(count = 20): string {
    return this.lines.slice(-count).join('\n');
  }

  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.started.kill(signal);
  }

  /** Asks it to end, and ends it by SIGKILL when it has not within `graceMs`. */
  async stop({
    graceMs = 10_000,
    signal = 'SIGTERM',
  }: { graceMs?: number; signal?: NodeJS.Signals } = {}): Promise<Ending> {
    this.signal(signal);
    const timer = setTimeout(() => this.signal('SIGKILL'), graceMs);
    return this.ended.finally(() => clearTimeout(timer));
  }

  /** Ends it as a crash would. */
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
