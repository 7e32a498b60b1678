/*
 * The packages that this repository publishes: every folder of `libs/` and `packages/` whose package.json is not private.
 * All have the version of the repository's package.json (decision 0056).
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  readonly private?: boolean;
  readonly files?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
}

interface Release {
  readonly version: string;
  /** Where the packages come from; set by the workflow that publishes them. */
  readonly repository?: { readonly type: string; readonly url: string };
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

function published({ folder, manifest: { name } }: { folder: string; manifest: Manifest }): PublishedPackage {
  const { version } = release();
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
  writeFileSync(join(built, 'package.json'), JSON.stringify(releasedManifest(folder), undefined, 2));
  cpSync(required(join(source, 'README.md'), name), join(built, 'README.md'));
  for (const file of SHARED_FILES) cpSync(join(repositoryRoot, file), join(built, file));
  const { files = [] } = manifestOf(folder);
  // The others are made here: `dist`, the shared files, the SQL.
  for (const file of files.filter((each) => each !== 'dist' && existsSync(join(source, each))))
    cpSync(join(source, file), join(built, file), { recursive: true });
  run('npx', ['tsc', '--project', join(source, 'tsconfig.build.json'), '--outDir', join(built, 'dist')]);
  if (name === '@palinode/saga') writeSqlFiles(join(built, 'sql'));
  if (name === '@palinode/console')
    run('npx', [
      'vite',
      'build',
      'apps/console',
      '--logLevel',
      'warn',
      '--outDir',
      join(built, 'static'),
      '--emptyOutDir',
    ]);
  for (const file of files) required(join(built, file), name);
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', TARGET], built);
}

/** A package's manifest with the version of the release, which its dependencies among these packages have too. */
function releasedManifest(folder: string): object {
  const { version, repository } = release();
  const { dependencies = {}, ...manifest } = manifestOf(folder);
  const names = new Set(publishedPackages().map(({ name }) => name));
  return {
    ...manifest,
    version,
    ...(repository && { repository: { ...repository, directory: folder } }),
    dependencies: Object.fromEntries(
      Object.entries(dependencies).map(([name, range]) => [name, names.has(name) ? `^${version}` : range]),
    ),
  };
}

/** The declaration files of a package's entry points, by their paths: `.`, `./contract`. */
export function entryPointsOf(folder: string): Readonly<Record<string, string>> {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    exports: Readonly<Record<string, string | { readonly types: string }>>;
  };
  return Object.fromEntries(
    Object.entries(exports).flatMap(([path, target]) =>
      typeof target === 'string' ? [] : [[path, join(folder, target.types)]],
    ),
  );
}

function required(path: string, name: string): string {
  if (!existsSync(path)) throw new Error(`${name} cannot be published: ${path} is missing.`);
  return path;
}

function release(): Release {
  return JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as Release;
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
