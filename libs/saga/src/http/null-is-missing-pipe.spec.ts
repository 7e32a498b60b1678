import { IsInt, IsOptional } from 'class-validator';
import { NullIsMissingPipe } from './null-is-missing-pipe';

class Page {
  @IsOptional()
  @IsInt()
  limit?: number;
}

const read = (value: unknown): Promise<unknown> =>
  new NullIsMissingPipe({ transform: true }).transform(value, { type: 'body', metatype: Page });

it('an optional field that is null is passed on as missing', async () => {
  expect(await read({ limit: null })).toEqual({});
  expect(await read({ limit: 3 })).toEqual({ limit: 3 });
  await expect(read({ limit: 'three' })).rejects.toThrow('Bad Request');
});
