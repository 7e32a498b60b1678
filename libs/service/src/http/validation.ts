import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { invalidRequest, type FieldProblem } from '../problems/problem';

/** Turns bodies, queries and parameters into their classes; what is unknown, missing or wrong is answered by field. */
export const validation = new ValidationPipe({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
  exceptionFactory: (errors) => invalidRequest(errors.flatMap((error) => fieldProblems(error))),
});

function fieldProblems({ property, constraints, children = [] }: ValidationError, path = ''): FieldProblem[] {
  const index = /^\d+$/.test(property);
  const field = index ? `${path}[${property}]` : path ? `${path}.${property}` : property;
  const own = Object.entries(constraints ?? {}).map(([rule, message]) => ({
    field,
    problem: rule === 'whitelistValidation' ? 'is not known' : message.replace(`${property} `, ''),
  }));
  return [...own, ...children.flatMap((child) => fieldProblems(child, field))];
}
