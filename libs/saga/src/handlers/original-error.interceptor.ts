import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { catchError, throwError, type Observable } from 'rxjs';
import { contextOf, transactionOf, type SecondParameter } from './handler-context';

/**
 * Nest masks an error that no filter handles as "Internal server error"; this keeps the original for the failure reply.
 */
@Injectable()
export class OriginalErrorInterceptor implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) => {
        const context = contextOf(transactionOf(execution.switchToRpc().getContext<SecondParameter>()));
        if (context) context.error = error;
        return throwError(() => error);
      }),
    );
  }
}
