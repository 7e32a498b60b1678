import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  Min,
} from 'class-validator';
import {
  BULK_ACTION_STATUSES,
  BULK_LETTER_ACTIONS,
  BULK_SAGA_ACTIONS,
  ITEM_STATUSES,
  OUTCOMES,
  type BulkActionStatus,
  type BulkLetterAction,
  type BulkOrder,
  type BulkSagaAction,
  type ItemStatus,
  type ItemOutcome,
  type SagaOrder,
} from '../../bulk-actions';
import { invalidRequest, type Problem } from '../../http';
import { DeadLetterCriteria, filterOf } from '../dead-letters/dead-letters.query';
import { OperatorRequest } from '../operator';
import { PageQuery } from '../page';
import { readFilters, type SagaFilters } from '../saga-filters';
import { SagaCriteria } from '../saga-list.query';

export const BULK_ACTIONS = [...BULK_SAGA_ACTIONS, ...BULK_LETTER_ACTIONS] as const;
const DEFAULT_RATE = 20;
const MOST_IDS = 1_000;

/** One action on many sagas, or on many dead letters. */
@ApiExtraModels(SagaCriteria, DeadLetterCriteria)
export class BulkActionRequest extends OperatorRequest {
  @ApiProperty({ enum: BULK_ACTIONS, description: 'redrive and discard act on open dead letters, the others on sagas' })
  @IsIn(BULK_ACTIONS)
  action!: BulkSagaAction | BulkLetterAction;

  @ApiPropertyOptional({
    oneOf: [{ $ref: getSchemaPath(SagaCriteria) }, { $ref: getSchemaPath(DeadLetterCriteria) }],
    description: 'The filters of GET /v1/sagas, or of GET /v1/dead-letters; at least one. Instead of ids',
  })
  @IsOptional()
  @IsObject()
  where?: object;

  @ApiPropertyOptional({
    type: [String],
    format: 'uuid',
    maxItems: MOST_IDS,
    description: 'Instead of where: the sagas or dead letters',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_IDS)
  @IsUUID('all', { each: true })
  @Transform(({ value }) => (Array.isArray(value) ? value.map(lowerCased) : (value as unknown)))
  ids?: string[];

  @ApiPropertyOptional({ minimum: 1, example: 22, description: 'How many must match; any other number is a 409' })
  @IsOptional()
  @IsInt()
  @Min(1)
  expect?: number;

  @ApiPropertyOptional({
    minimum: 1,
    example: 1,
    description: 'After this many it waits, and goes on when all of them have ended as meant',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  canary?: number;

  @ApiPropertyOptional({ minimum: 1, maximum: 200, default: DEFAULT_RATE })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(200)
  ratePerSecond: number = DEFAULT_RATE;

  @ApiPropertyOptional({ default: false, description: 'Pause when one fails, or comes to another end than was meant' })
  @IsOptional()
  @IsBoolean()
  stopOnFailure: boolean = false;

  @ApiPropertyOptional({ default: false, description: 'Only find out what would be done' })
  @IsOptional()
  @IsBoolean()
  dryRun: boolean = false;

  @ApiPropertyOptional({
    minimum: 1,
    maximum: 1_000,
    example: 1,
    description: 'For resume: the most tries before a saga pauses again; by default the definition decides',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000)
  attempts?: number;

  @ApiPropertyOptional({ example: 'capture', description: 'For resolve and skip: the step' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  step?: string;

  @ApiPropertyOptional({ enum: ['success', 'failure'], description: 'For resolve: whether it took effect' })
  @IsOptional()
  @IsIn(['success', 'failure'])
  outcome?: 'success' | 'failure';

  @ApiPropertyOptional({
    type: Object,
    description: 'For resolve with a success: the reply, where the contract has one',
  })
  @IsOptional()
  @IsObject()
  reply?: object;
}

/** Ids are stored in lower case. */
function lowerCased(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

export class BulkActionsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: BULK_ACTION_STATUSES })
  @IsOptional()
  @IsIn(BULK_ACTION_STATUSES)
  status?: BulkActionStatus;
}

export class BulkItemsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ITEM_STATUSES })
  @IsOptional()
  @IsIn(ITEM_STATUSES)
  status?: ItemStatus;

  @ApiPropertyOptional({ enum: OUTCOMES, description: 'What became of those that are done' })
  @IsOptional()
  @IsIn(OUTCOMES)
  outcome?: ItemOutcome;
}

/** What is asked for. Throws 400 or 422 for fields that are wrong, or that do not fit the action. */
export async function orderOf(request: BulkActionRequest, filters: SagaFilters, now: number): Promise<BulkOrder> {
  const { action, where, ids } = request;
  if ((where === undefined) === (ids === undefined)) throw unfit('where', 'or ids must be given, and not both');
  // A filter that is null is a missing one.
  if (where && Object.values(where).every((value) => value === null))
    throw unfit('where', 'must name at least one filter; nothing is done to all at once');
  if (isLetterAction(action)) {
    expectAbsent(request, ['attempts', 'step', 'outcome', 'reply']);
    const criteria = where && (await readFilters(where, DeadLetterCriteria, 'where.'));
    return { on: 'dead-letters', action, where: criteria && filterOf(criteria, now) };
  }
  return { on: 'sagas', ...sagaOrderOf(action, request), where: where && (await filters.read(where, 'where.')) };
}

function sagaOrderOf(action: BulkSagaAction, request: BulkActionRequest): SagaOrder {
  const { attempts, step, outcome, reply } = request;
  if (action !== 'resume') expectAbsent(request, ['attempts']);
  if (action !== 'resolve') expectAbsent(request, ['outcome', 'reply']);
  if (action !== 'resolve' && action !== 'skip') {
    expectAbsent(request, ['step']);
    return action === 'resume' ? { action, attempts } : { action };
  }
  if (step === undefined) throw unfit('step', `must name the step to ${action}`);
  if (action === 'skip') return { action, step };
  if (outcome === undefined) throw unfit('outcome', 'must say whether the step took effect');
  return { action, step, outcome, reply };
}

function isLetterAction(action: BulkSagaAction | BulkLetterAction): action is BulkLetterAction {
  return (BULK_LETTER_ACTIONS as readonly string[]).includes(action);
}

function expectAbsent(
  request: BulkActionRequest,
  fields: readonly ('attempts' | 'step' | 'outcome' | 'reply')[],
): void {
  for (const field of fields)
    if (request[field] !== undefined) throw unfit(field, `does not belong to ${request.action}`);
}

function unfit(field: string, problem: string): Problem {
  return invalidRequest([{ field, problem }], 422);
}
