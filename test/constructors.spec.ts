/*
 * Constructors take few arguments by position, so that a reader of `new X(…)` knows what each one is. A class that needs more
 * takes an object with named properties. Nest passes the arguments of its own classes by type: they may have a few more.
 */
import { join } from 'node:path';
import * as ts from 'typescript';
import { readSources, source, type Source } from './architecture/sources';

const MOST = 4;
const MOST_INJECTED = 6;

const isProduct = ({ path }: Source): boolean =>
  /^(apps\/[^/]+|libs\/(saga|service|embedded-kafka))\/src\//.test(path) && !path.endsWith('spec.ts');

const isInjected = (node: ts.ClassLikeDeclaration): boolean =>
  ts.canHaveDecorators(node) && (ts.getDecorators(node) ?? []).length > 0;

function withLongConstructors(sources: readonly Source[]): readonly string[] {
  return sources.filter(isProduct).flatMap(({ path, tree }) => {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isConstructorDeclaration(node)) {
        const count = node.parameters.length;
        const most = isInjected(node.parent) ? MOST_INJECTED : MOST;
        if (count > most) found.push(`${path}: the constructor of ${node.parent.name?.text} takes ${count} arguments`);
      }
      ts.forEachChild(node, visit);
    };
    visit(tree);
    return found;
  });
}

const parameters = (count: number): string => Array.from({ length: count }, (_, index) => `a${index}: A`).join(', ');

describe('constructors', () => {
  it('are reported when they take more than four arguments', () => {
    const bad = source('libs/saga/src/engine/a.ts', `export class Long { constructor(${parameters(5)}) {} }`);
    const good = source('libs/saga/src/engine/b.ts', `export class Short { constructor(${parameters(4)}) {} }`);
    expect(withLongConstructors([bad, good])).toEqual([
      'libs/saga/src/engine/a.ts: the constructor of Long takes 5 arguments',
    ]);
  });

  it('are reported when Nest injects more than six', () => {
    const bad = source('apps/order/src/a.ts', `@Injectable() export class Long { constructor(${parameters(7)}) {} }`);
    const good = source('apps/order/src/b.ts', `@Injectable() export class Short { constructor(${parameters(6)}) {} }`);
    expect(withLongConstructors([bad, good])).toEqual([
      'apps/order/src/a.ts: the constructor of Long takes 7 arguments',
    ]);
  });

  it('take options instead of many arguments in all product code', () => {
    expect(withLongConstructors(readSources(join(__dirname, '..')))).toEqual([]);
  });
});
