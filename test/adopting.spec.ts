/*
 * The changes in docs/adopting.md are those of examples/existing-service, whose tests the suite `packages` runs. test/documents
 * compares the rest of its code.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@palinode/test-support/repository';

const EXAMPLE = join(repositoryRoot, 'examples/existing-service');
const page = readFileSync(join(repositoryRoot, 'docs/adopting.md'), 'utf8');

/** The changes that the page shows; each names its file in its first line. */
const changes = [...page.matchAll(/^```diff\n\/\/ (\S+)\n([^]*?)^```$/gm)].map(([, file = '', change = '']) => ({
  file,
  change,
}));

/** The lines of a change that its file does not have in this order. */
function linesNotIn(text: string, change: string): string[] {
  let rest = text.split('\n');
  return change
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(1))
    .filter((line) => {
      const at = rest.indexOf(line);
      if (at !== -1) rest = rest.slice(at + 1);
      return at === -1;
    });
}

it.each(changes)('docs/adopting.md shows a change of $file that it has', ({ file, change }) => {
  expect(linesNotIn(readFileSync(join(EXAMPLE, file), 'utf8'), change)).toEqual([]);
});

it('finds lines that a file does not have, or has in another order', () => {
  expect(linesNotIn('one\ntwo\nthree\n', '+one\n three\n')).toEqual([]);
  expect(linesNotIn('one\ntwo\nthree\n', ' three\n+one\n+four\n')).toEqual(['one', 'four']);
});
