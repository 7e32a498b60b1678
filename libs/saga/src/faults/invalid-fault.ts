import { UnprocessableEntityException } from '@nestjs/common';
import { inOneLine } from '../contract';
import type { RuleProblem } from './catalog';

/** The fault is well written and could never strike; `errors` names what is possible instead. */
export class ImpossibleFaultException extends UnprocessableEntityException {
  constructor(errors: readonly RuleProblem[]) {
    super({ message: `${inOneLine(errors)}.`, errors });
  }
}
