import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { catchError, throwError, type Observable } from 'rxjs';
import type { EntityManager } from 'typeorm';
import { CommandContext } from './command-context';
import { contextOf } from './handler-context';

/**
 * Nest masks an error that no filter handles as "Internal server error"; this keeps the original for the failure reply.
 */
@Injectable()
export class OriginalErrorInterceptor implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) => {
        const context = contextOf(transactionOf(execution.switchToRpc().getContext<EntityManager | CommandContext>()));
        if (context) context.error = error;
        return throwError(() => error);
      }),
    );
  }
}

function transactionOf(given: EntityManager | CommandContext): EntityManager {
  return given instanceof CommandContext ? given.transaction : given;
}
