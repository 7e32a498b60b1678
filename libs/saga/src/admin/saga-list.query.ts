import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { IsId, MayBeId } from '../contract';
import { CAUSES, PAUSE_REASONS, SAGA_STATUSES } from '../engine';
import { PageQuery } from './page';
import { noControlCharacters } from './no-control-characters';

export const STATUSES = SAGA_STATUSES;
export const SORTS = ['newest', 'oldest'] as const;

const MOST_VALUES = 20;
/** A time zone is required: without one, PostgreSQL would take its own. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/;

interface Filter {
  readonly description: string;
  /** The only values there are. */
  readonly values?: readonly string[];
  readonly example?: readonly string[];
}

/** Declares a filter that takes several values: `status=PAUSED&status=RUNNING` or `status=PAUSED,RUNNING`. */
function Several({ description, ...filter }: Filter): PropertyDecorator {
  const described = `${description}; several are separated by commas, or repeated`;
  return listFilter({ description: described, ...filter }, (text) => text.split(','));
}

/** Declares a filter that may be repeated. */
function Repeated(filter: Filter): PropertyDecorator {
  return listFilter(filter, (text) => [text]);
}

function listFilter({ description, values, example }: Filter, split: (text: string) => string[]): PropertyDecorator {
  const shown = { description, ...(example && { example: [...example] }) };
  const [pattern, options] = noControlCharacters;
  return applyDecorators(
    values
      ? ApiPropertyOptional({ ...shown, enum: [...values], isArray: true })
      : ApiPropertyOptional({ ...shown, type: [String] }),
    Transform(({ value }: { value: unknown }) => partsOf(value, split)),
    IsOptional(),
    ArrayMinSize(1),
    ArrayMaxSize(MOST_VALUES),
    ...(values
      ? [IsIn(values, { each: true })]
      : [IsString({ each: true }), Length(1, 512, { each: true }), Matches(pattern, { ...options, each: true })]),
  );
}

function partsOf(value: unknown, split: (text: string) => string[]): unknown {
  if (!Array.isArray(value)) return typeof value === 'string' ? split(value) : value;
  return value.flatMap((each: unknown) => (typeof each === 'string' ? split(each) : each));
}

/** Declares a filter that is true or false, as text in a query and as JSON in a bulk action. */
function YesOrNo(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: Boolean, description }),
    Transform(({ value }: { value: unknown }) => (typeof value === 'boolean' ? String(value) : value)),
    IsOptional(),
    IsIn(['true', 'false']),
  );
}

/** Declares a filter by an instant. */
function Instant(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ format: 'date-time', description }),
    IsOptional(),
    IsISO8601({ strict: true }, { message: '$property must be an instant that exists' }),
    Matches(INSTANT, { message: '$property must be an instant, such as 2026-11-30T09:30:00Z' }),
  );
}

/** Which sagas are meant: those that fit every filter that is given. */
export class SagaCriteria {
  @Several({ values: STATUSES, description: 'Its status' })
  status?: (typeof STATUSES)[number][];

  @ApiPropertyOptional({ description: 'Name of the definition', example: 'place-order' })
  @IsOptional()
  @IsString()
  @Length(1, 512)
  @Matches(...noControlCharacters)
  definition?: string;

  @ApiPropertyOptional({ minimum: 0, description: 'Version of the definition, which must be named too' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(2 ** 31 - 1)
  version?: number;

  @ApiPropertyOptional({ description: 'Business key, such as an order id' })
  @MayBeId()
  @IsOptional()
  @IsString()
  @Length(1, 512)
  @Matches(...noControlCharacters)
  subject?: string;

  @ApiPropertyOptional({
    description:
      'The beginning of the id or of the business key, four characters or more; the beginning of the id of one of its commands or dead letters, eight or more; or a whole value of any search attribute',
    example: '01a22c3a',
  })
  @IsOptional()
  @IsString()
  @Length(4, 512)
  @Matches(...noControlCharacters)
  q?: string;

  @Repeated({
    description:
      'A search attribute with its whole value, as name:value; repeated, all must fit. A sensitive value is compared by its hash',
    example: ['customerId:ada'],
  })
  @Matches(/^[^:]+:./su, { each: true, message: '$property must be a name and a value, such as customerId:ada' })
  attribute?: string[];

  @Several({ values: PAUSE_REASONS, description: 'Why it is paused' })
  reason?: (typeof PAUSE_REASONS)[number][];

  @Several({ values: CAUSES, description: 'Why it is, or was, compensated' })
  cause?: (typeof CAUSES)[number][];

  @Several({
    description: 'The step at which it stands; of a saga that is COMPENSATED, the step that caused it',
    example: ['capture'],
  })
  step?: string[];

  @Several({ description: 'The service of that step', example: ['payment'] })
  service?: string[];

  @Instant('Started at this instant or later')
  startedAfter?: string;

  @Instant('Started before this instant')
  startedBefore?: string;

  @Instant('Ended at this instant or later')
  endedAfter?: string;

  @Instant('Ended before this instant')
  endedBefore?: string;

  @YesOrNo('Whether it needs a person or a release: PAUSED, held, or overdue for more than a minute')
  stuck?: 'true' | 'false';

  @YesOrNo('Whether one of its steps waits for a hold to end')
  held?: 'true' | 'false';

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of an incident' })
  @IsOptional()
  @IsId()
  incident?: string;
}

/** Filters of sagas, and their order. */
export class SagaListQuery extends IntersectionType(PageQuery, SagaCriteria) {
  @ApiPropertyOptional({
    enum: SORTS,
    default: 'newest',
    description: 'By their start; with endedAfter or endedBefore, by their end',
  })
  @IsOptional()
  @IsIn(SORTS)
  sort: (typeof SORTS)[number] = 'newest';
}
