import * as fc from 'fast-check';
import { commandDigest, tombstoneDigest } from './command-digest';

const command = {
  type: 'payment.authorize.v1',
  sagaid: '0190a7d4-0000-7000-8000-00000000beef',
  sagastep: 'payment',
  sagadirection: 'action',
  undoes: undefined,
  data: { orderId: 'o-1', amountCents: 69_000 },
} as const;

describe('commandDigest', () => {
  it('the digest of a command is equal for the same command in another order of fields, sent later and for another attempt', () => {
    const again = {
      ...command,
      data: { amountCents: 69_000, orderId: 'o-1', none: undefined },
      time: 'later',
      sagaattempt: 2,
    };
    expect(commandDigest(again)).toEqual(commandDigest(command));
  });

  it('the digest of a command is equal before and after JSON for any data', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        const sent = JSON.parse(JSON.stringify({ ...command, data })) as typeof command;
        expect(commandDigest(sent)).toEqual(commandDigest({ ...command, data }));
      }),
    );
  });

  it.each([
    ['type', { type: 'payment.void.v1' }],
    ['saga', { sagaid: '0190a7d4-0000-7000-8000-00000000cafe' }],
    ['step', { sagastep: 'deposit' }],
    ['direction', { sagadirection: 'compensation' as const }],
    ['undone command', { undoes: '0190a7d4-0000-7000-8000-00000000beef' }],
    ['amount', { data: { ...command.data, amountCents: 1 } }],
    ['kind of a value', { data: { ...command.data, amountCents: '69000' } }],
    ['fields', { data: { ...command.data, more: null } }],
    ['data altogether', { data: undefined }],
  ])('the digest of a command differs for another %s', (_what, other) => {
    expect(commandDigest({ ...command, ...other })).not.toEqual(commandDigest(command));
  });

  it('the digest of a command distinguishes a list from its items and from a text', () => {
    const digests = [[['a', 'b']], ['a', 'b'], '["a","b"]', { 0: 'a', 1: 'b' }].map((data) =>
      commandDigest({ ...command, data }).toString('hex'),
    );
    expect(new Set(digests).size).toBe(4);
  });

  it('the digest of a command names the saga and the step for a tombstone', () => {
    expect(tombstoneDigest(command)).toEqual(tombstoneDigest({ ...command }));
    expect(tombstoneDigest(command)).not.toEqual(tombstoneDigest({ ...command, sagastep: 'deposit' }));
    expect(tombstoneDigest(command)).not.toEqual(commandDigest(command));
  });
});
