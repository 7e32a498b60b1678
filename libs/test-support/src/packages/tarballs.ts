import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../repository';
import { pack, publishedPackages } from './packages';

/** Where `npm run pack` writes; `packages` in it holds the packages unpacked. */
export const tarballsDirectory = join(repositoryRoot, 'dist/tarballs');

/** Builds all published packages anew; returns their tarballs. */
export function packAll(): string[] {
  rmSync(tarballsDirectory, { recursive: true, force: true });
  mkdirSync(tarballsDirectory, { recursive: true });
  return publishedPackages().map((each) => pack(each, tarballsDirectory));
}

/** The tarballs that {@link packAll} has written. */
export function tarballs(): string[] {
  return readdirSync(tarballsDirectory)
    .filter((file) => file.endsWith('.tgz'))
    .map((file) => join(tarballsDirectory, file));
}
