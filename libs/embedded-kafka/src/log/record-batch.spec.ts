import { recordBatchOf } from '../../test/conformance/record-batch-of';
import { ErrorCode } from '../wire/error-code';
import { crc32c } from '../storage/crc32c';
import { isIntactBatch, placeBatch, readBatchHeader, refusalOf } from './record-batch';

const limitBytes = 10_000;

describe('crc32c', () => {
  it('CRC-32C yields the standard’s check value at any alignment', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.from('__123456789_'), 2, 11)).toBe(0xe3069283);
  });
});

describe('a record batch', () => {
  it('stays valid when it gets its offset', () => {
    const batch = recordBatchOf(['a', 'b', 'c']);
    placeBatch(batch, 2 ** 40 + 3);
    expect(isIntactBatch(batch)).toBe(true);
    expect(readBatchHeader(batch)).toMatchObject({ baseOffset: 2 ** 40 + 3, lastOffsetDelta: 2, recordCount: 3 });
  });

  it('accepts a complete record batch', () => {
    expect(refusalOf(recordBatchOf(['a']), limitBytes)).toBe(ErrorCode.none);
  });

  const damaged = recordBatchOf(['precious']);
  damaged[70]! ^= 1;
  const oldFormat = recordBatchOf(['a']);
  oldFormat[16] = 1;
  it.each([
    ['a changed byte', damaged, ErrorCode.corruptMessage],
    ['a missing end', recordBatchOf(['a', 'b']).subarray(0, -1), ErrorCode.corruptMessage],
    ['nothing', Buffer.alloc(0), ErrorCode.corruptMessage],
    ['an old message format', oldFormat, ErrorCode.unsupportedForMessageFormat],
    ['two batches at once', Buffer.concat([recordBatchOf(['a']), recordBatchOf(['b'])]), ErrorCode.invalidRecord],
    ['a transaction', recordBatchOf(['a'], { attributes: 0x10 }), ErrorCode.invalidRecord],
    ['a control batch', recordBatchOf(['a'], { attributes: 0x20 }), ErrorCode.invalidRecord],
    ['too many bytes', recordBatchOf(['v'.repeat(limitBytes)]), ErrorCode.messageTooLarge],
  ])('is rejected for %s', (_, bytes, error) => {
    expect(refusalOf(bytes, limitBytes)).toBe(error);
  });
});
