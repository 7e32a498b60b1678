import { repositoryRoot } from '@palinode/test-support/repository';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { chosen, suites } from './suites';

const names = (...args: string[]): string[] =>
  chosen(args).groups.flatMap((group) => group.suites.map(({ name }) => name));

describe('the choice of suites', () => {
  it('defaults to the unit, integration and shop suites', () => {
    expect(names()).toEqual(['unit', 'integration', 'shop']);
  });

  it('takes suites by name and passes the other arguments to jest', () => {
    const given = ['unit', 'kafka', '--testPathPatterns', 'unit'];
    expect(names(...given)).toEqual(['unit', 'kafka']);
    expect(chosen(given).flags).toEqual(['--testPathPatterns', 'unit']);
  });

  it('splits all suites into the default ones and the rest', () => {
    expect([...names(), ...names('rest')]).toEqual(names('all'));
  });
});

describe('the suites of jest', () => {
  it('match the suites of the runner and contain every test file once', () => {
    const { projects } = require(join(repositoryRoot, 'jest.config.js')) as { projects: { displayName: string }[] };
    expect(projects.map(({ displayName }) => displayName)).toEqual(suites.map(({ name }) => name));
    const listed = suites.flatMap(({ name }) => filesOf(name));
    expect(listed.toSorted()).toEqual(trackedTests().toSorted());
  });

  it('begin with the slowest files', () => {
    const { LONGEST } = require(join(repositoryRoot, 'libs/test-support/src/jest/longest-first.js')) as {
      LONGEST: readonly string[];
    };
    for (const name of ['chaos', 'packages', 'proof', 'tools', 'e2e', 'operator', 'integration', 'unit']) {
      const files = filesOf(name).map((file) => relative(repositoryRoot, file));
      const long = LONGEST.filter((file) => files.includes(file));
      expect(long).not.toEqual([]);
      expect(files.slice(0, long.length)).toEqual(long);
    }
    expect(LONGEST.filter((file) => !existsSync(join(repositoryRoot, file)))).toEqual([]);
  });
});

function filesOf(suite: string): string[] {
  const jest = join(repositoryRoot, 'node_modules/jest/bin/jest.js');
  const { stdout } = run(process.execPath, jest, '--selectProjects', suite, '--listTests');
  return stdout.split('\n').filter((line) => line.endsWith('.ts'));
}

function trackedTests(): string[] {
  const patterns = ['*.spec.ts', '*.int-spec.ts', '*.e2e-spec.ts'];
  const { stdout } = run('git', 'ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns);
  // Projects of their own, whose tests the suite `packages` runs.
  const elsewhere = ['examples/', 'packages/create-palinode/template/'];
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !elsewhere.some((folder) => line.startsWith(folder)))
    .map((line) => join(repositoryRoot, line));
}

function run(program: string, ...args: string[]): { stdout: string } {
  return spawnSync(program, args, { cwd: repositoryRoot, encoding: 'utf8' });
}
