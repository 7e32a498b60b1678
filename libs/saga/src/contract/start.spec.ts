import { IsString } from 'class-validator';
import { ConfigurationError } from './errors';
import { defineStart } from './start';

class Input {
  @IsString() id!: string;
}

describe('defineStart', () => {
  it.each(['', 'place order', '1st', 'place.order'])('a start cannot name the saga "%s"', (name) => {
    expect(() => defineStart(name, { input: Input, subject: ({ id }) => id })).toThrow(
      new ConfigurationError(`"${name}" is not a saga name; use letters, digits and dashes.`),
    );
  });

  it('a start requires rules for its input', () => {
    class Bare {}
    expect(() => defineStart('place-order', { input: Bare, subject: () => 'x' })).toThrow(
      'Bare has no class-validator rules',
    );
  });
});
