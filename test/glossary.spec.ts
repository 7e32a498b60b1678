/* docs/glossary.md: each word has one meaning, and every word is used. */
import { repositoryRoot } from '@palinode/test-support/repository';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const GLOSSARY = 'docs/glossary.md';
const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const words = read(GLOSSARY)
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (-|word )/.test(line))
  .flatMap((line) => (line.split('|')[1] ?? '').split(','))
  .map((word) => word.replaceAll('`', '').trim());

describe('the glossary', () => {
  it('gives each word one meaning', () => {
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
  });

  it('has no word that neither code nor another document uses', () => {
    const paths = execFileSync('git', ['ls-files', '--', '*.ts', '*.md', '*.sql', `:!${GLOSSARY}`, ':!CHANGELOG.md'], {
      cwd: repositoryRoot,
      encoding: 'utf8',
    });
    const texts = paths.trim().split('\n').map(read).join('\n').replaceAll(/\s+/g, ' ').toLowerCase();
    const used = (word: string): boolean =>
      new RegExp(`\\b${word.replace(/ \(.*\)$/, '').toLowerCase()}(s|es)?\\b`).test(texts);
    expect(words.filter((word) => !used(word))).toEqual([]);
  });
});
