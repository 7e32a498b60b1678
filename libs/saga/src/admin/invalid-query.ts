import { BadRequestException, ValidationPipe } from '@nestjs/common';
import type { Violation } from '../contract';

/** The request's query or path is wrong; `errors` names each field. */
export class InvalidQueryException extends BadRequestException {
  constructor(errors: readonly Violation[]) {
    super({ message: `${errors.map(({ field, problem }) => `${field} ${problem}`).join('; ')}.`, errors });
  }
}

/** Checks queries by their classes, whatever pipes the application has. */
export const validQuery = new ValidationPipe({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  exceptionFactory: (errors) =>
    new InvalidQueryException(
      errors.flatMap(({ property, constraints }) =>
        Object.entries(constraints ?? {}).map(([rule, message]) => ({
          field: property,
          problem: rule === 'whitelistValidation' ? 'is not known' : message.replace(`${property} `, ''),
        })),
      ),
    ),
});
