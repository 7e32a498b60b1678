import { Type } from 'class-transformer';
import { IsArray, IsEmail, IsNumber, IsString, ValidateNested } from 'class-validator';
import { hasSensitiveFields, masked, maskedText, Sensitive, sensitiveTexts, withoutSensitive } from './sensitive';

class Address {
  @IsString() country!: string;
  @Sensitive() @IsString() street!: string;
}
class Person {
  @Sensitive() @IsString() name!: string;
}
class Guest extends Person {
  @IsString() room!: string;
  @Sensitive({ as: 'guest@example.org' }) @IsEmail() email!: string;
  @Sensitive() @IsNumber() income!: number;
  @Sensitive() @IsArray() phones!: string[];
  @ValidateNested() @Type(() => Address) address!: Address;
  @ValidateNested({ each: true }) @Type(() => Address) earlier!: Address[];
}

const guest = {
  name: 'Ærø Ångström-Ng',
  room: 'A 12',
  email: 'ann@hotel.com',
  income: -4210.5,
  phones: ['+45 12 34', '+44 (0)1'],
  address: { country: 'DK', street: 'Søgade 4' },
  earlier: [{ country: 'SE', street: 'Lilla vägen 77b' }],
};

describe('masking', () => {
  it('replaces the letters and digits of sensitive fields, at any depth and of inherited fields', () => {
    expect(masked(Guest, guest)).toEqual({
      name: 'Xxx Xxxxxxxx-Xx',
      room: 'A 12',
      email: 'guest@example.org',
      income: -1111.1,
      phones: ['+11 11 11', '+11 (1)1'],
      address: { country: 'DK', street: 'Xxxxxx 1' },
      earlier: [{ country: 'SE', street: 'Xxxxx xxxxx 11x' }],
    });
  });

  it('leaves the data themselves as they were', () => {
    const before = structuredClone(guest);
    masked(Guest, guest);
    expect(guest).toEqual(before);
  });

  it.each([undefined, null, 'text', 7])('accepts %p in place of the data', (data) => {
    expect(masked(Guest, data)).toBe(data);
  });

  it('does not add fields that are missing', () => {
    expect(masked(Guest, { room: 'B' })).toEqual({ room: 'B' });
  });

  it('marks no field of a class that another one extends', () => {
    expect(masked(Person, { name: 'Ann', email: 'ann@hotel.com' })).toEqual({ name: 'Xxx', email: 'ann@hotel.com' });
  });

  it('changes no text without letters and digits', () => {
    expect(maskedText('— (…)')).toBe('— (…)');
  });

  it('replaces sensitive values where a text quotes them, the longer ones first', () => {
    const texts = sensitiveTexts(Guest, { ...guest, name: 'Anna', email: 'anna@hotel.com', phones: ['Anna 12'] });
    expect(withoutSensitive('Error: Anna 12 of Anna (anna@hotel.com) is not in A 12', texts)).toBe(
      'Error: Xxxx 11 of Xxxx (guest@example.org) is not in A 12',
    );
  });

  it('does not replace values of fewer than four characters, which occur in any text', () => {
    expect(sensitiveTexts(Person, { name: 'Ng' })).toEqual([]);
  });

  it('finds sensitive fields at any depth', () => {
    class Room {
      @IsString() number!: string;
    }
    class Stay {
      @ValidateNested() @Type(() => Guest) guest!: Guest;
    }
    expect([Guest, Stay, Room, undefined].map((type) => hasSensitiveFields(type))).toEqual([true, true, false, false]);
  });
});
