import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatterOf } from './formatter';
import { WorkspaceError } from './workspace-error';

export interface Change {
  readonly kind: 'create' | 'change';
  readonly path: string;
}

interface Pending {
  readonly before: string | undefined;
  after: string;
}

/**
 * The files of a workspace, with changes that are made in memory first: {@link save} writes all of them or none.
 *
 * Paths are relative to the workspace.
 */
export class Workspace {
  private readonly pending = new Map<string, Pending>();

  constructor(private readonly root: string) {}

  /** The workspace that contains a directory. @throws WorkspaceError when there is none. */
  static around(directory: string): Workspace {
    for (let root = directory; ; root = dirname(root)) {
      if (usesPalinode(root)) return new Workspace(root);
      if (dirname(root) === root) break;
    }
    throw new WorkspaceError(
      `${directory} is in no workspace: no package.json above it has the dependency @palinode/saga. ` +
        'Create one with "npm create palinode@latest my-shop", and run this command there.',
    );
  }

  has(path: string): boolean {
    return this.pending.has(path) || existsSync(join(this.root, path));
  }

  /** @throws WorkspaceError when there is no such file; `remedy` says what to do then. */
  read(path: string, remedy = 'Restore it; "npm create palinode" has made it.'): string {
    if (!this.has(path)) throw new WorkspaceError(`${path} is missing. ${remedy}`);
    return this.pending.get(path)?.after ?? readFileSync(join(this.root, path), 'utf8');
  }

  /** The names of the files and folders in a folder; none when there is no such folder. */
  list(folder: string): readonly string[] {
    const created = [...this.pending.keys()]
      .filter((path) => dirname(path) === folder)
      .map((path) => path.slice(folder.length + 1));
    const path = join(this.root, folder);
    return [...new Set([...(existsSync(path) ? readdirSync(path) : []), ...created])].toSorted();
  }

  /** @throws WorkspaceError when the file exists. */
  create(path: string, text: string): void {
    if (this.has(path)) throw new WorkspaceError(`${path} exists already. Choose another name.`);
    this.pending.set(path, { before: undefined, after: text });
  }

  /** @throws WorkspaceError when there is no such file. */
  edit(path: string, change: (text: string) => string): void {
    const text = this.read(path);
    const after = change(text);
    const pending = this.pending.get(path);
    if (pending) pending.after = after;
    else this.pending.set(path, { before: text, after });
  }

  changes(): readonly Change[] {
    return [...this.pending].map(([path, { before }]) => ({ kind: before === undefined ? 'create' : 'change', path }));
  }

  /**
   * Writes the changes, formatted as the workspace is: new files by its prettier, and changed ones if they were formatted
   * before. Restores what was written when a file cannot be.
   */
  async save(): Promise<void> {
    const format = formatterOf(this.root);
    for (const [path, pending] of this.pending)
      pending.after = await format(join(this.root, path), pending.before, pending.after);
    const written: (readonly [path: string, before: string | undefined])[] = [];
    try {
      for (const [path, { before, after }] of this.pending) {
        const file = join(this.root, path);
        mkdirSync(dirname(file), { recursive: true });
        written.push([file, before]);
        writeFileSync(file, after);
      }
    } catch (error) {
      for (const [file, before] of written) {
        if (before === undefined) rmSync(file, { force: true });
        else writeFileSync(file, before);
      }
      throw error;
    }
  }
}

function usesPalinode(directory: string): boolean {
  const manifest = join(directory, 'package.json');
  if (!existsSync(manifest)) return false;
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies?: Record<string, string> };
  return dependencies?.['@palinode/saga'] !== undefined;
}
