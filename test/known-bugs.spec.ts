/* docs/known-bugs.md names a test for each bug; every named test must exist. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const rows = readFileSync(join(ROOT, 'docs/known-bugs.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (bug|-)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map((cells) => ({ bug: cells[1] ?? '', tests: testsIn(cells.at(-2) ?? '') }));

interface NamedTest {
  readonly file: string;
  readonly title: string;
}

function testsIn(cell: string): readonly NamedTest[] {
  return [...cell.matchAll(/`([^`]+\.ts)` “([^”]+)”/g)].map(([, file = '', title = '']) => ({ file, title }));
}

/** Whether the file has a test with exactly this title. */
function has({ file, title }: NamedTest): boolean {
  const path = join(ROOT, file);
  if (!existsSync(path)) return false;
  const titles = readFileSync(path, 'utf8').matchAll(/\bit(?:\.each\([^]*?\))?\(\s*(['"`])(.*?)\1,/g);
  return [...titles].some(([, , found]) => found === title);
}

describe('the list of known bugs', () => {
  it('lists every bug once', () => {
    expect(rows.length).toBeGreaterThanOrEqual(32);
    expect(new Set(rows.map(({ bug }) => bug)).size).toBe(rows.length);
  });

  it.each(rows)('names existing tests for $bug', ({ tests }) => {
    expect(tests).not.toEqual([]);
    expect(tests.filter((each) => !has(each))).toEqual([]);
  });

  it('reports a renamed test and a test whose file was moved', () => {
    const file = 'test/known-bugs.spec.ts';
    expect(has({ file, title: 'lists every bug once' })).toBe(true);
    expect(has({ file, title: 'lists every bug' })).toBe(false);
    expect(has({ file: 'test/unknown-bugs.spec.ts', title: 'lists every bug once' })).toBe(false);
  });
});
