import { ConfigurationError } from '../contract';

/** @throws ConfigurationError for an option that is no number, or smaller than it may be */
export function requireAtLeast(least: number, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options))
    if (!(value >= least)) throw new ConfigurationError(`${name} must be ${least} or more, and is ${value}.`);
}
