import { runPalinode } from '@palinode/test-support/processes/run-palinode';

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

  async palinode(...words: readonly string[]): Promise<Shown> {
    this.commands.push(words.join(' '));
    const env = { HOME: process.env['HOME'], PALINODE_OPERATOR: 'ada' };
    const { code, out, err } = await runPalinode(words, { env, cwd: this.directory });
    return { code, text: out + err };
  }

  /** The commands since it was asked last. */
  takeCommands(): readonly string[] {
    return this.commands.splice(0);
  }
}
