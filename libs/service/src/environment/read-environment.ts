import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

/** A variable is missing or wrong; the message names each with its remedy. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';

  constructor(problems: readonly string[]) {
    super(`The environment is not complete:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/** Reads environment variables into a class with class-validator rules, its defaults filled in. */
export function readEnvironment<T extends object>(
  type: new () => T,
  variables: Readonly<Record<string, string | undefined>>,
): T {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const environment = plainToInstance(type, given, { enableImplicitConversion: true, exposeDefaultValues: true });
  const problems = validateSync(environment).map(({ property, constraints = {} }) => {
    const what = Object.values(constraints)[0]?.replace(`${property} `, '') ?? 'is wrong';
    const found = given[property] === undefined ? 'it is not set' : 'its value does not fit';
    return `${property} ${what} (${found}).`;
  });
  if (problems.length > 0) throw new EnvironmentError(problems);
  return environment;
}
