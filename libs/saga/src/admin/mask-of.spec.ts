import { IsString } from 'class-validator';
import { defineCommand, defineSignal, Sensitive } from '../contract';
import { DefinitionRegistry, defineSaga } from '../definition';
import { maskedReply } from './mask-of';

class Guest {
  @IsString() room!: string;
}
class Passport {
  @Sensitive() @IsString() number!: string;
}

const book = defineCommand('hotel.book', { payload: Guest, reply: Passport });
const passport = defineSignal('passport', { payload: Passport });
const stay = defineSaga({ name: 'stay', version: 1, input: Guest })
  .wait('passport', { signal: passport, timeout: '1d', otherwise: () => ({ number: '' }) })
  .retriable('book', { invoke: book, payload: ({ input }) => input, timeout: '1d' })
  .build();
const registry = new DefinitionRegistry([stay]);

describe('the masked reply of a bulk action that resolves a step', () => {
  it.each(['book', 'passport'])('has no sensitive value of the command or the signal of %s', (step) => {
    expect(maskedReply(registry, step, { number: 'C01X', room: '12' })).toEqual({ number: 'X11X', room: '12' });
  });

  it('is masked whole when no definition has the step', () => {
    expect(maskedReply(registry, 'leave', { number: 'C01X', room: '12' })).toEqual({ number: 'X11X', room: '11' });
  });
});
