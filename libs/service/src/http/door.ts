import type { InjectionToken } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { answerWith, type Problem } from '@palinode/saga/http';

/** Decides about a request before anything of its body is read, logged or checked: a service that has too many says so. */
export interface Door {
  /** Why the request is turned away; undefined to let it in. Must be quick. */
  refusal(request: Pick<Request, 'method' | 'path'>): Problem | undefined;
}

export function guardDoor(app: NestExpressApplication, token: InjectionToken<Door>): void {
  let door: Door | undefined;
  app.use((request: Request, response: Response, next: NextFunction) => {
    door ??= app.get<Door>(token, { strict: false });
    const problem = door.refusal(request);
    if (problem === undefined) next();
    else answerWith(problem, request, response);
  });
}
