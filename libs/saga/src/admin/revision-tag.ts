import { HttpException, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { invalidRequest } from '../http';

const TAG_LIST = /^(?:W\/)?"[\x21\x23-\x7e]*"(?:[ \t]*,[ \t]*(?:W\/)?"[\x21\x23-\x7e]*")*$/;
const REVISION_TAG = /(?<!W\/)"(\d{1,9})"/g;

/** The header that a route with an ETag describes. */
export const TAG_HEADER = { ETag: { schema: { type: 'string' }, description: 'The revision of the saga' } } as const;

/** A saga's revision as an entity tag (RFC 9110, section 8.8.3). */
export function tagOf(revision: number): string {
  return `"${revision}"`;
}

/**
 * The revisions that an If-Match header allows; undefined for `*`, which allows any. A weak tag allows none, as RFC 9110 has
 * it. Throws 428 (RFC 6585) without the header, 400 for what is no list of tags.
 */
export function revisionsOf(ifMatch: string | undefined): number[] | undefined {
  if (ifMatch === undefined) {
    throw new HttpException(
      'Send If-Match with the ETag of the saga as you saw it, or * to act whatever it is now.',
      428,
    );
  }
  if (ifMatch === '*') return undefined;
  if (!TAG_LIST.test(ifMatch)) {
    throw invalidRequest([{ field: 'If-Match', problem: 'must be an ETag such as "3", or *' }]);
  }
  return [...ifMatch.matchAll(REVISION_TAG)].map(([, revision]) => Number(revision));
}

/** Answers with the revision of the saga in the body as its ETag. */
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
