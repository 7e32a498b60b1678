/* The built pages of the console, which the orchestrator serves. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../repository';

const SOURCES = join(repositoryRoot, 'apps/console');

/** Where they are built. */
export const CONSOLE_PAGES = join(repositoryRoot, 'dist/libs/console/static');

/**
 * Builds the pages if their sources or packages are newer. Rejects with the output of the build when it fails. Another
 * process may build them, or serve them, at the same time.
 */
export async function buildConsole(): Promise<void> {
  if (isCurrent()) return;
  mkdirSync(dirname(CONSOLE_PAGES), { recursive: true });
  const built = mkdtempSync(`${CONSOLE_PAGES}-`);
  try {
    await buildInto(built);
    replaceFolder(CONSOLE_PAGES, built);
  } finally {
    rmSync(built, { recursive: true, force: true });
  }
}

async function buildInto(folder: string): Promise<void> {
  const vite = join(repositoryRoot, 'node_modules/vite/bin/vite.js');
  const building = spawn(
    process.execPath,
    [vite, 'build', '--logLevel', 'warn', '--outDir', folder, '--emptyOutDir', SOURCES],
    {
      cwd: repositoryRoot,
      // Jest's NODE_ENV would build React's own tests into the pages.
      env: { ...process.env, NODE_ENV: 'production' },
    },
  );
  let output = '';
  for (const stream of [building.stdout, building.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => building.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`The console cannot be built:\n${output}`);
}

/** Puts a folder in the place of another, which need not exist. One that another process puts there meanwhile stays. */
export function replaceFolder(replaced: string, by: string): void {
  const aside = `${by}-replaced`;
  renameUnless(['ENOENT'], replaced, aside);
  renameUnless(['ENOTEMPTY', 'EEXIST'], by, replaced);
  rmSync(aside, { recursive: true, force: true });
}

function renameUnless(codes: readonly string[], from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!codes.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function isCurrent(): boolean {
  const page = join(CONSOLE_PAGES, 'index.html');
  if (!existsSync(page)) return false;
  const builtAt = statSync(page).mtimeMs;
  const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).map((file) => join(SOURCES, file));
  return [...sources, join(repositoryRoot, 'package-lock.json')].every((file) => statSync(file).mtimeMs < builtAt);
}
