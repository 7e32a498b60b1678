/* What the commands for operators have in common: how they reach the admin API, and what `--json` does. */
import { Command, InvalidArgumentError } from 'commander';
import { AdminApi } from '../operate/admin-api';
import { connectionOf, type ConnectionOptions } from '../operate/connection';

interface CommonOptions extends ConnectionOptions {
  readonly json?: true;
}

/** What a command shows: the API's answer for `--json`, and a text for people. */
export interface Shown {
  readonly json: unknown;
  readonly text: string;
  /** @default 0 */
  readonly exitCode?: number;
}

type Arguments = readonly (string | undefined)[];

/** A command that asks the admin API and shows the answer. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- commander does not type its options
export function operatorCommand<Options extends object = object>(
  usage: string,
  description: string,
  run: (api: AdminApi, given: Arguments, options: Options & { readonly json?: true }) => Promise<Shown>,
): Command {
  const command = new Command(usage.split(' ')[0]).description(description).showHelpAfterError();
  for (const argument of usage.split(' ').slice(1)) command.argument(argument);
  return command
    .option('--url <url>', 'the admin API (default: PALINODE_URL, or the stack that runs here)')
    .option('--operator <name>', 'who acts (default: PALINODE_OPERATOR, or your user name)')
    .option('--json', 'print the answer of the API')
    .action(async (...all: unknown[]) => {
      const options = all.at(-2) as Options & CommonOptions;
      const api = new AdminApi(connectionOf(options, process.env, process.cwd()));
      const { json, text, exitCode = 0 } = await run(api, all.slice(0, -2) as Arguments, options);
      console.log(options.json ? JSON.stringify(json, undefined, 2) : text);
      process.exitCode = exitCode;
    });
}

/** Parses a whole number from 1 on. */
export function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return Number(text);
}
