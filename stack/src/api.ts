import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandLine } from '@palinode/test-support/command-line';
import { makeApiReports } from '@palinode/test-support/packages/api-report';
import { packAll } from '@palinode/test-support/packages/packages';
import { repositoryRoot } from '@palinode/test-support/repository';

commandLine(
  'npm run api --',
  'Writes the API reports of the published packages, for a change of the public API that is intended.',
).parse();

for (const each of packAll()) {
  for (const { file, made } of makeApiReports(each)) {
    mkdirSync(dirname(join(repositoryRoot, file)), { recursive: true });
    cpSync(made, join(repositoryRoot, file));
    console.log(file);
  }
}
