/* Names every export of the package, so that nobody exports something by accident. */
import { repositoryRoot } from '@palinode/test-support/repository';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

const LIBRARY = join(repositoryRoot, 'libs/saga');

const { exports: files } = JSON.parse(readFileSync(join(LIBRARY, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, string>>;
};

/** `./contract` is compiled from `src/contract/index.ts`. */
const sourceOf = (compiled: string): string => compiled.replace('./dist/', 'src/').replace(/\.js$/, '.ts');

function exportsOf(file: string): readonly string[] {
  const tree = ts.createSourceFile(file, readFileSync(join(LIBRARY, file), 'utf8'), ts.ScriptTarget.Latest);
  return tree.statements.flatMap((each) => {
    if (!ts.isExportDeclaration(each) || !each.exportClause || !ts.isNamedExports(each.exportClause))
      throw new Error(`${file} may only contain export { … } from '…'`);
    const { elements } = each.exportClause;
    return elements.map(({ name, isTypeOnly }) => (each.isTypeOnly || isTypeOnly ? `type ${name.text}` : name.text));
  });
}

it('exports what exports.txt lists, and nothing else', () => {
  const found = Object.entries(files).flatMap(([entryPoint, compiled]) =>
    exportsOf(sourceOf(compiled)).map((name) => `${entryPoint.slice(2)}: ${name}`),
  );
  const listed = readFileSync(join(__dirname, 'exports.txt'), 'utf8').trim().split('\n');
  expect(found.toSorted()).toEqual(listed.toSorted());
});
