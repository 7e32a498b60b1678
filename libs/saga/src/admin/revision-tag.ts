import { HttpException, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { invalidRequest } from '../http';

const TAG_LIST = /^(?:W\/)?"[\x21\x23-\x7e]*"(?:[ \t]*,[ \t]*(?:W\/)?"[\x21\x23-\x7e]*")*$/;
const REVISION_TAG = /(?<!W\/)"(\d{1,9})"/g;

/** The ETag header in a route's description. */
export const TAG_HEADER = { ETag: { schema: { type: 'string' }, description: 'The revision of the saga' } } as const;

/** Writes a saga's revision as an entity tag (RFC 9110, section 8.8.3). */
export function tagOf(revision: number): string {
  return `"${revision}"`;
}

/**
 * Returns the revisions that an If-Match header allows; undefined for `*`, which allows any. A weak tag allows none
 * (RFC 9110). Throws 428 (RFC 6585) without the header, and 400 when it is not a list of tags.
 */
export function revisionsOf(ifMatch: string | undefined): number[] | undefined {
  if (ifMatch === undefined) {
    throw new HttpException('Send If-Match with the ETag of the saga as you read it, or * for any revision.', 428);
  }
  if (ifMatch === '*') return undefined;
  if (!TAG_LIST.test(ifMatch)) {
    throw invalidRequest([{ field: 'If-Match', problem: 'must be an ETag such as "3", or *' }]);
  }
  return [...ifMatch.matchAll(REVISION_TAG)].map(([, revision]) => Number(revision));
}

/** Sets the ETag of a response from the revision of the saga in its body. */
export class RevisionTagInterceptor implements NestInterceptor<{ revision: number }> {
  intercept(context: ExecutionContext, next: CallHandler<{ revision: number }>): Observable<{ revision: number }> {
    const response = context.switchToHttp().getResponse<{ header(name: string, value: string): unknown }>();
    return next.handle().pipe(
      map((saga) => {
        response.header('ETag', tagOf(saga.revision));
        return saga;
      }),
    );
  }
}
