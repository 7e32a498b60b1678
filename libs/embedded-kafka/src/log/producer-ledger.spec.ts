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

  it('accepts the next sequence', () => {
    expect(ledger.classify(batch(12))).toEqual({ kind: 'append' });
  });

  it('recognizes duplicates of the last five batches', () => {
    expect(ledger.classify(batch(10))).toEqual({ kind: 'duplicate', baseOffset: 110 });
    expect(ledger.classify(batch(2))).toEqual({ kind: 'duplicate', baseOffset: 102 });
    expect(ledger.classify(batch(0))).toEqual({ kind: 'refused', error: ErrorCode.outOfOrderSequence });
  });

  it('rejects a gap and an old epoch', () => {
    expect(ledger.classify(batch(14))).toEqual({ kind: 'refused', error: ErrorCode.outOfOrderSequence });
    ledger.note(batch(0, 1, 3), 120, 0);
    expect(ledger.classify(batch(12))).toEqual({ kind: 'refused', error: ErrorCode.invalidProducerEpoch });
  });

  it('accepts a new epoch only from sequence 0', () => {
    expect(ledger.classify(batch(0, 2, 1))).toEqual({ kind: 'append' });
    expect(ledger.classify(batch(12, 2, 1))).toEqual({ kind: 'refused', error: ErrorCode.outOfOrderSequence });
  });

  it('continues at 0 after the highest possible sequence', () => {
    ledger.note(batch(0x7ffffffe, 2, 1), 200, 0);
    expect(ledger.classify(batch(0, 1, 1))).toEqual({ kind: 'append' });
  });

  it('forgets a producer after a day without messages', () => {
    ledger.forgetSilent(day + 1);
    expect(ledger.classify(batch(50))).toEqual({ kind: 'append' });
  });

  it('accepts any batch of a producer without an id', () => {
    const plain = readBatchHeader(recordBatchOf(['v']));
    ledger.note(plain, 0, 0);
    expect(ledger.classify(plain)).toEqual({ kind: 'append' });
  });
});
