import { Type } from 'class-transformer';
import { IsInt, IsObject, IsOptional, IsString, IsUUID, ValidateIf, ValidateNested } from 'class-validator';
import * as fc from 'fast-check';
import { canonicalData } from './canonical-data';
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

describe('canonicalData, nulls', () => {
  it('a null in an optional field is removed at any depth that the class describes', () => {
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
    expect(canonicalData(Order, given)).toEqual({
      id: 'o-1',
      line: { sku: 'A' },
      lines: [{ sku: 'B', note: 'x' }, { sku: 'C' }],
    });
    expect(given.floor).toBeNull();
  });

  it('a null in an optional field is kept in required fields and in objects that the class does not describe', () => {
    const given = { id: null, free: { a: null } };
    expect(canonicalData(Order, given)).toBe(given);
    expect(violations(Order, given)).toMatchObject([{ field: 'id' }]);
  });

  it('a null in an optional field is removed without changing the class of the value', () => {
    expect(canonicalData(Order, Object.assign(new Order(), { id: 'o-1', line: null }))).toBeInstanceOf(Order);
  });

  it('a null in an optional field is removed without changing whether the value is valid', () => {
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

class Parcel {
  @IsUUID() id!: string;
  @IsUUID(undefined, { each: true }) parts!: string[];
  @IsString() note!: string;
  @IsOptional() @ValidateNested({ each: true }) @Type(() => Parcel) inside?: Parcel[];
}

describe('canonicalData, UUIDs', () => {
  const id = '019b76da-a800-7000-8000-00000000000a';
  const big = id.toUpperCase();

  it('a UUID is written in lower case at any depth that the class describes', () => {
    const given = { id: big, parts: [id, big], note: big, inside: [{ id: big, parts: [], note: '' }] };
    expect(canonicalData(Parcel, given)).toEqual({
      id,
      parts: [id, id],
      note: big,
      inside: [{ id, parts: [], note: '' }],
    });
    expect(given.id).toBe(big);
  });

  it('a UUID in lower case, and text that is not a UUID, is unchanged', () => {
    for (const given of [
      { id, parts: [id], note: 'X' },
      { id: 'NONE', parts: 7, note: null },
    ])
      expect(canonicalData(Parcel, given as Parcel)).toBe(given);
  });
});
