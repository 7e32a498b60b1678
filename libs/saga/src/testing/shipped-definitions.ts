/*
 * Compares definitions with the shipped ones: a file for each version, so that none is changed under its running sagas.
 */
import { createTwoFilesPatch } from 'diff';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, type SagaDefinition } from '../definition';
import { isInstrumented, withoutSources } from './instrumented-sources';
import { SagaTestError } from './saga-test-error';

const WRITE = 'WRITE_DEFINITIONS';

/**
 * Expects each definition to equal its file, `<name>.v<version>.txt` in this directory, and each file to have its
 * definition. With `WRITE_DEFINITIONS=1` in the environment it writes missing files; it changes none.
 *
 * When a coverage tool has rewritten the code (istanbul, as `jest --coverage` does by default), the sources of mappers
 * and conditions are not compared, since they contain its counters; a run without coverage compares them too.
 *
 * @throws SagaTestError that shows the lines that differ, and says what to do.
 */
export function expectAsShipped(definitions: readonly SagaDefinition[], directory: string): void {
  if (process.env[WRITE] === '1') writeMissing(definitions, directory);
  const problems = differences(definitions, read(directory));
  if (problems.length > 0) throw new SagaTestError(problems.join('\n\n'));
}

/** Returns the differences between definitions and the files of shipped ones, by file name; each with its remedy. */
export function differences(
  definitions: readonly SagaDefinition[],
  shipped: ReadonlyMap<string, string>,
): readonly string[] {
  const orphans = new Set(shipped.keys());
  const problems = definitions.flatMap((definition) => {
    const file = fileOf(definition);
    orphans.delete(file);
    const before = shipped.get(file);
    const now = fingerprint(definition);
    if (before === undefined) return [missing(definition, file)];
    if (before === now) return [];
    return isInstrumented(now)
      ? changedBesideSources(definition, file, before, now)
      : [changed(definition, file, before, now)];
  });
  return [...problems, ...[...orphans].map(orphaned)];
}

function missing({ name, version }: SagaDefinition, file: string): string {
  return (
    `${name} v${version} has no file ${file}. When the version is ready to be shipped, run this test with ${WRITE}=1 ` +
    'in the environment, and commit the file with it.'
  );
}

/** Compares what a coverage tool does not change. */
function changedBesideSources(
  definition: SagaDefinition,
  file: string,
  before: string,
  now: string,
): readonly string[] {
  const [shipped, present] = withoutSources(before, now);
  return shipped === present ? [] : [changed(definition, file, shipped, present)];
}

function changed({ name, version }: SagaDefinition, file: string, before: string, now: string): string {
  const patch = createTwoFilesPatch(file, 'the definition', before, now, undefined, undefined, { context: 4 });
  return (
    `${name} v${version} was shipped; add version ${version + 1} instead, and leave version ${version} as it was until its ` +
    'sagas have ended. Where a command has changed, give the command a new version for the new one to use. Only if no ' +
    `saga of version ${version} is running anywhere, or all of them may continue with the new one: delete ${file}, and run this test ` +
    `with ${WRITE}=1.\n${patch.slice(patch.indexOf('---'))}`
  );
}

function orphaned(file: string): string {
  return (
    `${file} was shipped, but its definition is not registered: its sagas would be paused. Register it again; or, if ` +
    'all of them have ended, delete the file.'
  );
}

function writeMissing(definitions: readonly SagaDefinition[], directory: string): void {
  mkdirSync(directory, { recursive: true });
  const there = read(directory);
  for (const definition of definitions) {
    const file = fileOf(definition);
    if (there.has(file)) continue;
    const text = fingerprint(definition);
    if (isInstrumented(text))
      throw new SagaTestError(
        `${file} cannot be written in a run with coverage, which rewrites the code; run without it.`,
      );
    writeFileSync(join(directory, file), text);
  }
}

function read(directory: string): ReadonlyMap<string, string> {
  if (!existsSync(directory)) return new Map();
  const files = readdirSync(directory).filter((file) => file.endsWith('.txt'));
  return new Map(files.map((file) => [file, readFileSync(join(directory, file), 'utf8')]));
}

function fileOf({ name, version }: SagaDefinition): string {
  return `${name}.v${version}.txt`;
}
