import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { isDatabaseAway } from '../messaging';
import type { Request, Response } from 'express';
import { throwError, type Observable } from 'rxjs';
import { Problem, PROBLEM_TYPE, problemOfStatus, type ProblemDetails } from './problem';
import { rejectionOf } from './rejected-request';

type Described = Omit<ProblemDetails, 'instance'>;

/** Answers every error of an HTTP request with problem details; other transports handle their own errors. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Http');

  catch(exception: unknown, host: ArgumentsHost): Observable<never> | void {
    if (host.getType() !== 'http') return throwError(() => exception);
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const cause = causeOf(exception, request);
    if (describe(cause).status >= 500) this.log.error(exception);
    if (response.headersSent) return void response.destroy();
    answerWith(cause, request, response);
  }
}

/**
 * Chooses what the client sees: why its request was rejected before parsing, that the database is away, or the error.
 */
export function causeOf(exception: unknown, request: object): unknown {
  return rejectionOf(request) ?? (isDatabaseAway(exception) ? databaseAway() : exception);
}

function databaseAway(): Problem {
  return new Problem(503, {
    code: 'database-away',
    title: 'Unavailable for now',
    detail: 'The database does not answer; please try again later.',
    retryAfterSeconds: 1,
  });
}

/** Answers a request with problem details. */
export function answerWith(cause: unknown, request: Pick<Request, 'path'>, response: Response): void {
  const { retryAfterSeconds } = Object(cause) as Partial<Problem>;
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', retryAfterSeconds);
  const problem: ProblemDetails = { ...describe(cause), instance: request.path };
  response.status(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

/** The part of an error that the client may see: its own mistakes, but nothing internal. */
export function describe(exception: unknown): Described {
  if (exception instanceof Problem) {
    const { type, title, detail, errors, extension } = exception;
    return { type, title, status: exception.getStatus(), detail, ...(errors ? { errors } : {}), ...extension };
  }
  const status = statusOf(exception);
  const { type, title, errors } = { ...problemOfStatus(status), ...extensionOf(exception) };
  return { type, title, status, detail: detailOf(exception, status), ...(errors ? { errors } : {}) };
}

/** The fields of a library exception beside its message. */
function extensionOf(exception: unknown): Partial<Pick<ProblemDetails, 'type' | 'title' | 'errors'>> {
  const body: unknown = exception instanceof HttpException ? exception.getResponse() : undefined;
  const { type, title, errors } = Object(body) as Partial<ProblemDetails>;
  return { ...(type ? { type } : {}), ...(title ? { title } : {}), ...(errors ? { errors } : {}) };
}

function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  const { statusCode } = Object(exception) as { statusCode?: unknown };
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : 500;
}

function detailOf(exception: unknown, status: number): string {
  const { type, message } = Object(exception) as { type?: unknown; message?: unknown };
  if (type === 'entity.too.large') return 'The body is too large; at most 64 KB are accepted.';
  if (status >= 500 || typeof message !== 'string') return 'Something went wrong on our side; please try again later.';
  return /JSON/.test(message) ? 'The body is not valid JSON.' : message;
}
