import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min, ValidateNested } from 'class-validator';
import { validRequest } from './valid-request';

class Line {
  @IsInt()
  @Min(1)
  @Max(100)
  quantity!: number;
}

class Page {
  @IsOptional()
  @IsInt()
  limit?: number;

  @IsOptional()
  @IsIn(['id', 'age'], { each: true })
  sort?: string[];

  @ValidateNested({ each: true })
  @Type(() => Line)
  lines: Line[] = [];
}

const read = (value: unknown): Promise<unknown> => validRequest.transform(value, { type: 'body', metatype: Page });

describe('a request', () => {
  it('is converted to its class, an optional field that is null to a missing one', async () => {
    expect(await read({ limit: 3, lines: [{ quantity: 1 }] })).toEqual({ limit: 3, lines: [{ quantity: 1 }] });
    expect(await read({ limit: null })).toEqual({ lines: [] });
  });

  it('is refused with one problem for each field that is wrong, unknown or missing', async () => {
    const body = { limit: 'three', size: 4, lines: [{ quantity: 1 }, { quantity: 0.5 }, 'cup', {}] };
    await expect(read(body)).rejects.toMatchObject({
      code: 'invalid-request',
      errors: [
        { field: 'size', problem: 'is not known' },
        { field: 'limit', problem: 'must be an integer number' },
        { field: 'lines[1].quantity', problem: 'must be an integer number' },
        { field: 'lines[2]', problem: 'must be an object' },
        { field: 'lines[3].quantity', problem: 'must be an integer number' },
      ],
    });
  });

  it.each(['{ "constructor": 1 }', '{ "__proto__": { "limit": 3 } }', '{ "toString": null }'])(
    'is refused with a field that every object has: %s',
    async (body) => {
      const [field] = Object.keys(JSON.parse(body) as object);
      await expect(read(JSON.parse(body))).rejects.toMatchObject({ errors: [{ field, problem: 'is not known' }] });
    },
  );

  it('names the possible values of a list whose item is none of them', async () => {
    await expect(read({ sort: ['size'] })).rejects.toMatchObject({
      errors: [{ field: 'sort', problem: 'must be one of the following values: id, age' }],
    });
  });
});
