import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsObject, IsOptional, IsString, Length, Matches } from 'class-validator';
import { revisionsOf } from './revision-tag';
import { invalidRequest } from '../http';
import { noControlCharacters } from './no-control-characters';

const NAME = /^[\w.@+-]{1,100}$/;

/** Who acts, and on which revisions of the saga: what the headers of an operator's request say. */
export interface Operator {
  readonly by: string;
  readonly revisions: readonly number[] | undefined;
}

/** The operator of the request. Nothing proves the name: there is no authentication yet. */
export const ByOperator = createParamDecorator((_: unknown, context: ExecutionContext): Operator => {
  const headers = headersOf(context);
  return { by: nameOf(headers['x-operator']), revisions: revisionsOf(headers['if-match']) };
});

/** The operator's name alone, for what has no revisions. */
export const OperatorName = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  nameOf(headersOf(context)['x-operator']),
);

/** X-Operator, for the description of a route. */
export const OPERATOR_HEADER = {
  name: 'X-Operator',
  required: false,
  description: 'Who acts; nothing proves it yet',
  schema: { type: 'string', default: 'anonymous', pattern: '^[A-Za-z0-9_.@+-]{1,100}$' },
} as const;

function headersOf(context: ExecutionContext): Record<string, string | undefined> {
  return context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>().headers;
}

function nameOf(name = 'anonymous'): string {
  if (NAME.test(name)) return name;
  const problem = 'must be 1 to 100 letters, digits, or any of . _ @ + -';
  throw invalidRequest([{ field: 'X-Operator', problem }]);
}

/** Why an operator does it, for those who look later. */
export class OperatorRequest {
  @ApiProperty({ minLength: 1, maxLength: 500, example: 'The bank confirmed the outage; INC-7' })
  @IsString()
  @Length(1, 500)
  @Matches(/\S/, { message: '$property must hold a visible character' })
  @Matches(...noControlCharacters)
  reason!: string;
}

/** What a person found out about a command whose answer is not known. */
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

/** Which compensation will not be done. */
export class SkipRequest extends OperatorRequest {
  @ApiProperty({ example: 'stock', description: 'A step whose compensation is under way' })
  @IsString()
  @Length(1, 200)
  step!: string;
}
