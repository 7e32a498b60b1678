/* Rules for environment variables that class-validator does not have. */
import { accessSync, constants } from 'node:fs';
import { ValidateBy, type ValidationOptions } from 'class-validator';

/** The variable names a file that this process may read. */
export function IsReadableFile({
  message = 'must name a file that the service may read',
}: ValidationOptions = {}): PropertyDecorator {
  return ValidateBy({
    name: 'isReadableFile',
    validator: { validate: isReadable, defaultMessage: () => String(message) },
  });
}

/** The variable may be set only when this holds for the whole environment. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- a rule is written for one class
export function MayBeSetWhen<Environment extends object>(
  holds: (environment: Environment) => boolean,
  message: string,
): PropertyDecorator {
  return ValidateBy({
    name: 'mayBeSetWhen',
    validator: {
      validate: (value, context) => value === undefined || holds(context?.object as Environment),
      defaultMessage: () => message,
    },
  });
}

function isReadable(path: unknown): boolean {
  try {
    accessSync(String(path), constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
