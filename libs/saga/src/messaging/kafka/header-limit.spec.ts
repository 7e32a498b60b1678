import { createRequire } from 'node:module';
import { HEADERS_LEFT_OUT, type Headers } from '../transport';
import { limitHeaders } from './header-limit';

const load = createRequire(require.resolve('kafkajs/package.json'));
const encode = load('./src/protocol/recordBatch/record/v0') as (record: object) => { buffer: Buffer };
const decode = load('./src/protocol/recordBatch/record/v0/decoder') as (decoder: object, batch: object) => Decoded;
const Decoder = load('./src/protocol/decoder') as new (buffer: Buffer) => { readVarInt(): number };

interface Decoded {
  readonly value: Buffer;
  readonly headers: Headers;
}

/** What kafkajs reads of a record that it wrote. */
function sent(headers: Headers): Decoded {
  const decoder = new Decoder(encode({ key: Buffer.from('k'), value: Buffer.from('v'), headers }).buffer);
  decoder.readVarInt();
  return decode(decoder, { firstOffset: 0, firstTimestamp: 0, magicByte: 2 });
}

const many = (count: number): Headers => Object.fromEntries(Array.from({ length: count }, (_, n) => [`h${n}`, `${n}`]));

describe('the headers of a message', () => {
  beforeAll(limitHeaders);

  it('are read as they were sent', () => {
    const { value, headers } = sent({ ...many(98), twice: ['a', 'b'] });
    expect(value).toEqual(Buffer.from('v'));
    expect(Object.keys(headers)).toHaveLength(99);
    expect(headers).toMatchObject({ h97: Buffer.from('97'), twice: [Buffer.from('a'), Buffer.from('b')] });
    expect(sent({}).headers).toEqual({});
  });

  it('are dropped beyond a limit, and the number of dropped ones is reported', () => {
    const { headers } = sent(many(100_000));
    expect(Object.keys(headers)).toHaveLength(101);
    expect(headers).toMatchObject({ h99: Buffer.from('99'), [HEADERS_LEFT_OUT]: Buffer.from('99900') });
  });
});
