/*
 * The API reference: a website that TypeDoc makes from the docstrings of what the entry points of the published packages
 * export.
 */
import { join } from 'node:path';
import { Application, LogLevel } from 'typedoc';
import * as ts from 'typescript';
import { repositoryRoot } from '../repository';
import { entryPointsOf, publishedPackages } from './packages';

/**
 * Types that users need not know, by package: parts of others, and those by which the typed builder and the decorators find
 * mistakes.
 */
const NOT_EXPORTED: Readonly<Record<string, string[]>> = {
  '@palinode/saga': [
    'AnyMethod',
    'Branches',
    'CARRIED',
    'Compensated',
    'Exact',
    'HandlesCommand',
    'HandlesEvent',
    'HappenedEvent',
    'Irrefusable',
    'IsSame',
    'MapperInput',
    'MigrationStatements',
    'NewName',
    'NewNames',
    'PerhapsReplies',
    'Reads',
    'ReasonOf',
    'RepliesOf',
    'ReplyData',
    'Reversible',
    'StartChild',
    'StepCompensationScope',
    'Tables',
    'UnderHolds',
    'UndoChild',
    'Whole',
  ],
};

/** Writes the reference. Returns the number of warnings and errors, which it prints. */
export async function writeReference(target: string): Promise<number> {
  const packages = publishedPackages();
  const entryPoints = packages.flatMap(({ name, folder }) =>
    Object.entries(entryPointsOf(join(repositoryRoot, folder))).map(([path, declarations]) => ({
      displayName: path === '.' ? name : join(name, path),
      file: declarations.replace('/dist/', '/src/').replace(/\.d\.ts$/, '.ts'),
    })),
  );
  const app = await Application.bootstrap({
    name: 'Palinode',
    readme: join(repositoryRoot, 'libs/saga/README.md'),
    logLevel: LogLevel.Warn,
    disableSources: true,
    excludePrivate: true,
    excludeExternals: true,
    excludeInternal: true,
    // Properties have a docstring where their name and type do not say it all.
    requiredToBeDocumented: ['Enum', 'Variable', 'Function', 'Class', 'Interface', 'TypeAlias', 'Method', 'Accessor'],
    validation: { notExported: true, notDocumented: true, invalidLink: true, rewrittenLink: true },
  });
  const program = programOf(entryPoints.map(({ file }) => file));
  const project = app.converter.convert(
    entryPoints.map(({ displayName, file }) => ({ displayName, program, sourceFile: sourceOf(program, file) })),
  );
  // TypeDoc checks one package at a time.
  for (const { name } of packages) {
    project.packageName = name;
    app.options.setValue('intentionallyNotExported', NOT_EXPORTED[name] ?? []);
    app.validate(project);
  }
  await app.generateDocs(project, target);
  return app.logger.warningCount + app.logger.validationWarningCount + app.logger.errorCount;
}

function programOf(files: readonly string[]): ts.Program {
  const { config } = ts.readConfigFile(join(repositoryRoot, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const host = { ...ts.sys, readDirectory: () => [] };
  return ts.createProgram(files, ts.parseJsonConfigFileContent(config, host, repositoryRoot).options);
}

function sourceOf(program: ts.Program, file: string): ts.SourceFile {
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`The entry point ${file} is missing.`);
  return source;
}
