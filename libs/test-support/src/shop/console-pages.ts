/* The built pages of the console, which the orchestrator serves. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../repository';

const SOURCES = join(repositoryRoot, 'apps/console');

/** Where they are built. */
export const CONSOLE_PAGES = join(repositoryRoot, 'dist/libs/console/static');

/**
 * Builds the pages if their sources or packages are newer. Rejects with the output of the build when it fails.
 */
export async function buildConsole(): Promise<void> {
  if (isCurrent()) return;
  const vite = join(repositoryRoot, 'node_modules/vite/bin/vite.js');
  const building = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn', SOURCES], { cwd: repositoryRoot });
  let output = '';
  for (const stream of [building.stdout, building.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => building.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`The console cannot be built:\n${output}`);
}

function isCurrent(): boolean {
  const page = join(CONSOLE_PAGES, 'index.html');
  if (!existsSync(page)) return false;
  const builtAt = statSync(page).mtimeMs;
  const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).map((file) => join(SOURCES, file));
  return [...sources, join(repositoryRoot, 'package-lock.json')].every((file) => statSync(file).mtimeMs < builtAt);
}
