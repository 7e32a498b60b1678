import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { unlz4 } from './lz4';
import { unsnap } from './snappy';
import { tooLong, UndecodableBatchError } from './undecodable';
import { unzstd } from './zstd';

const gunzipped = promisify(gunzip);

/** The names of the codecs, by their number in the attributes of a record batch. */
export const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

/**
 * Decompresses the records of a record batch; with zstd, zeros may follow. Uses about `maxBytes` of memory at most, and
 * throws an UndecodableBatchError for a batch that would need more, is damaged, or has an unknown codec.
 */
export async function decompress(codec: number, compressed: Buffer, maxBytes: number): Promise<Buffer> {
  const name = CODECS[codec];
  try {
    switch (name) {
      case 'gzip':
        return await gunzipped(compressed, { maxOutputLength: maxBytes });
      case 'snappy':
        return unsnap(compressed, maxBytes);
      case 'lz4':
        return unlz4(compressed, maxBytes);
      case 'zstd':
        return unzstd(compressed, maxBytes);
      default:
        throw new UndecodableBatchError(`its codec ${codec} is unknown`);
    }
  } catch (error) {
    if (error instanceof UndecodableBatchError) throw error;
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') tooLong(maxBytes);
    throw new UndecodableBatchError(`its ${String(name)} is damaged: ${String(error)}`);
  }
}
