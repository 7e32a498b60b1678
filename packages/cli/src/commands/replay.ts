import { Command } from 'commander';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CliError } from '../cli-error';

interface ReplayOptions {
  readonly definitions: string;
  readonly recordings: string;
}

/** What this command uses of the test kit, which it loads from the project that it runs in. */
interface TestKit {
  readRecordings(directory: string): ReadonlyMap<string, { readonly definition: string }>;
  replay(definition: unknown, recording: unknown): { readonly differences: readonly unknown[]; expectSame(): void };
}

interface Definition {
  readonly name: string;
  readonly version: number;
  readonly stages: unknown;
}

/** `palinode replay`: checks a version of a saga against recordings of sagas that have run. */
export function replayCommand(): Command {
  return new Command('replay')
    .description(
      'Applies recordings of real sagas to the definitions of this project, and shows where they decide differently.',
    )
    .requiredOption('--definitions <file>', 'a compiled module that exports definitions, such as dist/definitions.js')
    .requiredOption('--recordings <directory>', 'files of `palinode saga <id> --as-test`')
    .showHelpAfterError()
    .action(async ({ definitions: file, recordings }: ReplayOptions) => {
      const { readRecordings, replay } = testKit();
      const definitions = newestByName(await definitionsIn(file));
      let differing = 0;
      const read = readRecordings(resolve(recordings));
      if (read.size === 0) throw new CliError(`There is no recording in ${recordings}: no .json file.`);
      for (const [name, recording] of read) {
        const definition = definitions.get(recording.definition);
        if (definition === undefined)
          throw new CliError(`${name} is of ${recording.definition}, which ${file} does not export.`);
        const problem = problemOf(() => replay(definition, recording).expectSame());
        console.log(`${problem === undefined ? 'same     ' : 'differs  '}${name}`);
        if (problem !== undefined) console.log(problem.replaceAll(/^/gm, '  '));
        differing += problem === undefined ? 0 : 1;
      }
      console.log(`${read.size} recordings, ${differing} decided differently.`);
      process.exitCode = differing > 0 ? 3 : 0;
    });
}

function testKit(): TestKit {
  try {
    return createRequire(resolve('package.json'))('@palinode/saga/testing') as TestKit;
  } catch (error) {
    throw new CliError(`This project has no @palinode/saga: run the command where your sagas are. (${String(error)})`);
  }
}

async function definitionsIn(file: string): Promise<Definition[]> {
  const module = (await import(pathToFileURL(resolve(file)).href).catch((error: unknown) => {
    throw new CliError(`${file} cannot be loaded: ${String(error)}`);
  })) as Record<string, unknown>;
  const exported = Object.values(module).flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]));
  const found = exported.filter(isDefinition);
  if (found.length === 0) throw new CliError(`${file} exports no saga definition.`);
  return found;
}

function isDefinition(value: unknown): value is Definition {
  const { name, version, stages } = (value ?? {}) as Partial<Record<keyof Definition, unknown>>;
  return typeof name === 'string' && typeof version === 'number' && Array.isArray(stages);
}

function newestByName(definitions: readonly Definition[]): ReadonlyMap<string, Definition> {
  return new Map(definitions.toSorted((a, b) => a.version - b.version).map((each) => [each.name, each]));
}

function problemOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
