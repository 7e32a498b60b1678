import { IsString } from 'class-validator';
import { WiringError } from './errors';
import { defineEvent } from './event';

class Payload {
  @IsString() id!: string;
}
class Bare {
  id!: string;
}

const subject = ({ id }: { id: string }): string => id;

describe('an event', () => {
  it('belongs to the service that its name begins with', () => {
    expect(defineEvent('stock.low', { payload: Payload, subject }).service).toBe('stock');
  });

  it('has version 1 unless told otherwise', () => {
    expect(defineEvent('stock.low', { payload: Payload, subject }).type).toBe('stock.low.v1');
  });

  it('has its version in its type', () => {
    expect(defineEvent('stock.low', { payload: Payload, subject, version: 2 }).type).toBe('stock.low.v2');
  });

  it('is about a business key', () => {
    expect(defineEvent('stock.low', { payload: Payload, subject }).subject({ id: 'cup' })).toBe('cup');
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(defineEvent('stock.low', { payload: Payload, subject }))).toBe(true);
  });

  it.each(['low', 'Stock.low', 'stock.low.now', 'stock.', '.low', 'stock low'])('is not named "%s"', (name) => {
    expect(() => defineEvent(name, { payload: Payload, subject })).toThrow(WiringError);
  });

  it('says how an event is named', () => {
    expect(() => defineEvent('placed', { payload: Payload, subject })).toThrow(
      '"placed" is no event name; write <service>.<what-happened>, such as order.placed.',
    );
  });

  it('needs rules for its payload', () => {
    expect(() => defineEvent('stock.low', { payload: Bare, subject })).toThrow('Bare has no class-validator rules');
  });
});
