import { join } from 'node:path';
import { commandLine } from '@palinode/test-support/command-line';
import { writeReference } from '@palinode/test-support/packages/reference';
import { repositoryRoot } from '@palinode/test-support/repository';

const { output } = commandLine(
  'npm run reference --',
  'Writes the API reference of the published packages, a website. Ends with code 1 when something public has no docstring.',
)
  .option('--output <folder>', 'where to write it', join(repositoryRoot, 'dist/reference'))
  .parse()
  .opts();

void writeReference(output).then((warnings) => {
  if (warnings === 0) console.log(join(output, 'index.html'));
  else process.exitCode = 1;
});
