/*
 * Refuses parameters of the query that a route does not read, whichever route it is. Those of a route with a class for
 * its query are checked with it, by `validRequest`.
 */
import {
  applyDecorators,
  Injectable,
  SetMetadata,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ApiQuery, type ApiQueryOptions } from '@nestjs/swagger';
import { invalidRequest } from './problem';

const PARAMETER = 'palinode:parameter';

/** Declares the one parameter of a route that has no class for its query. */
export function TakesParameter(name: string, options: ApiQueryOptions): MethodDecorator {
  return applyDecorators(SetMetadata(PARAMETER, name), ApiQuery({ ...options, name }));
}

/**
 * Answers parameters that the route does not read with 400, so that a misspelt one is not taken for none. As an
 * interceptor it does so once it is known who has access.
 */
@Injectable()
export class OnlyKnownParameters implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): ReturnType<CallHandler['handle']> {
    const unknown = hasQueryClass(context) ? [] : unknownIn(context);
    if (unknown.length > 0) throw invalidRequest(unknown.map((field) => ({ field, problem: 'is not known' })));
    return next.handle();
  }
}

function unknownIn(context: ExecutionContext): string[] {
  const { query = {} } = context.switchToHttp().getRequest<{ readonly query?: object }>();
  const known: unknown = Reflect.getMetadata(PARAMETER, context.getHandler());
  return Object.keys(query).filter((name) => name !== known);
}

function hasQueryClass(context: ExecutionContext): boolean {
  const parameters: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name);
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(`${RouteParamtypes.QUERY}:`));
}
