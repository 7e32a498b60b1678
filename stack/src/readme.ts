/*
 * Runs the README's commands in order, as a reader would paste them: blocks marked `sh background` run until the end,
 * blocks marked `sh` must succeed. The gate runs `npm test` separately.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot, stateDirectory } from '@palinode/test-support/repository';
import { GiveUp, waitUntil } from '@palinode/testing-support/wait-until';

interface Block {
  readonly commands: string;
  readonly background: boolean;
}

const BLOCK = /^```sh( background)?\n([\s\S]*?)^```$/gm;
const RUN_BY_THE_GATE = ['npm test'];

export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(BLOCK)]
    .map(([, background, commands = '']) => ({ commands: commands.trim(), background: background !== undefined }))
    .filter(({ commands }) => !RUN_BY_THE_GATE.includes(commands));
}

async function main(): Promise<void> {
  const blocks = blocksOf(readFileSync(join(repositoryRoot, 'README.md'), 'utf8'));
  if (blocks.length === 0) throw new Error('README.md has no commands to run; mark their blocks with ```sh.');
  const background: ChildProcess[] = [];
  try {
    for (const { commands, background: stays } of blocks) {
      console.log(`\n$ ${commands.replaceAll('\n', '\n  ')}`);
      const shell = start(commands);
      if (stays) {
        background.push(shell);
        await untilUp(shell);
      } else {
        const [code] = (await once(shell, 'exit')) as [number | null];
        if (code !== 0) throw new Error(`A command of README.md failed with ${String(code)}:\n${commands}`);
      }
    }
    console.log(`\nAll ${blocks.length} blocks of README.md succeeded.`);
  } finally {
    await Promise.all(background.map(end));
  }
}

function start(commands: string): ChildProcess {
  return spawn('bash', ['-euo', 'pipefail', '-c', commands], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
}

async function untilUp(shell: ChildProcess): Promise<void> {
  await waitUntil(
    'the stack to be up',
    () => {
      if (shell.exitCode !== null) throw new GiveUp(`npm start ended with ${shell.exitCode}`);
      return existsSync(join(stateDirectory, 'stack.json'));
    },
    { deadlineMs: 180_000, everyMs: 200 },
  );
}

/** Sends SIGINT to the whole process group, as a terminal does for Ctrl-C. */
async function end(shell: ChildProcess): Promise<void> {
  if (shell.exitCode !== null || shell.pid === undefined) return;
  const ended = once(shell, 'exit');
  process.kill(-shell.pid, 'SIGINT');
  await ended;
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
