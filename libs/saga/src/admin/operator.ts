import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsObject, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { revisionsOf } from './revision-tag';
import { invalidRequest } from '../http';
import { noControlCharacters } from './no-control-characters';
import { identityOf } from './access';
import type { Actor } from '../operator-log';

const REQUEST_ID = /^[\x21-\x7e]{1,100}$/;
const NAME = /^[\w.@+-]{1,100}$/;

/** The operator and the accepted revisions of the saga, from the headers of a request. */
export interface Operator extends Actor {
  readonly revisions: readonly number[] | undefined;
  /** Only find out what the action would do. */
  readonly dryRun: boolean;
}

/** Reads the operator of the request, and how the action is to be taken. Where access is open, the name is what X-Operator says. */
export const ByOperator = createParamDecorator((_: unknown, context: ExecutionContext): Operator => {
  const request = requestOf(context);
  return { ...actorOf(request), revisions: revisionsOf(request.headers['if-match']), dryRun: isDryRun(request) };
});

/** Reads only who acts, for requests without a revision. */
export const ByActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor =>
  actorOf(requestOf(context)),
);

export interface Request {
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Set by the application's logger, such as pino-http. */
  readonly id?: unknown;
  readonly query?: Readonly<Record<string, unknown>>;
}

function requestOf(context: ExecutionContext): Request {
  return context.switchToHttp().getRequest<Request>();
}

function isDryRun({ query: { dryRun } = {} }: Request): boolean {
  if (dryRun === undefined || dryRun === 'false') return false;
  if (dryRun === 'true') return true;
  throw invalidRequest([{ field: 'dryRun', problem: 'must be true or false' }]);
}

/** Who acts; their access has been checked before. */
export function actorOf(request: Request): Actor {
  const { headers, id } = request;
  const ofLogger = typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
  const given = headers['x-request-id'];
  const requestId = given !== undefined && REQUEST_ID.test(given) ? given : ofLogger;
  const identity = identityOf(request);
  if (identity === undefined) return { by: nameOf(headers['x-operator']), requestId };
  return { by: identity.name, requestId, role: identity.role, key: identity.key };
}

function nameOf(name = 'anonymous'): string {
  if (NAME.test(name)) return name;
  const problem = 'must be 1 to 100 letters, digits, or any of . _ @ + -';
  throw invalidRequest([{ field: 'X-Operator', problem }]);
}

/** The reason of an operator action, stored with it. */
export class OperatorRequest {
  @ApiProperty({ minLength: 1, maxLength: 500, example: 'The bank confirmed the outage; INC-7' })
  @IsString()
  @Length(1, 500)
  @Matches(/\S/, { message: '$property must hold a visible character' })
  @Matches(...noControlCharacters)
  reason!: string;
}

/** Resumes a saga, perhaps for some tries only. */
export class ResumeRequest extends OperatorRequest {
  @ApiPropertyOptional({
    minimum: 1,
    maximum: 1_000,
    description: 'The most tries before the saga pauses again; by default the definition decides (attentionAfter)',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000)
  attempts?: number;
}

/** What an operator found out about a command whose outcome is not known. */
export class ResolveRequest extends OperatorRequest {
  @ApiProperty({ example: 'capture', description: 'A step that waits for an answer' })
  @IsString()
  @Length(1, 200)
  step!: string;

  @ApiProperty({ enum: ['success', 'failure'], description: 'Whether it took effect' })
  @IsIn(['success', 'failure'])
  outcome!: 'success' | 'failure';

  @ApiPropertyOptional({ type: Object, description: 'With a success: the reply, where the contract has one' })
  @IsOptional()
  @IsObject()
  reply?: object;
}

/** The step whose compensation is skipped. */
export class SkipRequest extends OperatorRequest {
  @ApiProperty({ example: 'stock', description: 'A step whose compensation is under way' })
  @IsString()
  @Length(1, 200)
  step!: string;
}
