#!/usr/bin/env node
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from './cli-error';
import { actCommands } from './commands/act';
import { auditCommand } from './commands/audit';
import { demoCommand } from './commands/demo';
import { faultsCommand } from './commands/faults';
import { generateCommand } from './commands/generate';
import { keysCommand } from './commands/keys';
import { lookCommands } from './commands/look';
import { orderCommand } from './commands/order';
import { replayCommand } from './commands/replay';

const { version } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as { version: string };

const program = new Command('palinode')
  .description('Shows and operates sagas, checks new versions of them, and adds to workspaces.')
  .version(version)
  // So that --version after a subcommand is the subcommand's own option.
  .enablePositionalOptions()
  .showHelpAfterError();
const groups: readonly (readonly [heading: string, commands: readonly Command[]])[] = [
  ['Look:', [...lookCommands(), auditCommand(), keysCommand()]],
  ['Act:', actCommands()],
  ['Develop and practise:', [orderCommand(), faultsCommand(), demoCommand(), replayCommand(), generateCommand()]],
];
for (const [heading, commands] of groups) {
  program.commandsGroup(heading);
  for (const command of commands) program.addCommand(command);
}
program.commandsGroup('Help:');

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof CliError ? error.message : error);
  process.exitCode = error instanceof CliError ? error.exitCode : 1;
});
