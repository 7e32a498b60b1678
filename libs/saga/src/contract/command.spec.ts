import { IsString } from 'class-validator';
import { defineCommand } from './command';
import { ConfigurationError } from './errors';

class Payload {
  @IsString() id!: string;
}
class Bare {}

describe('defineCommand', () => {
  it('a command belongs to the service that its name begins with', () => {
    expect(defineCommand('stock.reserve', { payload: Payload }).service).toBe('stock');
  });

  it('a command has version 1 by default', () => {
    expect(defineCommand('stock.reserve', { payload: Payload }).type).toBe('stock.reserve.v1');
  });

  it('a command carries its version in its type', () => {
    expect(defineCommand('stock.reserve', { payload: Payload, version: 2 }).type).toBe('stock.reserve.v2');
  });

  it('a command declares no refusals by default', () => {
    expect(defineCommand('stock.reserve', { payload: Payload }).refusals).toEqual([]);
  });

  it('a command cannot be changed', () => {
    expect(Object.isFrozen(defineCommand('stock.reserve', { payload: Payload }))).toBe(true);
  });

  it.each(['reserve', 'Stock.reserve', 'stock.reserve.now', 'stock.', '.reserve', 'stock reserve', '1stock.reserve'])(
    'a command cannot be named "%s"',
    (name) => {
      expect(() => defineCommand(name, { payload: Payload })).toThrow(ConfigurationError);
    },
  );

  it('explains in the error how to name a command', () => {
    expect(() => defineCommand('reserve', { payload: Payload })).toThrow(
      '"reserve" is not a command name; write <service>.<verb-noun>, such as inventory.reserve-stock.',
    );
  });

  it.each([0, 1.5, Number.NaN])('a command cannot have the version %s', (version) => {
    expect(() => defineCommand('stock.reserve', { payload: Payload, version })).toThrow(
      new ConfigurationError('The version of stock.reserve must be 1 or more.'),
    );
  });

  it('a command requires rules for its payload', () => {
    expect(() => defineCommand('stock.reserve', { payload: Bare })).toThrow('Bare has no class-validator rules');
  });

  it('a command requires rules for its reply', () => {
    expect(() => defineCommand('stock.reserve', { payload: Payload, reply: Bare })).toThrow(
      'Bare has no class-validator rules',
    );
  });
});
