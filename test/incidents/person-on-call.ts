import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '@palinode/test-support/repository';

const RUN_TYPESCRIPT = join(repositoryRoot, 'libs/test-support/src/processes/run-typescript.js');
const PROGRAM = join(repositoryRoot, 'packages/cli/src/main.ts');

/** How a command ended, and what it printed. */
export interface Shown {
  readonly code: number;
  readonly text: string;
}

/** Has the command line of `palinode` and nothing else. Each command counts. */
export class PersonOnCall {
  private readonly commands: string[] = [];

  /** @param directory where the stack runs */
  constructor(private readonly directory: string) {}

  palinode(...words: readonly string[]): Promise<Shown> {
    this.commands.push(words.join(' '));
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], PALINODE_OPERATOR: 'ada' };
    return new Promise((resolve) => {
      const all = ['-r', RUN_TYPESCRIPT, PROGRAM, ...words];
      execFile(process.execPath, all, { env, cwd: this.directory }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), text: out + err }),
      );
    });
  }

  /** The commands since it was asked last. */
  takeCommands(): readonly string[] {
    return this.commands.splice(0);
  }
}
