import type { InjectionToken } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { Problem } from '../problems/problem';
import { answerWith } from '../problems/problem-filter';

/**
 * Decides whether to process a request before its body is read, logged or validated, so that an overloaded service rejects
 * it cheaply.
 */
export interface Admission {
  /** The problem to answer with; undefined to process the request. It must be quick. */
  refusal(request: Pick<Request, 'method' | 'path'>): Problem | undefined;
}

export function applyAdmission(app: NestExpressApplication, token: InjectionToken<Admission>): void {
  let admission: Admission | undefined;
  app.use((request: Request, response: Response, next: NextFunction) => {
    admission ??= app.get<Admission>(token, { strict: false });
    const problem = admission.refusal(request);
    if (problem === undefined) next();
    else answerWith(problem, request, response);
  });
}
