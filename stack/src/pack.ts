import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { commandLine } from '@palinode/test-support/command-line';
import { packAll } from '@palinode/test-support/packages/packages';
import { repositoryRoot } from '@palinode/test-support/repository';

commandLine(
  'npm run pack --',
  'Builds the packages that are published, and writes their tarballs into dist/tarballs.',
).parse();

for (const { tarball } of packAll()) {
  console.log(`${relative(repositoryRoot, tarball)}  ${Math.ceil(statSync(tarball).size / 1024)} KiB`);
}
