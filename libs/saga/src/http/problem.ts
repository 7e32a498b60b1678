import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';

/** An invalid field of a request. */
export class FieldProblem {
  @ApiProperty({ example: 'lines[0].quantity' })
  readonly field!: string;

  @ApiProperty({ example: 'must not be less than 1' })
  readonly problem!: string;
}

/** Problem details for HTTP APIs (RFC 9457): the body of every response with a status from 400. */
export class ProblemDetails {
  @ApiProperty({ example: 'urn:palinode:problem:invalid-request' })
  readonly type!: string;

  @ApiProperty({ example: 'The request is not valid' })
  readonly title!: string;

  @ApiProperty({ example: 400 })
  readonly status!: number;

  @ApiProperty({ example: 'lines[0].quantity must not be less than 1.' })
  readonly detail!: string;

  @ApiProperty({ example: '/orders' })
  readonly instance!: string;

  @ApiPropertyOptional({ type: [FieldProblem] })
  readonly errors?: readonly FieldProblem[];
}

/** What a {@link Problem} says. */
export interface ProblemContent {
  /** For programs; the type ends with it. */
  readonly code: string;
  readonly title: string;
  /** For people. */
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
  /** Sets the Retry-After header. */
  readonly retryAfterSeconds?: number;
  /** Further fields for programs (an extension of RFC 9457). */
  readonly extension?: Readonly<Record<string, unknown>>;
}

export const PROBLEM_TYPE = 'application/problem+json';

/** The content of such a response, for the description of a route. */
export const PROBLEM_CONTENT = { [PROBLEM_TYPE]: { schema: { $ref: getSchemaPath(ProblemDetails) } } };

/** The types of problems that a status alone tells apart, for every API: codes and titles. */
const OF_STATUS: Readonly<Record<number, Pick<ProblemContent, 'code' | 'title'>>> = {
  400: { code: 'invalid-request', title: 'The request is not valid' },
  404: { code: 'not-found', title: 'Not found' },
  412: { code: 'changed-meanwhile', title: 'It has changed in the meantime' },
  413: { code: 'too-large', title: 'The request is too large' },
  422: { code: 'invalid-request', title: 'The request is not valid' },
  428: { code: 'precondition-required', title: 'A condition is required' },
  500: { code: 'internal-error', title: 'Something went wrong' },
};

/** The type and the title of an error that names none itself. */
export function problemOfStatus(status: number): Pick<ProblemDetails, 'type' | 'title'> {
  const known = OF_STATUS[status];
  return known
    ? { type: typeOf(known.code), title: known.title }
    : { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error' };
}

function typeOf(code: string): string {
  return `urn:palinode:problem:${code}`;
}

/** An error response with a code for programs and a detail for people. */
export class Problem extends HttpException implements ProblemContent {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly FieldProblem[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly extension: Readonly<Record<string, unknown>> | undefined;

  constructor(status: number, { code, title, detail, errors, retryAfterSeconds, extension }: ProblemContent) {
    super(detail, status);
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
    this.extension = extension;
  }

  /** The URI of the kind of problem, which ends with the code. */
  get type(): string {
    return typeOf(this.code);
  }
}

/** The response to a request with invalid fields. */
export function invalidRequest(errors: readonly FieldProblem[], status: 400 | 422 = 400): Problem {
  const detail = errors.map(({ field, problem }) => `${field} ${problem}`).join('; ');
  return new Problem(status, {
    code: 'invalid-request',
    title: 'The request is not valid',
    detail: `${detail}.`,
    errors,
  });
}

/** The response to a request for something that does not exist: 404, with `what` in its detail. */
export function notFound(what: string): Problem {
  return new Problem(404, { code: 'not-found', title: 'Not found', detail: `${what} does not exist.` });
}
