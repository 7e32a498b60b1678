import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

/** A TypeScript file, by its path from the root of the repository. */
export interface Source {
  readonly path: string;
  readonly tree: ts.SourceFile;
}

export interface Import {
  /** Path of the file that imports. */
  readonly from: string;
  /** The import as written. */
  readonly specifier: string;
  /** Path of the file or folder that is imported; undefined for packages. */
  readonly to: string | undefined;
  /** Whether the compiler removes it. */
  readonly typeOnly: boolean;
}

const FOLDERS = ['apps', 'libs', 'stack', 'bench', 'protocol', 'examples', 'test'];

export function readSources(root: string): readonly Source[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (path) => `${folder}/${path.replaceAll('\\', '/')}`,
    ),
  )
    .filter((path) => path.endsWith('.ts') && !path.includes('node_modules/') && !path.startsWith('bench/peers/'))
    .map((path) => source(path, readFileSync(join(root, path), 'utf8')));
}

export function source(path: string, text: string): Source {
  return { path, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) };
}

/** All imports of these files: `import`, `export … from`, `import()`, `require()` and `import('…')` in types. */
export function importsOf(sources: readonly Source[]): readonly Import[] {
  const paths = new Set(sources.map(({ path }) => path));
  return sources.flatMap(({ path, tree }) =>
    specifiersIn(tree).map(({ specifier, typeOnly }) => {
      const target = targetOf(path, specifier);
      return { from: path, specifier, typeOnly, to: target && fileAt(target, paths) };
    }),
  );
}

interface Specifier {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

function specifiersIn(tree: ts.SourceFile): readonly Specifier[] {
  const found: Specifier[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) found.push({ specifier, typeOnly: isTypeOnly(node) });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : undefined;
  if (!ts.isCallExpression(node)) return undefined;
  const { expression, arguments: given } = node;
  const loads =
    expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === 'require');
  return loads ? textOf(given[0]) : undefined;
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node && ts.isStringLiteralLike(node) ? node.text : undefined;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly || areTypes(node.exportClause);
  if (!ts.isImportDeclaration(node) || node.importClause === undefined) return false;
  const { phaseModifier, name, namedBindings } = node.importClause;
  return phaseModifier === ts.SyntaxKind.TypeKeyword || (name === undefined && areTypes(namedBindings));
}

function areTypes(bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  if (bindings === undefined || !('elements' in bindings)) return false;
  const elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[] = bindings.elements;
  return elements.length > 0 && elements.every(({ isTypeOnly }) => isTypeOnly);
}

/** The path of an import in this repository, without the file extension. */
function targetOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return join(from, '..', specifier).replaceAll('\\', '/');
  const [, library, inside] = /^@palinode\/([^/]+)(?:\/(.*))?$/.exec(specifier) ?? [];
  return library && `libs/${library}/src${inside ? `/${inside}` : ''}`;
}

function fileAt(target: string, paths: ReadonlySet<string>): string {
  return [target, `${target}.ts`, `${target}/index.ts`, `${target}.d.ts`].find((path) => paths.has(path)) ?? target;
}
