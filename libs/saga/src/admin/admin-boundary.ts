import { Injectable, NotFoundException, Optional, type OnModuleInit } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost } from '@nestjs/core';
import type { NextFunction, Request, Response } from 'express';
import { answerWith, causeOf } from '../http';
import { ADMIN_PREFIX } from './admin-controller';
import { AdminPath } from './admin-path';

/** The first parts of the routes below the prefix, by which a broken body is known to be meant for the admin API. */
const RESOURCES = ['sagas', 'operator-actions', 'dead-letters', 'definitions', 'holds', 'health'];

/**
 * Answers with problem details what no controller of the admin API gets to see: routes that there are not, and bodies that cannot be
 * parsed. Nest calls it when all routes of the application are there and its own answer to unknown ones is not, so that no
 * route of the application is hidden. Needs Express; with another adapter Nest's own answers stay.
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

/** Express takes the prefix of a middleware off the path, and leaves a slash of a path that is nothing else. */
function pathOf({ baseUrl, path }: Request): string {
  return `${baseUrl}${path === '/' ? '' : path}`;
}

function answerUnknown(request: Request, response: Response): void {
  const path = pathOf(request);
  answerWith(new NotFoundException(`Cannot ${request.method} ${path}`), { path }, response);
}

/** Express tells it from other middleware by its four parameters. */
function answerError(error: unknown, request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) return next(error);
  answerWith(causeOf(error, request), { path: pathOf(request) }, response);
}
