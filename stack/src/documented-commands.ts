/*
 * Runs the commands of README.md and of docs/getting-started.md as a reader would: blocks marked `sh` are pasted into a terminal
 * one after the other, `sh background` into a terminal of their own, where they run until the end of the page, and the changes
 * of `diff` blocks are made in an editor.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '@palinode/test-support/repository';

const PAGES = ['README.md', 'docs/getting-started.md'];

type Kind = 'sh' | 'sh background' | 'diff';

interface Block {
  readonly kind: Kind;
  readonly text: string;
}

const BLOCK = /^```(sh background|sh|diff)\n([\s\S]*?)^```$/gm;
/** No command of a page takes this long; one that waits for what never happens does. */
const BLOCK_LIMIT_MS = 300_000;

export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(BLOCK)].map(([, kind, text = '']) => ({ kind: kind as Kind, text: text.trimEnd() }));
}

/** A reader of one page. Where a block has changed the directory, the next ones run there. */
class Reader {
  private readonly place = mkdtempSync(join(tmpdir(), 'palinode-reader-'));
  private readonly directoryFile = join(this.place, 'directory');
  private readonly background: ChildProcess[] = [];

  constructor(private readonly page: string) {
    // PostgreSQL runs as another user when this one is root.
    chmodSync(this.place, 0o711);
    writeFileSync(this.directoryFile, repositoryRoot);
  }

  async follow({ kind, text }: Block): Promise<void> {
    console.log(`\n$ ${text.replaceAll('\n', '\n  ')}`);
    if (kind === 'sh background') this.background.push(this.start(text));
    else if (kind === 'diff') await this.finish(text, this.start('git apply --recount -', `${text}\n`));
    else await this.finish(text, this.start(`${this.inItsPlace()}\n${text}`));
  }

  /** What a page makes in a temporary directory is removed with the reader's own; its last directory is kept. */
  private inItsPlace(): string {
    return `export TMPDIR='${this.place}'; trap 'pwd > "${this.directoryFile}"' EXIT`;
  }

  private start(commands: string, input = ''): ChildProcess {
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', commands], {
      cwd: readFileSync(this.directoryFile, 'utf8').trim(),
      env: { ...process.env, npm_config_prefer_offline: 'true' },
      detached: true,
    });
    shell.stdout.pipe(process.stdout);
    shell.stderr.pipe(process.stderr);
    shell.stdin.end(input);
    return shell;
  }

  /** @throws when the block fails, or a command has ended that is to run until the end of the page. */
  private async finish(text: string, shell: ChildProcess): Promise<void> {
    const limit = setTimeout(() => signal(shell, 'SIGKILL'), BLOCK_LIMIT_MS);
    const [code] = (await once(shell, 'exit')) as [number | null];
    clearTimeout(limit);
    if (code !== 0) throw new Error(`A block of ${this.page} failed with ${String(code)}:\n${text}`);
    const ended = this.background.find((each) => !isRunning(each));
    if (ended) throw new Error(`A command in the background of ${this.page} ended with ${String(ended.exitCode)}.`);
  }

  /** Ends what runs in the background as Ctrl-C does, and removes the reader's files. */
  async leave(): Promise<void> {
    for (const shell of this.background.filter(isRunning)) {
      // Of all processes that write to its output: a shell may end before what it has started.
      const ended = once(shell, 'close');
      signal(shell, 'SIGINT');
      await ended;
    }
    rmSync(this.place, { recursive: true, force: true });
  }
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

/** To the whole process group, as a terminal does. */
function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid !== undefined) process.kill(-pid, name);
}

async function follow(page: string): Promise<void> {
  const startedAt = Date.now();
  const blocks = blocksOf(readFileSync(join(repositoryRoot, page), 'utf8'));
  if (blocks.length === 0) throw new Error(`${page} has no commands to run; mark their blocks with \`\`\`sh.`);
  const reader = new Reader(page);
  try {
    for (const block of blocks) await reader.follow(block);
  } finally {
    await reader.leave();
  }
  console.log(
    `\nAll ${blocks.length} blocks of ${page} succeeded in ${Math.round((Date.now() - startedAt) / 1_000)} s.`,
  );
}

async function main(pages: readonly string[]): Promise<void> {
  for (const page of pages.length > 0 ? pages : PAGES) await follow(page);
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
