/* The changes that docs/adopting.md shows are those of examples/existing-service, whose tests the suite `packages` runs. */
import { read } from './documents/pages';

/** The blocks of changes; each names its file in its first line. */
const changes = [...read('docs/adopting.md').matchAll(/^```diff\n(\/\/ (\S+)\n)?([^]*?)^```$/gm)].map(
  ([, , file = 'no file', change = '']) => ({ file, change }),
);

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

it.each(changes)('docs/adopting.md shows a change of $file that the file has', ({ file, change }) => {
  expect(linesNotIn(read(file), change)).toEqual([]);
});

it('finds lines that a file does not have, or has in another order', () => {
  expect(linesNotIn('one\ntwo\nthree\n', '+one\n three\n')).toEqual([]);
  expect(linesNotIn('one\ntwo\nthree\n', ' three\n+one\n+four\n')).toEqual(['one', 'four']);
});
