import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { recordBatchOf } from '../../test/conformance/record-batch-of';
import type { BatchOptions } from '../../test/conformance/record-batch-of';
import { ErrorCode } from '../wire/error-code';
import { readBatchHeader } from './record-batch';
import { inflatedMaxBytes, refusalOfBatchRecords } from './record-validation';
import { offsetAtTimestamp } from './timestamp-lookup';

const values = ['first', 'second', 'third'];
const gzip = 1;

function refusalOf(batch: Buffer): ErrorCode | Promise<ErrorCode> {
  return refusalOfBatchRecords(batch, readBatchHeader(batch).recordCount);
}
const refusalOfBatch = (options: BatchOptions): ErrorCode | Promise<ErrorCode> =>
  refusalOf(recordBatchOf(values, options));

/** The text abcdef eight times over, as each codec's reference implementation writes it. */
const frames: readonly (readonly [string, number, string])[] = [
  ['Snappy in one block', 2, '3014616263646566a60600'],
  ['Snappy in blocks of Java', 2, '82534e415050590000000001000000010000000b3014616263646566a60600'],
  ['LZ4', 3, '04224d186840300000000000000092100000006f61626364656606001250626364656600000000'],
  ['LZ4 with checksums', 3, '04224d187440bd100000006f6162636465660600125062636465664865ad69000000003ab80457'],
  ['Zstandard', 4, '28b52ffd24306500003061626364656601000395220c888c19'],
  ['Zstandard without a size', 4, '28b52ffd0000650000306162636465660100039522'],
];

describe('the records of a batch', () => {
  it.each([
    ['plain', {}],
    ['gzip', { attributes: gzip, recordBytes: gzipSync }],
  ])('are accepted when they are intact in %s', (_, options) => {
    expect(refusalOfBatch(options)).toBe(ErrorCode.none);
  });

  it.each<[string, BatchOptions, ErrorCode]>([
    ['the gzip flag without gzip inside', { attributes: gzip }, ErrorCode.invalidRecord],
    [
      'gzip that is cut off',
      { attributes: gzip, recordBytes: (b) => gzipSync(b).subarray(0, -9) },
      ErrorCode.invalidRecord,
    ],
    ['a codec that does not exist', { attributes: 7 }, ErrorCode.unsupportedCompressionType],
    ['fewer records than announced', { recordCount: 4 }, ErrorCode.invalidRecord],
    ['more records than announced', { recordCount: 2 }, ErrorCode.invalidRecord],
    ['two thousand million records', { recordCount: 2 ** 31 - 1 }, ErrorCode.invalidRecord],
    ['no records', { recordBytes: () => Buffer.alloc(0) }, ErrorCode.invalidRecord],
    [
      'a byte after the last record',
      { recordBytes: (b) => Buffer.concat([b, Buffer.alloc(1)]) },
      ErrorCode.invalidRecord,
    ],
    ['the Snappy flag without Snappy inside', { attributes: 2 }, ErrorCode.invalidRecord],
    ['the LZ4 flag without LZ4 inside', { attributes: 3 }, ErrorCode.invalidRecord],
    ['the Zstandard flag without Zstandard inside', { attributes: 4 }, ErrorCode.invalidRecord],
  ])('rejects records with %s', (_, options, error) => {
    expect(refusalOfBatch(options)).toBe(error);
  });

  it('rejects records that decompress beyond the limit, without delaying other requests', async () => {
    const bomb = gzipSync(Buffer.alloc(inflatedMaxBytes + 1));
    const refusal = refusalOfBatch({ attributes: gzip, recordBytes: () => bomb });
    expect(refusal).toBeInstanceOf(Promise);
    expect(await refusal).toBe(ErrorCode.messageTooLarge);
  });

  it('accepts a batch that decompresses to several mebibytes of records', async () => {
    const large = recordBatchOf(['x'.repeat(3_000_000)], { attributes: gzip, recordBytes: gzipSync });
    expect(await refusalOf(large)).toBe(ErrorCode.none);
  });

  it.each(frames)('accepts records in %s, which the broker does not decompress', (_, attributes, hex) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(refusalOfBatch({ attributes, recordBytes: () => bytes })).toBe(ErrorCode.none);
    for (let length = 0; length < bytes.length; length++) {
      const refusal = refusalOfBatch({ attributes, recordBytes: () => bytes.subarray(0, length) });
      // Java's framing ends wherever a block ends.
      if (attributes !== 2 || length !== 16) expect([length, refusal]).toEqual([length, ErrorCode.invalidRecord]);
    }
  });

  it('accepts a batch exactly when every record can be read', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((each) => Buffer.from(each)),
      fc.tuple(fc.nat(200), fc.nat(255)).map(([at, byte]) => {
        let changed = Buffer.alloc(0);
        recordBatchOf(values, {
          recordBytes: (records) => {
            changed = Buffer.from(records);
            changed[at % changed.length] = byte;
            return changed;
          },
        });
        return changed;
      }),
    );
    fc.assert(
      fc.property(
        bytes,
        fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7),
        fc.integer({ min: 1, max: 4 }),
        (raw, codec, count) => {
          const isGzip = codec === gzip;
          const recordBytes = (): Buffer => (isGzip ? gzipSync(raw) : raw);
          const batch = recordBatchOf(values, { attributes: codec, recordCount: count, recordBytes });
          const refusal = refusalOf(batch);
          expect(Object.values(ErrorCode)).toContain(refusal);
          if (refusal !== ErrorCode.none || codec > gzip) return;
          expect(readRecords(raw)).toBe(count);
          expect(() => offsetAtTimestamp(batch, 2n ** 62n)).not.toThrow();
        },
      ),
      { numRuns: 2000 },
    );
  });
});

/** Counts records by their lengths alone, as the simplest consumer does. Throws when one ends after the bytes. */
function readRecords(bytes: Buffer): number {
  let position = 0;
  let count = 0;
  for (; position < bytes.length; count++) {
    let zigzag = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes.readUInt8(position++);
      zigzag += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
    }
    position += zigzag / 2;
  }
  expect(position).toBe(bytes.length);
  return count;
}
