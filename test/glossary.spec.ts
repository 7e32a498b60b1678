/* docs/glossary.md: one word for one thing, so one line for each word. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const words = readFileSync(join(__dirname, '../docs/glossary.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| -'))
  .map((line) => line.split('|')[1]?.trim());

it('the glossary is one table, with one line for each word', () => {
  expect(words.length).toBeGreaterThan(50);
  expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
});
