/* `npm run pack`: builds the packages that are published, and writes their tarballs into `dist/tarballs`. */
import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { repositoryRoot } from '@palinode/test-support/repository';
import { packAll } from '@palinode/test-support/packages/tarballs';

for (const tarball of packAll()) {
  console.log(`${relative(repositoryRoot, tarball)}  ${Math.ceil(statSync(tarball).size / 1024)} KiB`);
}
