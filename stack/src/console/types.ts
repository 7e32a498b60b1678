import { commandLine } from '@palinode/test-support/command-line';
import { repositoryRoot } from '@palinode/test-support/repository';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { consoleApiTypes } from './api-types';

commandLine(
  'npm run console:types --',
  "Writes the types of the console's API clients, for a change of an API that is intended.",
).parse();

void consoleApiTypes().then((made) => {
  for (const { file, text } of made) {
    mkdirSync(dirname(join(repositoryRoot, file)), { recursive: true });
    writeFileSync(join(repositoryRoot, file), text);
    console.log(file);
  }
});
