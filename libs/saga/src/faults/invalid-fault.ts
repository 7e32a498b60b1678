import { BadRequestException, UnprocessableEntityException, type ValidationError } from '@nestjs/common';
import { inOneLine } from '../contract';
import { NullIsMissingPipe } from '../http';
import type { RuleProblem } from './catalog';

/** The fault is well written and could never strike; `errors` names what is possible instead. */
export class ImpossibleFaultException extends UnprocessableEntityException {
  constructor(errors: readonly RuleProblem[]) {
    super({ message: `${inOneLine(errors)}.`, errors });
  }
}

/** Checks bodies and queries by their classes, whatever pipes the application has. */
export const validFault = new NullIsMissingPipe({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  exceptionFactory: (problems) => {
    const errors = problems.flatMap((each) => fieldProblems(each));
    return new BadRequestException({ message: `${inOneLine(errors)}.`, errors });
  },
});

function fieldProblems({ property, constraints = {}, children = [] }: ValidationError, path = ''): RuleProblem[] {
  const field = path === '' ? property : `${path}.${property}`;
  const own = Object.entries(constraints).map(([rule, message]) => ({
    field,
    problem: rule === 'whitelistValidation' ? 'is not known' : message.replace(`${property} `, ''),
  }));
  return [...own, ...children.flatMap((child) => fieldProblems(child, field))];
}
