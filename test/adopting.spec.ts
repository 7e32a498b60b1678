/* The code of docs/adopting.md is that of examples/existing-service, whose tests the suite `packages` runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@palinode/test-support/repository';

const EXAMPLE = join(repositoryRoot, 'examples/existing-service');
const page = readFileSync(join(repositoryRoot, 'docs/adopting.md'), 'utf8');

interface Block {
  readonly language: string;
  readonly file: string;
  readonly code: string;
}

/** The blocks of code; each names its file in its first line. */
function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(ts|diff)\n\/\/ (\S+)\n([^]*?)^```$/gm)].map(
    ([, language = '', file = '', code = '']) => ({ language, file, code }),
  );
}

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

const blocks = blocksOf(page);

it('every block of docs/adopting.md names the file that has its code', () => {
  expect(blocks.length).toBe([...page.matchAll(/^```\w+$/gm)].length);
  expect(blocks.length).toBeGreaterThan(8);
});

it.each(blocks)('docs/adopting.md shows $file as it is ($language)', ({ language, file, code }) => {
  const text = readFileSync(join(EXAMPLE, file), 'utf8');
  if (language === 'ts') expect(text).toContain(code);
  else expect(linesNotIn(text, code)).toEqual([]);
});

it('finds lines that a file does not have, or has in another order', () => {
  expect(linesNotIn('one\ntwo\nthree\n', '+one\n three\n')).toEqual([]);
  expect(linesNotIn('one\ntwo\nthree\n', ' three\n+one\n+four\n')).toEqual(['one', 'four']);
});
