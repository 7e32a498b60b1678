import { commandLine } from '@palinode/test-support/command-line';
import { repositoryRoot } from '@palinode/test-support/repository';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withExcerpts } from './excerpts';
import { read, readIfThere, written } from './pages';

commandLine(
  'npm run docs --',
  'Takes the code in the documents anew from the sources that the first lines of its blocks name, and prints the changed pages.',
).parse();

for (const page of written) {
  const before = read(page);
  const after = withExcerpts(before, readIfThere);
  if (after === before) continue;
  writeFileSync(join(repositoryRoot, page), after);
  console.log(page);
}
