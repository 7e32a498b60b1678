/* Edits of TypeScript that leave the rest of a file as it is. */
import {
  IndentationText,
  Node,
  Project,
  QuoteKind,
  SyntaxKind,
  type ArrayLiteralExpression,
  type CallExpression,
  type ClassDeclaration,
  type ObjectLiteralExpression,
  type SourceFile,
} from 'ts-morph';

const project = new Project({
  useInMemoryFileSystem: true,
  manipulationSettings: {
    quoteKind: QuoteKind.Single,
    indentationText: IndentationText.TwoSpaces,
    useTrailingCommas: true,
  },
});

export function parseTypescript(text: string): SourceFile {
  return project.createSourceFile(`${project.getSourceFiles().length}.ts`, text);
}

/** Changes a file's text by its syntax tree. */
export function editTypescript(text: string, change: (file: SourceFile) => void): string {
  const file = parseTypescript(text);
  change(file);
  return file.getFullText();
}

/** Imports names, such as `refuse` or `type Refusal`, that the file does not import yet; in alphabetical order. */
export function importNames(file: SourceFile, from: string, ...names: readonly string[]): void {
  const found = file.getImportDeclaration((each) => each.getModuleSpecifierValue() === from && !each.isTypeOnly());
  const declaration =
    found ?? file.insertImportDeclaration(placeFor(from, file), { moduleSpecifier: from, namedImports: [] });
  for (const text of names) {
    const isTypeOnly = text.startsWith('type ');
    const name = text.replace(/^type /, '');
    const present = declaration.getNamedImports();
    const same = present.find((each) => each.getName() === name);
    if (same && !isTypeOnly) same.setIsTypeOnly(false);
    if (same) continue;
    const place = present.findIndex((each) => order(each.getName(), name) > 0);
    declaration.insertNamedImport(place < 0 ? present.length : place, { name, isTypeOnly });
  }
}

/** Behind the packages for a relative path, in alphabetical order among its own kind. */
function placeFor(from: string, file: SourceFile): number {
  const rank = (specifier: string): string => `${specifier.startsWith('.') ? 1 : 0}${specifier}`;
  const imports = file.getImportDeclarations();
  const next = imports.findIndex((each) => rank(each.getModuleSpecifierValue()) > rank(from));
  return next < 0 ? imports.length : next;
}

const order = (a: string, b: string): number => a.localeCompare(b, 'en', { sensitivity: 'base' }) || (a < b ? -1 : 1);

/** The list that is an option of a call, such as `commands` of `ParticipantModule.forRoot`; undefined when there is none. */
export function listOption(file: SourceFile, callee: RegExp, option: string): ArrayLiteralExpression | undefined {
  return file
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .filter((call: CallExpression) => callee.test(call.getExpression().getText()))
    .flatMap((call) => call.getDescendantsOfKind(SyntaxKind.PropertyAssignment))
    .filter((property) => property.getName() === option)
    .map((property) => property.getInitializer())
    .find(Node.isArrayLiteralExpression);
}

/** The object that a constant of the file is. */
export function objectNamed(file: SourceFile, name: string): ObjectLiteralExpression | undefined {
  return file.getVariableDeclaration(name)?.getInitializerIfKind(SyntaxKind.ObjectLiteralExpression);
}

/** Adds a method, with an empty line before it. */
export function addMethod(target: ClassDeclaration, text: string): void {
  const position = target.getMembers().length;
  target.insertMember(position, position === 0 ? text : `\n${text}`);
}
