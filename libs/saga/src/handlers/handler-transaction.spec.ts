import { RecordingLog } from '../../test/recording-log';
import { ConfigurationError } from '../contract';
import { currentTransaction } from './handler-transaction';

describe('the transaction setting', () => {
  const log = new RecordingLog();
  beforeEach(() => void log.lines.splice(0));

  it.each(['per-command', 'per-batch'] as const)('accepts %s without a warning', (transaction) => {
    expect(currentTransaction(transaction, 'per-command', 'The handler of shop.act', log)).toBe(transaction);
    expect(log.lines).toEqual([]);
  });

  it.each([
    ['own', 'per-command'],
    ['shared', 'per-batch'],
  ] as const)('accepts the former value %s as %s and warns about it', (former, current) => {
    expect(currentTransaction(former, 'per-command', 'The handler of shop.act', log)).toBe(current);
    expect(log.lines).toEqual([
      `The handler of shop.act has transaction: '${former}', which is deprecated; use transaction: '${current}'.`,
    ]);
  });

  it('uses per-event instead of per-command for a subscriber', () => {
    expect(currentTransaction('own', 'per-event', 'The subscriber readers', log)).toBe('per-event');
  });

  it('rejects any other value and names the values it accepts', () => {
    const wrong = 'pre-batch' as 'per-batch';
    expect(() => currentTransaction(wrong, 'per-command', 'The handler of shop.act', log)).toThrow(
      new ConfigurationError("The handler of shop.act has transaction: 'pre-batch'; use 'per-command' or 'per-batch'."),
    );
  });
});
