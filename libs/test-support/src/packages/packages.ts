/*
 * The packages that this repository publishes: every folder of `libs/` and `packages/` whose package.json is not private.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../repository';
import { writeSqlFiles } from './sql-files';

/** Where `npm run pack` writes. */
const TARGET = join(repositoryRoot, 'dist/tarballs');

export interface PublishedPackage {
  readonly name: string;
  /** Relative to the repository. */
  readonly folder: string;
  /** Where {@link packAll} builds it as it will be published. */
  readonly built: string;
  /** Where {@link packAll} writes its tarball. */
  readonly tarball: string;
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
    ordered.push(published(each));
  };
  found.forEach(add);
  return ordered;
}

function published({ folder, manifest: { name, version } }: { folder: string; manifest: Manifest }): PublishedPackage {
  const tarball = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
  return { name, folder, built: join(TARGET, 'packages', folder), tarball: join(TARGET, tarball) };
}

/**
 * Builds all published packages anew and writes their tarballs.
 *
 * @throws when one does not compile, or lacks a file that every package has.
 */
export function packAll(): PublishedPackage[] {
  rmSync(TARGET, { recursive: true, force: true });
  const packages = publishedPackages();
  packages.forEach(pack);
  return packages;
}

function pack({ name, folder, built }: PublishedPackage): void {
  mkdirSync(built, { recursive: true });
  const source = join(repositoryRoot, folder);
  for (const file of ['package.json', 'README.md']) cpSync(required(join(source, file), name), join(built, file));
  for (const file of SHARED_FILES) cpSync(join(repositoryRoot, file), join(built, file));
  run('npx', ['tsc', '--project', join(source, 'tsconfig.build.json'), '--outDir', join(built, 'dist')]);
  if (name === '@palinode/saga') writeSqlFiles(join(built, 'sql'));
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', TARGET], built);
}

function required(path: string, name: string): string {
  if (!existsSync(path)) throw new Error(`${name} cannot be published: ${path} is missing.`);
  return path;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8')) as Manifest;
}

/** @throws with what the command printed when it fails. */
function run(command: string, args: readonly string[], directory = repositoryRoot): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: directory,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}
