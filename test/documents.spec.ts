/* The documents: pages are short, links lead somewhere, and no page uses a word that docs/glossary.md or CONTRIBUTING.md has replaced. */
import { repositoryRoot } from '@palinode/test-support/repository';
import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pages, read, tracked, written } from './documents/pages';

const MAX_LINES = 300;

/** Words that have been replaced, and their replacements. Code, quoted names and file names are not prose. */
const REPLACED: readonly (readonly [old: RegExp, instead: string])[] = [
  [/\b(?<!WAL )flush(es|ed|ing)?\b(?! (its WAL|to disk))/i, 'batch'],
  [/\bneighbours?\b/i, 'the other commands in the batch'],
  [/\blanes?\b/i, 'transaction pipeline'],
  [/\b(?<!Nest's )guards?\b/i, 'command lock'],
  [/\bbarriers?\b/i, 'WAL flush'],
  [/\boccurrences?\b/i, 'input of a saga'],
  [/\bturn-?takers?\b|\btakes? turns\b/i, 'apply events; run one after the other'],
  [/\bbur(y|ies|ied)\b/i, 'write a tombstone'],
  [/\bhurr(y|ies|ied)\b/i, 'trigger'],
  [/\bpatience\b/i, 'backoff'],
  [/\bobjections?\b/i, 'rejection'],
  [/\bwitness(es)?\b/i, 'history recorder'],
  [/\boffices?\b/i, 'dead letter service'],
  [/\bkeepers?\b/i, 'dead letter consumer'],
  [/\bbells?\b|\bnews\b/i, 'change notification'],
  [/\bdoors?\b/i, 'admission, entry point or driver'],
  [/\bfloors?\b/i, 'layer'],
  [/\bhouses?\b/i, 'layout'],
  [/\bsurroundings\b/i, 'stack context'],
  [/\bstory\b|\bstories\b/i, 'scenario'],
  [/\bcontenders?\b/i, 'target'],
  [/\bherds?\b/i, 'timer burst'],
  [/\bgraveyards?\b/i, 'dead tuples'],
  [/\bliars?\b/i, 'stub server'],
  [/\bstaff\b/i, 'operators'],
  [/\bwalk-ins\b/i, 'anonymous clients'],
  [/\bdice\b/i, 'seeded random'],
  [/\bwho(m|so)?ever\b/i, 'the client, process or person that is meant'],
  [/\bnobody\b|\bsomebody\b/i, 'the client, process or person that is meant; or the passive'],
  [/\bbefalls?\b|\bbefell\b|\bbut that\b|\bin vain\b/i, 'present-day English'],
];

const withoutBlocks = (markdown: string): string => markdown.replaceAll(/^```[^]*?^```$/gm, '');

/** A page without its code, the names it quotes and the targets of its links. */
function proseOf(markdown: string): string {
  return withoutBlocks(markdown)
    .replaceAll(/`[^`]*`/g, '')
    .replaceAll(/“[^”]*”/g, '')
    .replaceAll(/\]\([^)]*\)/g, ']');
}

function replacedWordsIn(markdown: string): string[] {
  const prose = proseOf(markdown);
  return REPLACED.flatMap(([old, instead]) => {
    const found = old.exec(prose)?.[0];
    return found === undefined ? [] : [`${found} (write: ${instead})`];
  });
}

/** The anchors that GitHub generates for the headings of a page. */
function anchorsOf(markdown: string): string[] {
  return [...withoutBlocks(markdown).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The links of a page that lead to no file of the repository, or to no heading of a page. */
function brokenLinksIn(page: string, markdown: string): string[] {
  const links = [...withoutBlocks(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return links.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : relative(repositoryRoot, join(repositoryRoot, dirname(page), path));
    if (!existsSync(join(repositoryRoot, file))) return true;
    if (anchor === undefined || statSync(join(repositoryRoot, file)).isDirectory()) return false;
    return !anchorsOf(file === page ? markdown : read(file)).includes(anchor);
  });
}

const files = tracked();

/** The TypeScript files that a page names, by whole or partial path, and that are not there. */
function missingFilesIn(markdown: string): string[] {
  const named = [...withoutBlocks(markdown).matchAll(/`([\w./-]+\.ts)`/g)].map(([, file = '']) => file);
  return named.filter((file) => !files.some((path) => `/${path}`.endsWith(`/${file}`)));
}

const linesOf = (markdown: string): number => markdown.trimEnd().split('\n').length;

describe('the documents', () => {
  it.each(written)('%s has at most 300 lines', (page) => {
    expect(linesOf(read(page))).toBeLessThanOrEqual(MAX_LINES);
  });

  it.each(written)('%s uses no word that has been replaced', (page) => {
    expect(replacedWordsIn(read(page))).toEqual([]);
  });

  it.each(pages)('%s links only to files and headings that exist', (page) => {
    expect(brokenLinksIn(page, read(page))).toEqual([]);
  });

  it.each(written)('%s names only source files that exist', (page) => {
    expect(missingFilesIn(read(page))).toEqual([]);
  });

  it('are named in comments and messages only by paths that exist', () => {
    const named = tracked('*.ts', '*.js', '*.go', '*.py', '*.yaml', '*.yml', '*.sql').flatMap((path) =>
      [...read(path).matchAll(/(?<![\w/.])docs\/[\w/-]+\.(?:md|yaml)/g)].map(([target]) => ({ path, target })),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter(({ target }) => !existsSync(join(repositoryRoot, target)))).toEqual([]);
  });
});

describe('the check of the documents', () => {
  it('finds replaced words in prose, and leaves code, quotations and links alone', () => {
    expect(replacedWordsIn('Whoever comes\nrings the bell.')).toEqual([
      expect.stringContaining('bell'),
      expect.stringContaining('Whoever'),
    ]);
    expect(replacedWordsIn('One WAL flush a batch; `flush()`, “who rings the bell”, [why](a-bell.md).')).toEqual([]);
    expect(replacedWordsIn('```ts\nflush();\n```\n')).toEqual([]);
  });

  it('finds links to missing files and to missing headings', () => {
    const page =
      '# One page\n\n[a](#one-page) [b](#two-pages) [c](missing.md) [d](../README.md) [e](https://example.com)';
    expect(brokenLinksIn('docs/glossary.md', page)).toEqual(['#two-pages', 'missing.md']);
  });

  it('finds source files that are not there', () => {
    expect(missingFilesIn('`test/documents.spec.ts`, `documents.spec.ts` and `no-such-file.ts`')).toEqual([
      'no-such-file.ts',
    ]);
  });

  it('counts the lines of a page', () => {
    expect(linesOf('one\n'.repeat(301))).toBeGreaterThan(MAX_LINES);
    expect(linesOf('one\n'.repeat(300))).toBe(MAX_LINES);
  });
});
