import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  ArrayMinSize,
  Equals,
  IsDate,
  IsEmpty,
  IsIn,
  IsInt,
  IsISBN,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
  MinDate,
  Validate,
  ValidateNested,
} from 'class-validator';
import { assertDeclares, schemaOf, violations } from './validation';

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

describe('the validation of payloads', () => {
  it('a payload class accepts valid values and unknown fields', () => {
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

  it('limits the reported violations of a value that has tens of thousands', () => {
    const lines = Array.from({ length: 85_000 }, () => ({}));
    expect(violations(Basket, { id, lines })).toHaveLength(1);
    expect(violations(Basket, { id, lines: lines.slice(0, 500) })).toHaveLength(20);
    class Bounded {
      @ValidateNested({ each: true }) @ArrayMaxSize(50) @Type(() => Line) lines!: Line[];
    }
    const problem = expect.stringContaining('more than 50 items');
    expect(violations(Bounded, { lines })).toEqual([{ field: 'lines', problem }]);
  });

  it('a payload class is rejected when a rule has no JSON Schema, so that no rule is skipped silently', () => {
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

  const withRule = (...rules: PropertyDecorator[]): new () => object => {
    class Field {
      declare value: unknown;
    }
    for (const rule of rules) rule(Field.prototype, 'value');
    return Field;
  };

  it.each([
    [
      '@IsDate()',
      IsDate(),
      /isDate on Field\.value needs a Date, which JSON does not have; declare a string with @IsISO8601/,
    ],
    ['@MinDate()', MinDate(new Date()), /minDate on Field\.value needs a Date/],
    ['a format that is not checked', IsISBN(), /isIsbn on Field\.value has no JSON Schema; use another rule/],
    ['values of several types', IsIn(['a', 1]), /isIn on Field\.value has no JSON Schema/],
    ['an object to be equal to', Equals({}), /equals on Field\.value has no JSON Schema/],
    ['a rule whose schema does not compile', IsEmpty(), /rules of Field make no JSON Schema: .*nullable/],
  ])('a payload class is rejected for %s, which would never pass or never be checked', (_what, rule, message) => {
    expect(() => assertDeclares(withRule(rule))).toThrow(message);
  });

  it.each([
    [
      'a string and a number',
      [IsString(), IsInt()],
      /fits both isInt \(number\) and isString \(string\)|fits both isString/,
    ],
    ['a string that is a list', [IsString(), ArrayMinSize(1)], /on Field\.value; remove one of them/],
    ['one string and each string', [MaxLength(5), IsString({ each: true })], /on Field\.value; remove one of them/],
  ])('a payload class is rejected when a field must be %s, because no value fits', (_what, rules, message) => {
    expect(() => assertDeclares(withRule(...rules))).toThrow(message);
  });

  it('a payload class is rejected when one of its fields has no rule, also when another class nests it', () => {
    class Half {
      @IsString() name!: string;
      price!: number;
    }
    class Outer {
      @ValidateNested() @Type(() => Half) half!: Half;
    }
    const message = 'Half.price has no class-validator rule, so it would never be checked; decorate it, with @Allow()';
    expect(() => assertDeclares(Half)).toThrow(message);
    expect(() => assertDeclares(Outer)).toThrow(message);
  });

  it('a payload class accepts a field that may hold anything, and a class whose constructor takes arguments', () => {
    class Open {
      @Allow() anything: unknown;
      @IsString() name: string;

      constructor(of: { name: string }) {
        this.name = of.name;
      }
    }
    expect(() => assertDeclares(Open)).not.toThrow();
    expect(violations(Open, { anything: { a: 1 }, name: 'x' })).toEqual([]);
  });

  it('a payload class requires integers for any order of its rules', () => {
    class Counts {
      @Min(1) @IsInt() after!: number;
      @IsInt() @Min(1) before!: number;
      @Min(1, { each: true }) @IsInt({ each: true }) each!: number[];
    }
    expect(violations(Counts, { after: 1.5, before: 1.5, each: [1.5] })).toHaveLength(3);
    expect(violations(Counts, { after: 1, before: 1, each: [1] })).toEqual([]);
  });

  it('a payload class is rejected when it has no rules', () => {
    expect(() => schemaOf(class Bare {})).toThrow('Bare has no class-validator rules');
  });
});
