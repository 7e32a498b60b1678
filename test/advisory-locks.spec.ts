/* The numbers of advisory locks stand in one file, because two locks with one number would wait for each other. */
import { ADVISORY_LOCKS } from '@palinode/saga/participant';
import { join } from 'node:path';
import { readTexts } from './architecture/sources';

interface File {
  readonly path: string;
  readonly text: string;
}

const isProduct = ({ path }: File): boolean =>
  /^(apps|libs)\//.test(path) &&
  path.includes('/src/') &&
  !/[.-]spec\./.test(path) &&
  !path.endsWith('/advisory-locks.ts');

/** A call with a number in it that is no parameter of the statement; and the numbers themselves, as code or in a comment. */
const CALL = /pg_(?:try_)?advisory_\w+\(.*?(?<![$\w])\d+\b/;
const OWN = new RegExp(Object.values(ADVISORY_LOCKS).join('|'));

const numbersIn = (files: readonly File[]): readonly string[] =>
  files.filter(isProduct).flatMap(({ path, text }) => {
    const lines = text.split('\n');
    return lines
      .filter((line) => CALL.test(line) || OWN.test(line.replaceAll('_', '')))
      .map((line) => `${path}: ${line}`);
  });

describe('advisory locks', () => {
  it.each([
    "sql.query('SELECT pg_advisory_xact_lock(5)');",
    "sql.query('SELECT pg_try_advisory_lock(hashtextextended($1, 20))');",
    'const LOCK = 7_253_000;',
  ])('are reported when their number stands in the code that takes them: %s', (code) => {
    expect(numbersIn([{ path: 'apps/order/src/a.ts', text: code }])).toEqual([`apps/order/src/a.ts: ${code}`]);
  });

  it('may be taken by a parameter and by their name', () => {
    const code =
      "sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, $2))', [id, ADVISORY_LOCKS.migrations]);";
    expect(numbersIn([{ path: 'apps/order/src/a.ts', text: code }])).toEqual([]);
  });

  it('have their numbers in one file only', () => {
    expect(numbersIn(readTexts(join(__dirname, '..')))).toEqual([]);
  });
});
