/* Every command of package.json with a program documents its options and rejects wrong arguments before it starts. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, runTypescript } from '@palinode/test-support/repository';

const { scripts } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
/** `npm test` passes its arguments to jest. */
const PASSES_ON = 'dist/stack/src/tests/main.js';
/** The program of a package, which has a name of its own. */
const OF_A_PACKAGE = 'packages/cli/src/main.ts';
const programs = Object.entries(scripts).flatMap(([script, line]) => {
  const [, program, subcommand] = /^node stack\/run\.js (?:--no-build )?(\S+\.[jt]s)(?: (\S+))?$/.exec(line) ?? [];
  const name = subcommand === undefined ? `${script} --` : `bench -- ${subcommand}`;
  return program === undefined || program === PASSES_ON || program === OF_A_PACKAGE
    ? []
    : [{ script, name, program: [program, ...(subcommand === undefined ? [] : [subcommand])] }];
});

function run(program: readonly string[], ...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-r', runTypescript, ...program, ...args], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

it('finds start, simulate, bench and demo among the programs of package.json', () => {
  expect(programs.map(({ script }) => script)).toEqual(expect.arrayContaining(['start', 'simulate', 'bench', 'demo']));
});

describe.each(programs)('npm run $script', ({ name, program }) => {
  it('prints its options with --help', () => {
    const { status, output } = run(program, '--help');
    expect(output).toMatch(new RegExp(`^Usage: npm (run )?${name}`));
    expect(status).toBe(0);
  });

  it('rejects an unknown option', () => {
    const { status, output } = run(program, '--nonsense');
    expect(output).toMatch(/^error: (unknown option '--nonsense'|required option)/);
    expect(output).toContain('Usage: npm');
    expect(status).toBe(2);
  });
});

const wrong: readonly [string, string[], string][] = [
  ['simulate', ['--schedules', 'many'], 'whole number'],
  ['simulate', ['--tape', '[1,x]'], 'whole number'],
  ['bench', ['--targets', 'palinod'], 'There is no palinod; there are floor, graphile'],
  ['bench', ['--declined', '10'], '1 at most'],
  ['bench', ['--brokers', 'rabbit'], 'There is no rabbit'],
  ['bench', ['--drivers', 'grpc'], 'There is no grpc'],
  ['bench', ['cost', '--questions', 'step'], 'There is no step; there are steps'],
  ['cost', ['--questions', 'step'], 'There is no step; there are steps'],
  ['recovery', ['--parts', 'router'], 'There is no router'],
  ['endurance', ['--minutes', '-1'], 'must be a number'],
  ['fuzz', ['--broker', 'rabbit'], 'There is no rabbit'],
  ['demo', [], "missing required argument 'scenario'"],
  ['demo', ['lost-repl'], 'There is no lost-repl; there are lost-reply'],
  ['conformance', [], "required option '--participant <topic>' not specified"],
  ['conformance', ['--participant', 'a', '--deadline', 'soon'], 'must be a number'],
];

it.each(wrong)('npm run %s rejects the arguments %j', (script, args, reason) => {
  const { program = [] } = programs.find((each) => each.script === script) ?? {};
  const { status, output } = run(program, ...args);
  expect(output).toContain(reason);
  expect(status).toBe(2);
});
