/* Node 20 collects an AbortSignal.timeout() that only an AbortSignal.any() listens to, and the time-out never fires. */
import { join } from 'node:path';
import { readSources, source, type Source } from './architecture/sources';

const isProduct = ({ path }: Source): boolean =>
  /^(apps|libs|stack)\//.test(path) && path.includes('/src/') && !path.includes('.spec.') && !path.includes('-spec.');

const withCollectableTimeouts = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter((each) => isProduct(each) && /\bAbortSignal\s*\.\s*any\b/.test(codeOf(each)))
    .map(({ path }) => `${path}: use withTimeout`);

const codeOf = ({ tree }: Source): string => tree.statements.map((each) => each.getText()).join('\n');

describe('product code', () => {
  it('reports product code that combines abort signals in a way that Node 20 collects as garbage', () => {
    const bad = source('apps/order/src/a.ts', 'const both = AbortSignal.any([stop, AbortSignal.timeout(5)]);');
    expect(withCollectableTimeouts([bad])).toEqual(['apps/order/src/a.ts: use withTimeout']);
  });

  it('uses only time-outs that Node 20 does not collect as garbage', () => {
    expect(withCollectableTimeouts(readSources(join(__dirname, '..')))).toEqual([]);
  });
});
