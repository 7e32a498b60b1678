#!/usr/bin/env node
import { Command } from 'commander';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { createWorkspace } from './create-workspace';
import { CreationError } from './creation-error';

interface Options {
  readonly skipInstall?: true;
  readonly skipGit?: true;
  readonly tarballs?: string;
}

const { version } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as { version: string };

const program = new Command('create-palinode')
  .description('Creates a NestJS workspace with an orchestrator, participants and a saga.')
  .argument('[directory]', 'where to create it; its last part becomes the name of the package')
  .option('--skip-install', 'do not install the packages')
  .option('--skip-git', 'do not create a git repository')
  .option('--tarballs <directory>', "take Palinode's packages from the tarballs in this directory instead of from npm")
  .version(version)
  .showHelpAfterError()
  .action(create);

async function create(directory: string | undefined, { skipInstall, skipGit, tarballs }: Options): Promise<void> {
  const target = createWorkspace(directory ?? (await askForDirectory()), {
    version,
    ...(tarballs !== undefined && { tarballs }),
  });
  const place = relative(process.cwd(), target) || '.';
  console.log(`Created ${place}.`);
  if (!skipGit) createRepository(target);
  if (!skipInstall) install(target);
  const steps = [
    ...(place === '.' ? [] : [`cd ${place}`]),
    ...(skipInstall ? ['npm install'] : []),
    'npm start      # then place an order, as README.md says',
    'npm test',
  ];
  console.log(`\nNext:\n${steps.map((step) => `  ${step}`).join('\n')}`);
}

async function askForDirectory(): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CreationError('The directory is missing. Name it, for example: npm create palinode@latest my-shop');
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question('Where? (my-shop) ')).trim() || 'my-shop';
  } finally {
    terminal.close();
  }
}

function createRepository(directory: string): void {
  const git = (...args: string[]): boolean => spawnSync('git', args, { cwd: directory, stdio: 'ignore' }).status === 0;
  // A workspace in another repository belongs to that one.
  if (git('rev-parse', '--is-inside-work-tree')) return;
  if (!git('init', '--initial-branch=main')) console.log('There is no git here, so no repository was created.');
}

/** @throws CreationError when npm fails; the workspace stays. */
function install(directory: string): void {
  console.log('Installing the packages.');
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: directory,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new CreationError(`The packages were not installed. Run "npm install" in ${directory}.`);
}

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof CreationError ? error.message : error);
  process.exitCode = 1;
});
