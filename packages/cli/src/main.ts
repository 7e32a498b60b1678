#!/usr/bin/env node
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateCommand } from './commands/generate';
import { WorkspaceError } from './workspace/workspace-error';

const { version } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as { version: string };

const program = new Command('palinode')
  .description('Commands for workspaces that run sagas with Palinode.')
  .version(version)
  .showHelpAfterError()
  .addCommand(generateCommand());

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof WorkspaceError ? error.message : error);
  process.exitCode = 1;
});
