import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { CreationError } from './creation-error';

/** Where a workspace gets Palinode's packages from: npm, or a directory of tarballs. */
export interface PackageSource {
  readonly version: string;
  readonly tarballs?: string;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const PACKAGES = ['@palinode/saga', '@palinode/testing-support', '@palinode/embedded-kafka', '@palinode/cli'];

/**
 * The template's package.json with the version of these packages.
 *
 * @throws CreationError when the directory of the tarballs lacks one.
 */
export function usePackages(template: string, { version, tarballs }: PackageSource, directory: string): string {
  const specifiers = Object.fromEntries(
    PACKAGES.map((name) => [
      name,
      tarballs === undefined ? `^${version}` : tarballOf(name, version, tarballs, directory),
    ]),
  );
  const manifest = JSON.parse(template) as Manifest;
  const used = (dependencies: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(dependencies).map(([name, range]) => [name, specifiers[name] ?? range]));
  const result = {
    ...manifest,
    dependencies: used(manifest.dependencies),
    devDependencies: used(manifest.devDependencies),
    // The packages need each other, and npm would look for those in its registry.
    ...(tarballs !== undefined && { overrides: specifiers }),
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}

function tarballOf(name: string, version: string, tarballs: string, directory: string): string {
  const tarball = join(resolve(tarballs), `${name.slice(1).replace('/', '-')}-${version}.tgz`);
  if (existsSync(tarball)) return `file:${relative(directory, tarball).replaceAll('\\', '/')}`;
  throw new CreationError(`${tarball} is missing. Write the tarballs with "npm run pack" in Palinode's repository.`);
}
