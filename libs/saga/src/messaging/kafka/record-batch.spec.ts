import { HEADERS_LEFT_OUT, type Headers } from '../transport';
import type { FetchedRecord } from './decoder';
import { batchDecoders, decodeBatches } from './fetched-batches';
import { encodeProduce } from './produce-request';

/** The start of a produce request to one partition of the topic t, up to its batch. */
const PRODUCE_HEAD_BYTES = 2 + 2 + 4 + 4 + 3 + 4 + 4 + 4;

/** The headers that are read of a record that was sent with these headers. */
async function sent(headers: Headers): Promise<FetchedRecord & { readonly headers: Headers }> {
  const topicData = [{ topic: 't', partitions: [{ partition: 0, messages: [{ key: 'k', value: 'v', headers }] }] }];
  const { buffer } = encodeProduce({ acks: -1, timeout: 1, topicData }, 1, () => 0);
  const [record] = await decodeBatches(buffer.subarray(PRODUCE_HEAD_BYTES), batchDecoders());
  return record as FetchedRecord & { readonly headers: Headers };
}

const many = (count: number): Headers => Object.fromEntries(Array.from({ length: count }, (_, n) => [`h${n}`, `${n}`]));

describe('the headers of a message', () => {
  it('are read as they were sent', async () => {
    const { value, headers } = await sent({ ...many(98), twice: ['a', 'b'] });
    expect(value).toEqual(Buffer.from('v'));
    expect(Object.keys(headers)).toHaveLength(99);
    expect(headers).toMatchObject({ h97: Buffer.from('97'), twice: [Buffer.from('a'), Buffer.from('b')] });
    expect((await sent({})).headers).toEqual({});
  });

  it('are dropped beyond a limit, and the number of dropped ones is reported', async () => {
    const { headers } = await sent(many(100_000));
    expect(Object.keys(headers)).toHaveLength(101);
    expect(headers).toMatchObject({ h99: Buffer.from('99'), [HEADERS_LEFT_OUT]: Buffer.from('99900') });
  });
});
