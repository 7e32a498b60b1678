import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { readPage } from '../http';

export const DEFAULT_LIMIT = 50;

/** The requested page of a list. */
export class PageQuery {
  @ApiPropertyOptional({ description: 'nextCursor of the previous page' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  cursor?: string;

  @ApiPropertyOptional({ minimum: 1, maximum: 200, default: DEFAULT_LIMIT })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;
}

export interface Page<Item> {
  items: Item[];
  nextCursor?: string;
}

/** One page of what `read` finds after an id. */
export async function pageOf<Item extends { id: string }>(
  { cursor, limit = DEFAULT_LIMIT }: PageQuery,
  read: (after: string | undefined, limit: number) => Promise<readonly Item[]>,
): Promise<Page<Item>> {
  const { items, next } = await readPage({ cursor, limit }, ({ id }) => id, read);
  return { items, ...(next === undefined ? {} : { nextCursor: next }) };
}
