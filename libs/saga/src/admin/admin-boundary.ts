import { Injectable, NotFoundException, Optional, type OnModuleInit } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost } from '@nestjs/core';
import type { NextFunction, Request, Response } from 'express';
import { answerWith, causeOf } from '../http';
import { ADMIN_PREFIX } from './admin.controller';
import { AdminPath } from './admin-path';

/**
 * The first segments of the routes below the prefix; a request with an unparsable body is recognized as the admin API's
 * by them.
 */
const RESOURCES = [
  'sagas',
  'operator-actions',
  'dead-letters',
  'bulk-actions',
  'definitions',
  'holds',
  'incidents',
  'health',
  'session',
  'keys',
];

/**
 * Answers requests that reach no controller of the admin API with problem details: unknown routes, and bodies that
 * cannot be parsed. Nest calls it after all routes of the application are registered and before its own handler of
 * unknown routes, so no route of the application is hidden. Needs Express; with another adapter Nest's own answers
 * remain.
 */
@Injectable()
export class AdminBoundary implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly config: ApplicationConfig,
    @Optional() private readonly path: AdminPath = new AdminPath(),
  ) {}

  onModuleInit(): void {
    const adapter = this.host.httpAdapter;
    if (adapter?.getType() !== 'express') return;
    const prefix = `/${[this.config.getGlobalPrefix(), this.path.before, ADMIN_PREFIX].flatMap(partsOf).join('/')}`;
    for (const resource of RESOURCES) adapter.use(`${prefix}/${resource}`, answerError);
    adapter.use(prefix, answerUnknown);
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

/** Express removes the prefix of a middleware from the path, and leaves a slash when nothing else remains. */
function pathOf({ baseUrl, path }: Request): string {
  return `${baseUrl}${path === '/' ? '' : path}`;
}

function answerUnknown(request: Request, response: Response): void {
  const path = pathOf(request);
  answerWith(new NotFoundException(`Cannot ${request.method} ${path}`), { path }, response);
}

/** Express recognizes an error handler by its four parameters. */
function answerError(error: unknown, request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) return next(error);
  answerWith(causeOf(error, request), { path: pathOf(request) }, response);
}
