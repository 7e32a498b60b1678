import { IsString } from 'class-validator';
import { ConfigurationError } from './errors';
import { defineEvent } from './event';

class Payload {
  @IsString() id!: string;
}
class Bare {
  id!: string;
}

const subject = ({ id }: { id: string }): string => id;

describe('defineEvent', () => {
  it('an event belongs to the service that its name begins with', () => {
    expect(defineEvent('stock.low', { payload: Payload, subject }).service).toBe('stock');
  });

  it('an event has version 1 by default', () => {
    expect(defineEvent('stock.low', { payload: Payload, subject }).type).toBe('stock.low.v1');
  });

  it('an event carries its version in its type', () => {
    expect(defineEvent('stock.low', { payload: Payload, subject, version: 2 }).type).toBe('stock.low.v2');
  });

  it('an event takes its business key from its payload', () => {
    expect(defineEvent('stock.low', { payload: Payload, subject }).subject({ id: 'cup' })).toBe('cup');
  });

  it('an event cannot be changed', () => {
    expect(Object.isFrozen(defineEvent('stock.low', { payload: Payload, subject }))).toBe(true);
  });

  it.each(['low', 'Stock.low', 'stock.low.now', 'stock.', '.low', 'stock low'])(
    'an event cannot be named "%s"',
    (name) => {
      expect(() => defineEvent(name, { payload: Payload, subject })).toThrow(ConfigurationError);
    },
  );

  it('explains in the error how to name an event', () => {
    expect(() => defineEvent('placed', { payload: Payload, subject })).toThrow(
      '"placed" is not an event name; write <service>.<what-happened>, such as order.placed.',
    );
  });

  it('an event requires rules for its payload', () => {
    expect(() => defineEvent('stock.low', { payload: Bare, subject })).toThrow('Bare has no class-validator rules');
  });
});
