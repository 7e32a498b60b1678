import { recordBatchOf } from '../../test/conformance/record-batch-of';
import { ErrorCode } from '../wire/error-code';
import { ProducerLedger } from './producer-ledger';
import { readBatchHeader } from './record-batch';
import type { BatchHeader } from './record-batch';

const day = 24 * 60 * 60 * 1000;

function batch(baseSequence: number, records = 2, producerEpoch = 0): BatchHeader {
  return readBatchHeader(recordBatchOf(Array(records).fill('v'), { producerId: 9, producerEpoch, baseSequence }));
}

describe('the producer ledger', () => {
  let ledger: ProducerLedger;
  beforeEach(() => {
    ledger = new ProducerLedger();
    for (const [at, sequence] of [0, 2, 4, 6, 8, 10].entries()) ledger.note(batch(sequence), 100 + at * 2, 0);
  });

  it('takes the next sequence', () => {
    expect(ledger.judge(batch(12))).toEqual({ kind: 'append' });
  });

  it('knows the last five batches again', () => {
    expect(ledger.judge(batch(10))).toEqual({ kind: 'duplicate', baseOffset: 110 });
    expect(ledger.judge(batch(2))).toEqual({ kind: 'duplicate', baseOffset: 102 });
    expect(ledger.judge(batch(0))).toEqual({ kind: 'refused', error: ErrorCode.outOfOrderSequence });
  });

  it('refuses a gap and an old epoch', () => {
    expect(ledger.judge(batch(14))).toEqual({ kind: 'refused', error: ErrorCode.outOfOrderSequence });
    ledger.note(batch(0, 1, 3), 120, 0);
    expect(ledger.judge(batch(12))).toEqual({ kind: 'refused', error: ErrorCode.invalidProducerEpoch });
  });

  it('lets a new epoch begin at 0 only', () => {
    expect(ledger.judge(batch(0, 2, 1))).toEqual({ kind: 'append' });
    expect(ledger.judge(batch(12, 2, 1))).toEqual({ kind: 'refused', error: ErrorCode.outOfOrderSequence });
  });

  it('goes on at 0 after the last sequence there is', () => {
    ledger.note(batch(0x7ffffffe, 2, 1), 200, 0);
    expect(ledger.judge(batch(0, 1, 1))).toEqual({ kind: 'append' });
  });

  it('forgets a producer that was silent for a day', () => {
    ledger.forgetSilent(day + 1);
    expect(ledger.judge(batch(50))).toEqual({ kind: 'append' });
  });

  it('does not judge producers without an id', () => {
    const plain = readBatchHeader(recordBatchOf(['v']));
    ledger.note(plain, 0, 0);
    expect(ledger.judge(plain)).toEqual({ kind: 'append' });
  });
});
