/* What is published: complete, nothing too much, and loadable in each way that Node and TypeScript resolve packages. */
import { repositoryRoot } from '@palinode/test-support/repository';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { makeApiReports } from '@palinode/test-support/packages/api-report';
import { orchestratorMigrations } from '@palinode/saga/orchestrator';
import { participantMigrations, sqlOf } from '@palinode/saga/participant';
import { subscriberMigrations } from '@palinode/saga/subscriber';
import { publishedPackages } from '@palinode/test-support/packages/packages';

const filesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)));

/** What a command-line tool of node_modules says. */
function checkedBy(tool: string, ...args: readonly string[]): { status: number | null; printed: string } {
  const { status, stdout, stderr } = spawnSync(join(repositoryRoot, 'node_modules/.bin', tool), args, {
    encoding: 'utf8',
  });
  return { status, printed: `${stdout}${stderr}` };
}

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const manifestIn = (directory: string): Manifest =>
  JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;

const names = publishedPackages().map(({ name }) => name);
it('@palinode/saga holds the migrations of each role as SQL', () => {
  const tarball = publishedPackages().find(({ name }) => name === '@palinode/saga')?.tarball ?? '';
  const { stdout } = spawnSync('tar', ['-tzf', tarball], { encoding: 'utf8' });
  const files = Object.entries({
    orchestrator: orchestratorMigrations,
    participant: participantMigrations,
    subscriber: subscriberMigrations,
  }).flatMap(([role, migrations]) => sqlOf(migrations).map(({ name }) => `package/sql/${role}/${name}.sql`));
  const packed = stdout.split('\n').filter((file) => file.startsWith('package/sql/'));
  // npm sorts them by its own rules.
  expect(packed.toSorted()).toEqual(files.toSorted());
});

describe.each(publishedPackages())('$name', (each) => {
  const { built, tarball } = each;

  it('has the version of the release, and depends on the same version of the others', () => {
    const { version, dependencies } = manifestIn(built);
    expect(version).toBe(manifestIn(repositoryRoot).version);
    for (const [name, range] of Object.entries(dependencies ?? {}))
      if (names.includes(name)) expect({ name, range }).toEqual({ name, range: `^${version}` });
  });

  it('has no problem that publint finds', () => {
    expect(checkedBy('publint', built, '--strict', '--pack', 'false')).toMatchObject({ status: 0 });
  });

  it('has types that resolve for CommonJS, ES modules, bundlers and older TypeScript', () => {
    expect(checkedBy('attw', tarball, '--no-emoji')).toMatchObject({ status: 0 });
  });

  it('holds declarations and source maps, and no test', () => {
    const files = filesIn(built);
    expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md']));
    const programs = files.filter((file) => file.endsWith('.js') && file.startsWith('dist/'));
    expect(programs.length).toBeGreaterThan(0);
    for (const program of programs) {
      expect(files).toContain(`${program}.map`);
      expect(files).toContain(program.replace(/\.js$/, '.d.ts'));
    }
    // The tests in the template are those of the workspaces that are made from it.
    const own = files.filter((file) => !file.startsWith('template/'));
    expect(own.filter((file) => /spec|\.types\.|fixture|mutant|bench/.test(file))).toEqual([]);
  });

  it('exports what its API reports say', () => {
    for (const { file, made } of makeApiReports(each)) {
      const committed = readFileSync(join(repositoryRoot, file), 'utf8');
      expect({ file, says: readFileSync(made, 'utf8') }).toEqual({ file, says: committed });
    }
  });
});
