import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { cursorAfter, idOf } from './cursor';

const DEFAULT_LIMIT = 50;

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

/** Returns a page of what `read` finds after an id; reads one item more to know whether there is a next page. */
export async function pageOf<Item extends { id: string }>(
  { cursor, limit = DEFAULT_LIMIT }: PageQuery,
  read: (after: string | undefined, limit: number) => Promise<readonly Item[]>,
): Promise<Page<Item>> {
  const after = cursor === undefined ? undefined : idOf(cursor);
  const found = await read(after, limit + 1);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(found.length > limit && last ? { nextCursor: cursorAfter(last.id) } : {}) };
}
