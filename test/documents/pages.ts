/* The pages of this repository, and its other files, as Git knows them. */
import { repositoryRoot } from '@palinode/test-support/repository';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What happened, and what a program writes. */
const RECORDS = [/^CHANGELOG\.md$/, /^docs\/plans\//, /\.api\.md$/];

export const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');

export const readIfThere = (path: string): string | undefined =>
  existsSync(join(repositoryRoot, path)) ? read(path) : undefined;

/** The files that match these patterns of Git, by their paths from the root; all files without a pattern. */
export const tracked = (...patterns: string[]): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .filter((path) => existsSync(join(repositoryRoot, path)));

export const pages = tracked('*.md');

/** The pages that people write and keep up to date. */
export const written = pages.filter((path) => !RECORDS.some((record) => record.test(path)));
