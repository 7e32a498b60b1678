import { commandLine } from '@palinode/test-support/command-line';
import { repositoryRoot } from '@palinode/test-support/repository';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { consoleApiTypes, type ApiTypes } from './api-types';

const { check } = commandLine(
  'npm run console:types --',
  "Writes the types of the console's API clients, for a change of an API that is intended.",
)
  .option('--check', 'write nothing, and fail if a file is not as it should be', false)
  .parse()
  .opts();

void consoleApiTypes().then((made) => {
  for (const each of made) {
    if (!check) write(each);
    else if (each.text !== readFileSync(join(repositoryRoot, each.file), 'utf8')) {
      console.error(`${each.file} is not what the API has: run npm run console:types.`);
      process.exitCode = 1;
    }
  }
});

function write({ file, text }: ApiTypes): void {
  mkdirSync(dirname(join(repositoryRoot, file)), { recursive: true });
  writeFileSync(join(repositoryRoot, file), text);
  console.log(file);
}
