/* `npm run pack`: builds the packages that are published, and writes their tarballs into `dist/tarballs`. */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { repositoryRoot } from '@palinode/test-support/repository';
import { pack, publishedPackages } from './packages';

const target = join(repositoryRoot, 'dist/tarballs');

function main(): void {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const each of publishedPackages()) {
    const tarball = pack(each, target);
    console.log(`${relative(repositoryRoot, tarball)}  ${Math.ceil(statSync(tarball).size / 1024)} KiB`);
  }
}

main();
