import { BadRequestException, type ValidationError } from '@nestjs/common';
import { inOneLine, type Violation } from '../contract';
import { NullIsMissingPipe } from '../http';

/** The request is invalid: its path, query, headers or body; `errors` names each field. */
export class InvalidRequestException extends BadRequestException {
  constructor(errors: readonly Violation[]) {
    super({ message: `${inOneLine(errors)}.`, errors });
  }
}

/** Validates queries and bodies by their classes, independent of the application's pipes. */
export const validRequest = new NullIsMissingPipe({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  exceptionFactory: (errors) => new InvalidRequestException(errors.flatMap((error) => violationsIn(error))),
});

function violationsIn({ property, constraints, children = [] }: ValidationError, path = ''): Violation[] {
  const field = `${path}${property}`;
  const own = Object.entries(constraints ?? {}).map(([rule, message]) => ({
    field,
    problem: rule === 'whitelistValidation' ? 'is not known' : message.replace(`${property} `, ''),
  }));
  return [...own, ...children.flatMap((child) => violationsIn(child, `${field}.`))];
}

/** PostgreSQL cannot store NUL in text, and control characters could manipulate a terminal that shows the text. */
export const noControlCharacters = [/^\P{Cc}*$/u, { message: '$property must not hold control characters' }] as const;
