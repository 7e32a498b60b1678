import { Command } from 'commander';
import { addCommand } from '../generators/command';
import { addParticipant } from '../generators/participant';
import { addSaga } from '../generators/saga';
import { addSubscriber } from '../generators/subscriber';
import { Workspace } from '../workspace/workspace';

interface RunOptions {
  readonly dryRun?: true;
}

/** Changes the workspace, and returns what to do next. */
type Generator<Options> = (workspace: Workspace, name: string, options: Options) => readonly string[];

/** `palinode generate`: adds to the workspace that contains the current directory. */
export function generateCommand(): Command {
  const generate = new Command('generate').alias('g').description('Adds to a workspace made by "npm create palinode".');
  generator('participant <name>', 'a service that handles commands', addParticipant);
  generator('command <service.verb-noun>', 'a command of a participant, with its handler', addCommand)
    .option('--refusal <reasons...>', 'why the business may refuse it')
    .option('--reply', 'a reply with data')
    .option('--compensation <verb-noun>', 'also the command that compensates it');
  generator('saga <name>', 'a saga with one step, and its tests', addSaga).option(
    '--participant <name>',
    'whose command the step is (default: the first participant)',
  );
  generator('subscriber <name>', 'a service that handles an event', addSubscriber).option(
    '--event <service.what-happened>',
    'the event (default: the first one in src/contracts)',
  );
  return generate;

  function generator<Options>(usage: string, adds: string, run: Generator<Options>): Command {
    return generate
      .command(usage)
      .description(`Adds ${adds}.`)
      .option('--dry-run', 'print the files, and change none')
      .showHelpAfterError()
      .action(async (name: string, options: RunOptions & Options) => {
        const workspace = Workspace.around(process.cwd());
        const next = run(workspace, name, options);
        if (options.dryRun !== true) await workspace.save();
        for (const { kind, path } of workspace.changes()) console.log(`${kind.padEnd(8)}${path}`);
        if (next.length > 0) console.log(`\nNext:\n${next.map((step) => `- ${step}`).join('\n')}`);
      });
  }
}
