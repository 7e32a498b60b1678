/* The contracts of a workspace: a file for each service and for each saga, and an index. */
import { Node, SyntaxKind, type SourceFile } from 'ts-morph';
import { editTypescript, parseTypescript } from '../workspace/typescript';
import type { Workspace } from '../workspace/workspace';
import { WorkspaceError } from '../workspace/workspace-error';

const FOLDER = 'src/contracts';
const INDEX = `${FOLDER}/index.ts`;

/** Declarations to add: classes go behind the file's classes, constants to its end. */
export interface Declarations {
  readonly classes: readonly string[];
  readonly constants: readonly string[];
  /** What the file must import. */
  readonly imports: (file: SourceFile) => void;
}

/** Adds to the contracts of a service or saga; makes their file, and exports it, when there is none. */
export function addContracts(workspace: Workspace, name: string, { classes, constants, imports }: Declarations): void {
  const path = `${FOLDER}/${name}.ts`;
  if (!workspace.has(path)) {
    workspace.create(path, '');
    exportFile(workspace, name);
  }
  workspace.edit(path, (text) =>
    editTypescript(text, (file) => {
      imports(file);
      const last = file.getClasses().at(-1) ?? file.getImportDeclarations().at(-1);
      const place = last === undefined ? 0 : last.getChildIndex() + 1;
      file.insertStatements(
        place,
        classes.map((each) => `\n${each}`),
      );
      file.addStatements(constants.map((each) => `\n${each}`));
    }),
  );
}

function exportFile(workspace: Workspace, name: string): void {
  workspace.edit(INDEX, (text) =>
    editTypescript(text, (file) => {
      const specifier = `./${name}.js`;
      const exported = file.getExportDeclarations();
      const place = exported.find((each) => (each.getModuleSpecifierValue() ?? '') > specifier);
      file.insertStatements(place?.getChildIndex() ?? file.getStatements().length, `export * from '${specifier}';`);
    }),
  );
}

/** @throws WorkspaceError when a contract exports one of these identifiers already. */
export function assertFree(workspace: Workspace, identifiers: readonly string[]): void {
  for (const { path, file } of contractFiles(workspace)) {
    const taken = identifiers.find((identifier) => file.getExportedDeclarations().has(identifier));
    if (taken !== undefined) throw new WorkspaceError(`${path} exports ${taken} already. Choose another name.`);
  }
}

export interface PublishedEvent {
  /** On the wire, such as `orders.order-approved`. */
  readonly name: string;
  /** The constant that defines it. */
  readonly constant: string;
  /** The class of its payload. */
  readonly payload: string;
}

/** The events that the contracts define with a class of their own as payload. */
export function eventsOf(workspace: Workspace): readonly PublishedEvent[] {
  return contractFiles(workspace).flatMap(({ file }) =>
    file.getVariableDeclarations().flatMap((declaration) => {
      const call = declaration.getInitializerIfKind(SyntaxKind.CallExpression);
      if (call?.getExpression().getText() !== 'defineEvent') return [];
      const [name, options] = call.getArguments();
      const payload = Node.isObjectLiteralExpression(options) ? options.getProperty('payload') : undefined;
      const type = Node.isPropertyAssignment(payload) ? payload.getInitializerIfKind(SyntaxKind.Identifier) : undefined;
      if (!Node.isStringLiteral(name) || type === undefined) return [];
      return [{ name: name.getLiteralValue(), constant: declaration.getName(), payload: type.getText() }];
    }),
  );
}

function contractFiles(workspace: Workspace): { path: string; file: SourceFile }[] {
  workspace.read(INDEX);
  return workspace
    .list(FOLDER)
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts' && !file.endsWith('.spec.ts'))
    .map((file) => `${FOLDER}/${file}`)
    .map((path) => ({ path, file: parseTypescript(workspace.read(path)) }));
}
