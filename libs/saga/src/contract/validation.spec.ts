import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
  Validate,
  ValidateNested,
} from 'class-validator';
import { schemaOf, violations } from './validation';

class Line {
  @IsString() sku!: string;
  @IsInt() @Min(1) quantity!: number;
}

class Basket {
  @IsUUID() id!: string;
  @ValidateNested({ each: true }) @ArrayMinSize(1) @Type(() => Line) lines!: Line[];
  @IsOptional() @IsString() @MaxLength(5) note?: string;
}

const id = '0190a7d4-0000-7000-8000-000000000000';

describe('a payload class', () => {
  it('accepts valid values and unknown fields', () => {
    expect(violations(Basket, { id, lines: [{ sku: 'A', quantity: 1 }], later: true })).toEqual([]);
  });

  it('names each wrong field by its path', () => {
    expect(
      violations(Basket, { id: 'x', lines: [{ sku: 'A', quantity: 0 }, { quantity: 1.5 }], note: 'too long' }),
    ).toEqual(
      expect.arrayContaining([
        { field: 'id', problem: expect.stringContaining('format') },
        { field: 'lines[0].quantity', problem: 'must be >= 1' },
        { field: 'lines[1].sku', problem: 'is missing' },
        { field: 'lines[1].quantity', problem: 'must be integer' },
        { field: 'note', problem: expect.stringContaining('5 characters') },
      ]),
    );
  });

  it('reports few violations of a value that has tens of thousands', () => {
    const lines = Array.from({ length: 85_000 }, () => ({}));
    expect(violations(Basket, { id, lines })).toHaveLength(1);
    expect(violations(Basket, { id, lines: lines.slice(0, 500) })).toHaveLength(20);
    class Bounded {
      @ValidateNested({ each: true }) @ArrayMaxSize(50) @Type(() => Line) lines!: Line[];
    }
    const problem = expect.stringContaining('more than 50 items');
    expect(violations(Bounded, { lines })).toEqual([{ field: 'lines', problem }]);
  });

  it('is rejected when a rule has no JSON Schema, so that no rule is skipped silently', () => {
    class Custom {
      @Validate(
        class {
          validate(): boolean {
            return false;
          }
        },
      )
      field!: string;
    }
    expect(() => schemaOf(Custom)).toThrow(/Custom\.field has no JSON Schema/);
  });

  it('is rejected when it has no rules', () => {
    expect(() => schemaOf(class Bare {})).toThrow('Bare has no class-validator rules');
  });
});
