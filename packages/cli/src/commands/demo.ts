import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { CliError } from '../cli-error';
import { stackAround } from '../operate/running-stack';

/** `palinode demo`: the script `demo` of the project whose stack runs here. */
export function demoCommand(): Command {
  return new Command('demo')
    .argument('[scenario]', 'what to break; without it, the list of what there is')
    .description('Breaks the stack that runs here on purpose: "incidents" leaves trouble to practise on.')
    .showHelpAfterError()
    .action(async (scenario?: string) => {
      const { project } = stackAround(process.cwd()) ?? {};
      if (project === undefined)
        throw new CliError('No stack runs here; start one with npm start, and run this in another terminal.');
      if (!hasDemo(project)) throw new CliError(`The project in ${project} has no script demo in its package.json.`);
      const words = ['run', '--silent', 'demo', '--', scenario ?? '--help'];
      const child = spawn('npm', words, { cwd: project, stdio: 'inherit', shell: process.platform === 'win32' });
      const [code] = (await once(child, 'exit')) as [number | null];
      process.exitCode = code ?? 1;
    });
}

function hasDemo(project: string): boolean {
  try {
    const { scripts = {} } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
      scripts?: Readonly<Record<string, string>>;
    };
    return scripts['demo'] !== undefined;
  } catch {
    return false;
  }
}
