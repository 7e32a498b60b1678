import { BadRequestException, ValidationPipe } from '@nestjs/common';
import type { Violation } from '../contract';

/** Something in the request is wrong: its path, query, headers or body; `errors` names each field. */
export class InvalidRequestException extends BadRequestException {
  constructor(errors: readonly Violation[]) {
    super({ message: `${errors.map(({ field, problem }) => `${field} ${problem}`).join('; ')}.`, errors });
  }
}

/** Checks queries and bodies by their classes, whatever pipes the application has. */
export const validRequest = new ValidationPipe({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  exceptionFactory: (errors) =>
    new InvalidRequestException(
      errors.flatMap(({ property, constraints }) =>
        Object.entries(constraints ?? {}).map(([rule, message]) => ({
          field: property,
          problem: rule === 'whitelistValidation' ? 'is not known' : message.replace(`${property} `, ''),
        })),
      ),
    ),
});

/** PostgreSQL has no text with a NUL, and no terminal should be steered by what it shows. */
export const noControlCharacters = [/^\P{Cc}*$/u, { message: '$property must not hold control characters' }] as const;
