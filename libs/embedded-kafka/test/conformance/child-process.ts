import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryRoot, runTypescript } from '@palinode/test-support/repository';

/**
 * A Node process that runs one file of this library. It ends with the test process, because its standard input closes
 * then.
 */
export class ChildProcess {
  private readonly exited: Promise<number | null>;
  private readonly line: Promise<string | undefined>;
  private errors = '';

  private constructor(readonly process: ChildProcessWithoutNullStreams) {
    this.exited = once(process, 'close').then(([code]: (number | null)[]) => code ?? null);
    process.stderr.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
    const lines = createInterface({ input: process.stdout });
    this.line = Promise.race([once(lines, 'line').then(([line]: string[]) => line), this.exited.then(() => undefined)]);
  }

  static start(file: string, args: readonly string[]): ChildProcess {
    const program = join(repositoryRoot, 'libs/embedded-kafka', file);
    const child = spawn(process.execPath, ['-r', runTypescript, program, ...args], { stdio: 'pipe' });
    return new ChildProcess(child);
  }

  /** The first line that it prints. Rejects with its error output when it ends first. */
  async firstLine(): Promise<string> {
    const line = await this.line;
    if (line === undefined) throw new Error(`The process ended: ${this.errors}`);
    return line;
  }

  async kill9(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  /** Sends SIGTERM; resolves to its exit code. */
  async terminate(): Promise<number | null> {
    this.process.kill('SIGTERM');
    return this.exited;
  }

  /** Resolves when it has exited. */
  async end(): Promise<{ code: number | null; errors: string }> {
    return { code: await this.exited, errors: this.errors };
  }
}
