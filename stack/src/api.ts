import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandLine } from '@palinode/test-support/command-line';
import { makeApiReports } from '@palinode/test-support/packages/api-report';
import { publishedPackages } from '@palinode/test-support/packages/packages';
import { packAll, tarballsDirectory } from '@palinode/test-support/packages/tarballs';
import { repositoryRoot } from '@palinode/test-support/repository';

commandLine(
  'npm run api --',
  'Writes the API reports of the published packages, for a change of the public API that is intended.',
).parse();

packAll();
for (const { folder } of publishedPackages()) {
  for (const { file, made } of makeApiReports(folder, join(tarballsDirectory, 'packages', folder))) {
    mkdirSync(dirname(join(repositoryRoot, file)), { recursive: true });
    cpSync(made, join(repositoryRoot, file));
    console.log(file);
  }
}
