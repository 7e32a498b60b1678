import { createRequire } from 'node:module';
import { randomBytes, randomInt } from 'node:crypto';
import { encodeProduce, produceEncoder, type ProducedMessage, type ProduceRequest } from './produce-request';
import type { ProtocolRequest } from './protocol-request';

const load = createRequire(require.resolve('kafkajs/package.json'));
const crc32c = load('./src/protocol/recordBatch/crc32C') as (bytes: Buffer) => number;
const Encoder = load('./src/protocol/encoder') as new () => object;
const theirs = load('./src/protocol/requests/produce/v7/request') as (request: ProduceRequest) => {
  encode(): Promise<{ buffer: Buffer }>;
};
const produce = load('./src/protocol/requests/produce') as {
  protocol(version: { version: number }): (request: ProduceRequest) => ProtocolRequest;
};

const NOW = 1_795_000_000_000;

function anyBytes(most: number): Buffer | string {
  const bytes = randomBytes(randomInt(most));
  return randomInt(2) === 0 ? bytes : bytes.toString(randomInt(2) === 0 ? 'base64' : 'latin1');
}

const anyMessage = (): ProducedMessage => ({
  key: randomInt(4) === 0 ? null : anyBytes(64),
  value: randomInt(8) === 0 ? null : anyBytes(randomInt(8) === 0 ? 70_000 : 700),
  headers: Object.fromEntries(
    Array.from({ length: randomInt(4) }, (_, n) => [`näme-${n}`, n === 1 ? [anyBytes(200), 'twice'] : anyBytes(90)]),
  ),
});

const anyRequest = (): ProduceRequest => ({
  acks: -1,
  timeout: 30_000,
  topicData: Array.from({ length: 1 + randomInt(3) }, (_, topic) => ({
    topic: `töpic-${topic}`,
    partitions: Array.from({ length: 1 + randomInt(4) }, (_none, partition) => ({
      partition,
      messages: Array.from({ length: 1 + randomInt(randomInt(20) === 0 ? 200 : 9) }, anyMessage),
    })),
  })),
});

describe('a Produce request', () => {
  beforeAll(() => jest.spyOn(Date, 'now').mockReturnValue(NOW));
  afterAll(() => jest.restoreAllMocks());

  it('is encoded to the bytes that kafkajs would send', async () => {
    for (let n = 0; n < 200; n += 1) {
      const request = anyRequest();
      const { buffer } = await theirs(request).encode();
      expect(encodeProduce(request, NOW, crc32c).buffer.equals(buffer)).toBe(true);
    }
  });

  it('leaves out a header without a value', () => {
    const withHeaders = (headers: ProducedMessage['headers']): ProduceRequest => ({
      acks: -1,
      timeout: 1,
      topicData: [{ topic: 't', partitions: [{ partition: 0, messages: [{ value: 'v', headers: headers ?? {} }] }] }],
    });
    const { buffer } = encodeProduce(withHeaders({ none: undefined, one: '1' }), NOW, crc32c);
    expect(buffer).toEqual(encodeProduce(withHeaders({ one: '1' }), NOW, crc32c).buffer);
  });
});

describe("the encoder of the transport's producers", () => {
  const replace = produceEncoder();

  async function isOurs(changed: Partial<ProduceRequest>, version = 7): Promise<boolean> {
    const request = { ...anyRequest(), ...changed };
    const { encode } = replace(produce.protocol({ version })(request), request).request;
    return !((await encode()) instanceof Encoder);
  }

  it.each([3, 4, 5, 6, 7])('encodes version %i in one pass', async (version) => {
    expect(await isOurs({}, version)).toBe(true);
  });

  it.each([
    ['a compressed request', { compression: 1 }],
    ['a transactional request', { transactionalId: 'tx' }],
    ['an idempotent request', { producerId: 7n }],
    [
      'a request with message timestamps',
      { topicData: [{ topic: 't', partitions: [{ partition: 0, messages: [{ value: 'v', timestamp: '1' }] }] }] },
    ],
  ])('leaves %s to kafkajs', async (_name, request) => {
    expect(await isOurs(request)).toBe(false);
  });
});
