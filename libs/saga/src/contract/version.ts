import { ConfigurationError } from './errors';

/** Throws a ConfigurationError unless the version is an integer from 1 on. */
export function assertVersion(name: string, version: number): void {
  if (!Number.isInteger(version) || version < 1)
    throw new ConfigurationError(`The version of ${name} must be 1 or more.`);
}
