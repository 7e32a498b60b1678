import type { ValidationError } from '@nestjs/common';
import { NullIsMissingPipe } from '@palinode/saga/http';
import { invalidRequest, type FieldProblem } from '../problems/problem';

/** Converts bodies, queries and parameters to their classes; answers unknown, missing and wrong fields by name. */
export const validation = new NullIsMissingPipe({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
  exceptionFactory: (errors) => invalidRequest(errors.flatMap((error) => fieldProblems(error))),
});

/** Messages for rules whose default message addresses programmers. */
const WORDING: Readonly<Record<string, string>> = {
  whitelistValidation: 'is not known',
  nestedValidation: 'must be an object',
};

function fieldProblems({ property, constraints, children = [] }: ValidationError, path = ''): FieldProblem[] {
  const index = /^\d+$/.test(property);
  const field = index ? `${path}[${property}]` : path ? `${path}.${property}` : property;
  const own = Object.entries(constraints ?? {}).map(([rule, message]) => ({
    field,
    problem: WORDING[rule] ?? message.replace(`${property} `, ''),
  }));
  return [...own, ...children.flatMap((child) => fieldProblems(child, field))];
}
