/*
 * The packages that this repository publishes: every folder of `libs/` and `packages/` whose package.json is not private.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../repository';

export interface PublishedPackage {
  readonly name: string;
  readonly version: string;
  /** Relative to the repository. */
  readonly folder: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const SHARED_FILES = ['LICENSE', 'CHANGELOG.md'];

/** In the order of their dependencies. */
export function publishedPackages(): PublishedPackage[] {
  const found = ['libs', 'packages']
    .filter((parent) => existsSync(join(repositoryRoot, parent)))
    .flatMap((parent) => readdirSync(join(repositoryRoot, parent)).map((folder) => join(parent, folder)))
    .filter((folder) => existsSync(join(repositoryRoot, folder, 'package.json')))
    .map((folder) => ({ folder, manifest: manifestOf(folder) }))
    .filter(({ manifest }) => manifest.private !== true);
  const names = new Set(found.map(({ manifest }) => manifest.name));
  const ordered: PublishedPackage[] = [];
  const add = (each: (typeof found)[number]): void => {
    if (ordered.some(({ name }) => name === each.manifest.name)) return;
    for (const dependency of Object.keys(each.manifest.dependencies ?? {}).filter((name) => names.has(name))) {
      found.filter(({ manifest }) => manifest.name === dependency).forEach(add);
    }
    ordered.push({ name: each.manifest.name, version: each.manifest.version, folder: each.folder });
  };
  found.forEach(add);
  return ordered;
}

/**
 * Compiles a package into `<target>/package` as it will be published, and writes its tarball into `target`.
 *
 * @returns the tarball's path.
 * @throws when it does not compile, or lacks a file that every package has.
 */
export function pack({ name, folder }: PublishedPackage, target: string): string {
  const staged = join(target, 'packages', folder);
  rmSync(staged, { recursive: true, force: true });
  mkdirSync(staged, { recursive: true });
  const source = join(repositoryRoot, folder);
  for (const file of ['package.json', 'README.md']) cpSync(required(join(source, file), name), join(staged, file));
  for (const file of SHARED_FILES) cpSync(join(repositoryRoot, file), join(staged, file));
  if (existsSync(join(source, 'templates'))) {
    cpSync(join(source, 'templates'), join(staged, 'templates'), { recursive: true });
  }
  run('npx', ['tsc', '--project', join(source, 'tsconfig.build.json'), '--outDir', join(staged, 'dist')]);
  const output = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', target], staged);
  const [{ filename }] = JSON.parse(output) as [{ filename: string }];
  return join(target, filename);
}

function required(path: string, name: string): string {
  if (!existsSync(path)) throw new Error(`${name} cannot be published: ${path} is missing.`);
  return path;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8')) as Manifest;
}

/** @throws with what the command printed when it fails. */
function run(command: string, args: readonly string[], directory = repositoryRoot): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: directory,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
}
