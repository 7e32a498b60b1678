/* A separate disk for PostgreSQL, small enough to be filled. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEGABYTES = 400;
const CHUNK = Buffer.alloc(1 << 16, 1);

/** A file system in memory, mounted for a test; requires root. */
export class SmallDisk {
  private constructor(readonly path: string) {}

  /** Why this machine cannot mount one. */
  static missing(): string | undefined {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'Only root can mount a small disk, on Linux.';
    try {
      SmallDisk.mount().unmount();
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  static mount(): SmallDisk {
    const path = mkdtempSync(join(tmpdir(), 'palinode-disk-'));
    run('mount', '-t', 'tmpfs', '-o', `size=${MEGABYTES}m,mode=711`, 'tmpfs', path);
    return new SmallDisk(path);
  }

  /** Fills the disk completely. Returns the number of bytes that were free. */
  fill(): number {
    const file = openSync(this.ballast, 'a');
    let bytes = 0;
    try {
      for (let size = CHUNK.length; size > 0;) {
        const written = writeSome(file, size);
        bytes += written;
        if (written === 0) size = Math.floor(size / 2);
      }
    } finally {
      closeSync(file);
    }
    return bytes;
  }

  /** Frees the space that {@link fill} took. */
  empty(): void {
    unlinkSync(this.ballast);
  }

  unmount(): void {
    run('umount', '-l', this.path);
    rmSync(this.path, { recursive: true, force: true });
  }

  private get ballast(): string {
    return join(this.path, 'ballast');
  }
}

/** 0 when the disk is full. */
function writeSome(file: number, size: number): number {
  try {
    return writeSync(file, CHUNK, 0, size);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return 0;
    throw error;
  }
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
}
