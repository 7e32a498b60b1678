/*
 * The API reports: what each entry point of the published packages exports, with types, as one text that is committed. A change
 * of the public API shows as a change of its report.
 */
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { mkdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { repositoryRoot } from '../repository';
import { entryPointsOf, type PublishedPackage } from './packages';

export interface ApiReport {
  /** The committed report, relative to the repository. */
  readonly file: string;
  /** Where it was made anew. */
  readonly made: string;
}

/**
 * Makes the reports of a built package, in a folder beside it.
 *
 * @throws for declarations that do not compile.
 */
export function makeApiReports({ folder, built }: PublishedPackage): ApiReport[] {
  const target = join(dirname(built), 'api', folder);
  mkdirSync(target, { recursive: true });
  return Object.entries(entryPointsOf(built)).map(([path, declarations]) => {
    const name = path === '.' ? 'index' : basename(path);
    const result = Extractor.invoke(configFor(built, declarations, target, `${name}.api.md`), {
      localBuild: true,
      messageCallback: (message) => {
        message.logLevel = message.logLevel === ExtractorLogLevel.Error ? message.logLevel : ExtractorLogLevel.None;
      },
    });
    if (result.errorCount > 0)
      throw new Error(`The declarations of ${relative(repositoryRoot, declarations)} do not compile.`);
    return { file: join(folder, 'api', `${name}.api.md`), made: join(target, `${name}.api.md`) };
  });
}

function configFor(built: string, declarations: string, target: string, reportFileName: string): ExtractorConfig {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: built,
      mainEntryPointFilePath: declarations,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2023',
            lib: ['es2023'],
            module: 'nodenext',
            moduleResolution: 'nodenext',
            strict: true,
            skipLibCheck: true,
            types: ['node'],
            typeRoots: [join(repositoryRoot, 'node_modules/@types')],
          },
          files: [declarations],
        },
      },
      apiReport: { enabled: true, reportFolder: target, reportTempFolder: join(target, 'temporary'), reportFileName },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(built, 'package.json'),
  });
}
