/*
 * Loads the library's sources with a change, so that a seeded bug needs no hook in the code. Sources are compiled one
 * by one and linked here; packages are those of the test.
 */
import { transformSync, type Options } from '@swc/core';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const LIBRARY = resolve(__dirname, '../..');
const ROOT = resolve(LIBRARY, '../..');

/** A text in a file of libs/saga, and its replacement. */
export interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Returns the exports of the module at this path with the changed sources. Throws unless each text occurs exactly once.
 */
export function loadMutated(entry: string, changes: readonly Change[]): unknown {
  return new Library(changes).load(join(LIBRARY, `${entry}.ts`));
}

class Library {
  private readonly modules = new Map<string, { exports: unknown }>();

  constructor(private readonly changes: readonly Change[]) {
    for (const { file, from } of changes) {
      const count = readFileSync(join(LIBRARY, file), 'utf8').split(from).length - 1;
      if (count !== 1) throw new Error(`${file} contains this text ${count} times instead of once:\n${from}`);
    }
  }

  load(path: string): unknown {
    const known = this.modules.get(path);
    if (known) return known.exports;
    const module = { exports: {} };
    this.modules.set(path, module);
    const link = (specifier: string): unknown =>
      specifier.startsWith('.') ? this.load(fileAt(resolve(dirname(path), specifier))) : require(specifier);
    // oxlint-disable-next-line typescript/no-implied-eval -- how a CommonJS module is made of its text
    new Function('module', 'exports', 'require', '__dirname', this.codeOf(path))(
      module,
      module.exports,
      link,
      dirname(path),
    );
    return module.exports;
  }

  private codeOf(path: string): string {
    const changes = this.changes.filter(({ file }) => file === relative(LIBRARY, path));
    if (changes.length === 0) return compiled(path);
    const text = changes.reduce((before, { from, to }) => before.replace(from, () => to), readFileSync(path, 'utf8'));
    return compile(text, path);
  }
}

const unchanged = new Map<string, string>();

function compiled(path: string): string {
  const code = unchanged.get(path) ?? compile(readFileSync(path, 'utf8'), path);
  unchanged.set(path, code);
  return code;
}

function compile(text: string, filename: string): string {
  const { exclude: _exclude, jsc, ...options } = JSON.parse(readFileSync(join(ROOT, '.swcrc'), 'utf8')) as Options;
  const { paths: _paths, baseUrl: _baseUrl, ...compiler } = jsc ?? {};
  return transformSync(text, { ...options, jsc: compiler, filename, swcrc: false, sourceMaps: false }).code;
}

function fileAt(path: string): string {
  return [`${path}.ts`, `${path}/index.ts`].find((each) => existsSync(each)) ?? path;
}
