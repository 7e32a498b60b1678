import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { transformFileSync } from '@swc/core';
import type { Options } from '@swc/core';

export const projectRoot = resolve(__dirname, '../../../..');
const sources = resolve(__dirname, '..');

let compiledTo: string | undefined;

/**
 * This library compiled into a directory of its own, so that a test of its processes never runs a stale build.
 * The directory is removed when the test process ends.
 */
export function compiledSources(): string {
  if (compiledTo) return compiledTo;
  const directory = mkdtempSync(join(tmpdir(), 'embedded-kafka-'));
  const { exclude: _, ...options } = JSON.parse(readFileSync(join(projectRoot, '.swcrc'), 'utf8')) as Options;
  for (const name of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || /\.(spec|integration)\.ts$/.test(name)) continue;
    const target = join(directory, name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    const { code } = transformFileSync(join(sources, name), {
      ...options,
      jsc: { ...options.jsc, baseUrl: projectRoot },
      swcrc: false,
      sourceMaps: 'inline',
    });
    writeFileSync(target, code);
  }
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  compiledTo = directory;
  return directory;
}

/** Removes what `compiledSources` made. Jest's workers may end without an exit event. */
export function removeCompiledSources(): void {
  if (compiledTo) rmSync(compiledTo, { recursive: true, force: true });
  compiledTo = undefined;
}
