/* What the files of a directory import, and where that breaks a rule of .dependency-cruiser.js. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');
export const FOLDERS = ['apps', 'libs', 'packages', 'stack', 'bench', 'protocol', 'test'];
const MAX_OUTPUT_BYTES = 256 * 2 ** 20;

/** Paths from the directory. */
export interface Dependency {
  readonly from: string;
  readonly to: string;
}

export interface Dependencies {
  /** As `rule: file → file`, or `rule: file → package`. */
  readonly violations: readonly string[];
  /** Type-only imports included; packages are left out. */
  readonly dependencies: readonly Dependency[];
}

export async function dependenciesIn(directory: string): Promise<Dependencies> {
  const { modules, summary } = await cruise(directory);
  return {
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${packageOf(to)}`).toSorted(),
    dependencies: modules.flatMap(({ source, dependencies }) =>
      dependencies
        .filter(({ resolved }) => resolved.endsWith('.ts'))
        .map(({ resolved }) => ({ from: source, to: resolved })),
    ),
  };
}

/** `pg` for a file of that package; a path in the directory stays. */
function packageOf(path: string): string {
  return /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path;
}

interface Cruised {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly resolved: string }[];
  }[];
  readonly summary: {
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
  };
}

async function cruise(directory: string): Promise<Cruised> {
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const options = ['--config', join(ROOT, '.dependency-cruiser.js'), '--output-type', 'json'];
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...options, ...FOLDERS], {
    cwd: directory,
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  return JSON.parse(stdout) as Cruised;
}
