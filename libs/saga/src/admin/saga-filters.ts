/*
 * Reads the filters of sagas, for lists and for bulk actions. A name or a value that does not exist is refused with what
 * there is, so that an empty list always means that no saga fits: with 400 what no orchestrator knows, with 422 what this
 * one does not have, such as a definition.
 */
import type { PipeTransform } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import type { Class } from '../contract';
import { commandsOf, stepsOf, type DefinitionRegistry, type SagaDefinition } from '../definition';
import { invalidRequest, Problem, validRequest, type FieldProblem } from '../http';
import type { SagaFilter, SagaStore } from '../store';
import { SagaCriteria } from './saga-list.query';
import type { SagaReader } from './saga-reader';

/**
 * Converts filters to their class. Throws 400 with each filter that is unknown or has an invalid value.
 *
 * @param within what the names of the fields begin with
 */
export async function readFilters<T extends object>(given: unknown, type: Class<T>, within = ''): Promise<T> {
  try {
    return (await validRequest.transform(given, { type: 'query', metatype: type })) as T;
  } catch (error) {
    if (!(error instanceof Problem) || error.errors === undefined) throw error;
    throw invalidRequest(
      error.errors.map(({ field, problem }) => ({
        field: `${within}${field}`,
        problem: problem === 'is not known' ? `is not known; there are ${fieldsOf(type).join(', ')}` : problem,
      })),
    );
  }
}

/** Reads the query of a list as {@link readFilters} does. */
export function filtersOf<T extends object>(type: Class<T>): PipeTransform<unknown, Promise<T>> {
  return { transform: (given) => readFilters(given, type) };
}

/** The fields of a class that have rules. */
function fieldsOf(type: Class<object>): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))].toSorted();
}

/** Checks filters against the definitions and the search attributes that there are. */
export class SagaFilters {
  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly store: SagaStore,
    private readonly reader: SagaReader,
  ) {}

  /** Reads the filters of a bulk action. Throws as {@link readFilters} and {@link check} do. */
  async read(given: object, within: string): Promise<SagaCriteria> {
    const criteria = await readFilters(given, SagaCriteria, within);
    await this.check(criteria, within);
    return criteria;
  }

  /** Returns those filters that may have sensitive values, as they may be stored and shown. */
  async withoutSensitive({ q, attribute }: SagaFilter): Promise<SagaFilter> {
    const { search } = this.reader;
    return {
      ...(attribute && { attribute: await search.withoutSensitive(attribute) }),
      ...(q !== undefined && { q: await search.withoutSensitiveText(q) }),
    };
  }

  /** Throws 422 for names that do not exist, with those that do, and for filters that do not fit together. */
  async check(criteria: SagaCriteria, within = ''): Promise<void> {
    const problems = [
      ...rangeProblems(criteria),
      ...(await this.definitionProblems(criteria)),
      ...(await this.attributeProblems(criteria)),
    ];
    if (problems.length === 0) return;
    throw invalidRequest(
      problems.map(({ field, problem }) => ({ field: `${within}${field}`, problem })),
      422,
    );
  }

  private async definitionProblems({ definition, version, step, service }: SagaCriteria): Promise<FieldProblem[]> {
    if (version !== undefined && definition === undefined)
      return [{ field: 'version', problem: 'needs the definition that it is a version of' }];
    if (definition === undefined && step === undefined && service === undefined) return [];
    const registered = this.registry.all();
    const names = [...new Set([...registered.map(({ name }) => name), ...(await this.store.definitionNames())])];
    if (definition !== undefined && !names.includes(definition))
      return [{ field: 'definition', problem: notOne('definition', definition, names) }];
    const meant = definition === undefined ? names : [definition];
    // Another instance may have definitions whose steps this one does not know.
    if (meant.some((name) => this.registry.newest(name) === undefined)) return [];
    const definitions = registered.filter(({ name }) => meant.includes(name));
    return [
      ...unknownIn('step', step, definitions.flatMap(stepNames)),
      ...unknownIn('service', service, definitions.flatMap(serviceNames)),
    ];
  }

  private async attributeProblems({ attribute }: SagaCriteria): Promise<FieldProblem[]> {
    if (attribute === undefined) return [];
    const names = (await this.reader.search.attributeNames()).map(({ name }) => name);
    const unknown = attribute.map((each) => each.slice(0, each.indexOf(':'))).filter((each) => !names.includes(each));
    return unknown.map((name) => ({
      field: 'attribute',
      problem: notOne('search attribute of any saga', name, names),
    }));
  }
}

function rangeProblems(criteria: SagaCriteria): FieldProblem[] {
  const ranges = [
    ['startedAfter', 'startedBefore'],
    ['endedAfter', 'endedBefore'],
  ] as const;
  return ranges.flatMap(([after, before]) => {
    const [from, to] = [criteria[after], criteria[before]];
    if (from === undefined || to === undefined || Date.parse(from) < Date.parse(to)) return [];
    return [{ field: before, problem: `must be later than ${after}` }];
  });
}

function stepNames(definition: SagaDefinition): string[] {
  return stepsOf(definition).map(({ name }) => name);
}

function serviceNames(definition: SagaDefinition): string[] {
  return commandsOf(definition).map(({ service }) => service);
}

function unknownIn(field: string, values: readonly string[] | undefined, known: readonly string[]): FieldProblem[] {
  const names = [...new Set(known)];
  return (values ?? [])
    .filter((value) => !names.includes(value))
    .map((value) => ({ field, problem: notOne(field, value, names) }));
}

function notOne(what: string, value: string, known: readonly string[]): string {
  return `"${value}" is no ${what}; there ${known.length === 0 ? 'is none' : `are ${known.toSorted().join(', ')}`}`;
}
