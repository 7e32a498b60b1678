import { Type } from 'class-transformer';
import { IsInt, IsObject, IsOptional, IsString, ValidateIf, ValidateNested } from 'class-validator';
import * as fc from 'fast-check';
import { withoutNulls } from './absent-fields';
import { violations } from './validation';

class Line {
  @IsString() sku!: string;
  @IsOptional() @IsString() note?: string | null;
}

class Order {
  @IsString() id!: string;
  @IsOptional() @IsInt() floor?: number | null;
  @IsOptional() @IsObject() free?: object | null;
  @ValidateIf(() => true) @IsOptional() @IsString() both?: string | null;
  @IsOptional() @ValidateNested() @Type(() => Line) line?: Line | null;
  @IsOptional() @ValidateNested({ each: true }) @Type(() => Line) lines?: Line[] | null;
}

describe('a null in an optional field', () => {
  it('is left out, at any depth that the class describes', () => {
    const given = {
      id: 'o-1',
      floor: null,
      both: null,
      line: { sku: 'A', note: null },
      lines: [
        { sku: 'B', note: 'x' },
        { sku: 'C', note: null },
      ],
    };
    expect(withoutNulls(Order, given)).toEqual({
      id: 'o-1',
      line: { sku: 'A' },
      lines: [{ sku: 'B', note: 'x' }, { sku: 'C' }],
    });
    expect(given.floor).toBeNull();
  });

  it('stays inside of an object that the class does not describe, and in required fields', () => {
    const given = { id: null, free: { a: null } };
    expect(withoutNulls(Order, given)).toBe(given);
    expect(violations(Order, given)).toMatchObject([{ field: 'id' }]);
  });

  it('leaves the class of the value as it is', () => {
    expect(withoutNulls(Order, Object.assign(new Order(), { id: 'o-1', line: null }))).toBeInstanceOf(Order);
  });

  it('never changes whether a value is valid: null counts as missing for every optional field', () => {
    const line = fc.record({ sku: fc.string(), note: fc.option(fc.string()) }, { requiredKeys: ['sku'] });
    const order = fc.record(
      {
        id: fc.string(),
        floor: fc.option(fc.integer()),
        free: fc.option(fc.object()),
        both: fc.option(fc.string()),
        line: fc.option(line),
        lines: fc.option(fc.array(line)),
      },
      { requiredKeys: ['id'] },
    );
    fc.assert(fc.property(order, (value) => violations(Order, value).length === 0));
  });
});
