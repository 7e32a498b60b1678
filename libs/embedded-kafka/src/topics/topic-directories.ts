import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from '../storage/sync-directory';

/** Topic names contain no tilde. One character, because the longest name leaves no room for more. */
const setAsideSuffix = '~';

const partitionName = /^[a-zA-Z0-9._-]+-\d+~?$/;

/** A directory with messages that the catalog does not name. The message names it and the remedy. */
export class UnknownDirectoryError extends Error {
  override readonly name = 'UnknownDirectoryError';
  constructor(path: string) {
    super(
      `${path} holds messages, but the catalog of topics does not name it: it may have lost entries. ` +
        'Restore catalog.journal from a copy, or move the directory out of the way to start without its messages.',
    );
  }
}

/** The directories of partitions, one for each, named TOPIC-PARTITION. */
export class TopicDirectories {
  constructor(readonly path: string) {
    mkdirSync(path, { recursive: true });
  }

  of(topic: string, partition: number): string {
    return join(this.path, `${topic}-${partition}`);
  }

  /** Whether there are no partition directories. */
  isEmpty(): boolean {
    return !readdirSync(this.path).some((name) => partitionName.test(name));
  }

  /** Creates the directories of partitions from one number to below another: all of them, or none. */
  make(topic: string, from: number, below: number): void {
    const made: string[] = [];
    try {
      for (let partition = from; partition < below; partition++) {
        const path = mkdirSync(this.of(topic, partition), { recursive: true });
        if (path !== undefined) made.push(path);
      }
      syncDirectory(this.path);
    } catch (error) {
      for (const path of made) rmdirSync(path);
      throw error;
    }
  }

  /** Renames a topic's directories for deletion. Returns a function that removes them. */
  setAside(topic: string, partitions: number): (() => void)[] {
    const removals: (() => void)[] = [];
    for (let partition = 0; partition < partitions; partition++) {
      const path = this.of(topic, partition);
      const aside = `${path}${setAsideSuffix}`;
      if (existsSync(path)) {
        rmSync(aside, { recursive: true, force: true });
        renameSync(path, aside);
      }
      removals.push(() => rmSync(aside, { recursive: true, force: true }));
    }
    syncDirectory(this.path);
    return removals;
  }

  /**
   * Aligns the directories with the catalog: finishes or reverts an interrupted deletion, and removes the empty
   * directories of an interrupted creation. Throws for a directory with messages that the catalog does not name.
   */
  recover(plans: ReadonlyMap<string, { readonly partitions: number }>, warn: (error: Error) => void): void {
    const present = new Set(readdirSync(this.path));
    const known = new Set<string>();
    for (const [topic, { partitions }] of plans) {
      for (let partition = 0; partition < partitions; partition++) known.add(`${topic}-${partition}`);
    }
    for (const name of known) {
      if (present.has(name)) continue;
      if (present.has(`${name}${setAsideSuffix}`)) {
        renameSync(join(this.path, `${name}${setAsideSuffix}`), join(this.path, name));
      } else {
        warn(new Error(`${join(this.path, name)} is missing: the partition starts empty, and its messages are lost.`));
      }
    }
    for (const name of readdirSync(this.path)) if (!known.has(name)) this.removeUnknown(name);
  }

  private removeUnknown(name: string): void {
    const path = join(this.path, name);
    // Other files, for example those of a file manager, are not the broker's.
    if (!partitionName.test(name) || !statSync(path).isDirectory()) return;
    if (!name.endsWith(setAsideSuffix) && holdsMessages(path)) throw new UnknownDirectoryError(path);
    rmSync(path, { recursive: true, force: true });
  }
}

function holdsMessages(path: string): boolean {
  return readdirSync(path).some((name) => statSync(join(path, name)).size > 0);
}
