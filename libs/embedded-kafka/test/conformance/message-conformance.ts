import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CompressionTypes, Kafka, KafkaJSError, logLevel, Partitioners } from 'kafkajs';
import type { Conformance } from './broker-under-test';
import type { RawClient } from './raw-client';
import { recordBatchOf } from './record-batch-of';
import type { BatchOptions } from './record-batch-of';
import { RecordingConsumer } from './recording-consumer';
import { requestBody } from './request-body';

const produceKey = 0;
const initProducerIdKey = 22;
const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at));

/** The protocol's name of an error, which kafkajs may wrap. */
function typeOf(error: unknown): string | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof KafkaJSError && 'type' in each) return String(each.type);
  }
  return undefined;
}

export function describeMessages({ broker, clients }: Conformance): void {
  it('keeps keyed messages with headers in the order of their key', async () => {
    const topic = await clients().topic(3);
    const producer = await clients().producer();
    for (const value of numbers(30)) {
      await producer.send({ topic, messages: [{ key: `key-${Number(value) % 5}`, value, headers: { sent: value } }] });
    }
    const consumer = await RecordingConsumer.start(clients(), topic, { groupId: randomUUID() });
    await consumer.hasReceived(30);
    for (const key of numbers(5)) {
      const ofKey = consumer.messages.filter((message) => message.key === `key-${key}`);
      expect(ofKey.map(({ value }) => Number(value) % 5)).toEqual(Array(6).fill(Number(key)));
      expect(ofKey.map(({ value }) => Number(value))).toEqual([0, 5, 10, 15, 20, 25].map((by) => by + Number(key)));
      expect(ofKey.map(({ headers }) => String(headers['sent']))).toEqual(ofKey.map(({ value }) => value));
    }
  });

  it.each([
    ['plain', CompressionTypes.None],
    ['gzip', CompressionTypes.GZIP],
  ])('returns a %s batch unchanged', async (_, compression) => {
    const topic = await clients().topic();
    const producer = await clients().producer();
    await producer.send({ topic, compression, messages: numbers(1000).map((value) => ({ value })) });
    const consumer = await RecordingConsumer.start(clients(), topic, { groupId: randomUUID() });
    await consumer.hasReceived(1000);
    expect(consumer.values).toEqual(numbers(1000));
  });

  it('lets a consumer resume where it stopped', async () => {
    const topic = await clients().topic();
    const groupId = randomUUID();
    const producer = await clients().producer();
    await producer.send({ topic, messages: numbers(10).map((value) => ({ value })) });
    const first = await RecordingConsumer.start(clients(), topic, { groupId });
    await first.hasReceived(10);
    await first.stop();
    await producer.send({ topic, messages: [{ value: 'after' }] });
    const second = await RecordingConsumer.start(clients(), topic, { groupId });
    await second.hasReceived(1);
    expect(second.values).toEqual(['after']);
  });

  it('sends a message to a waiting consumer at once', async () => {
    const topic = await clients().topic();
    const producer = await clients().producer();
    const pollMs = 25_000;
    const consumer = await RecordingConsumer.start(clients(), topic, {
      groupId: randomUUID(),
      maxWaitTimeInMs: pollMs,
    });
    await producer.send({ topic, messages: [{ value: 'first' }] });
    await consumer.hasReceived(1);
    const sentAt = Date.now();
    await producer.send({ topic, messages: [{ value: 'second' }] });
    await consumer.hasReceived(2);
    expect(Date.now() - sentAt).toBeLessThan(pollMs - 5_000);
    const stopped = consumer.stop();
    await producer.send({ topic, messages: [{ value: 'ends the poll that it waits for' }] });
    await stopped;
  });

  it('finds offsets by timestamp', async () => {
    const topic = await clients().topic();
    const producer = await clients().producer();
    const admin = await clients().admin();
    const start = Date.now() - 60_000;
    const at = (seconds: number): string => String(start + seconds * 1000);
    await producer.send({ topic, messages: [0, 10, 20].map((each) => ({ value: 'v', timestamp: at(each) })) });
    await producer.send({ topic, messages: [30, 40].map((each) => ({ value: 'v', timestamp: at(each) })) });
    const found: string[] = [];
    for (const seconds of [0, 15, 20, 35, 50]) {
      const [offset] = await admin.fetchTopicOffsetsByTimestamp(topic, Number(at(seconds)));
      found.push(offset!.offset);
    }
    // Beyond the last message kafkajs answers with the next offset.
    expect(found).toEqual(['0', '2', '2', '4', '5']);
  });

  it('stores the messages of an idempotent producer once, in order', async () => {
    const topic = await clients().topic();
    const producer = await clients().producer({ idempotent: true, maxInFlightRequests: 1 });
    for (const value of numbers(20)) await producer.send({ topic, acks: -1, messages: [{ value }] });
    const consumer = await RecordingConsumer.start(clients(), topic, { groupId: randomUUID() });
    await consumer.hasReceived(20);
    expect(consumer.values).toEqual(numbers(20));
  });

  it('answers a duplicate batch with its first offset, and rejects one out of sequence', async () => {
    const topic = await clients().topic();
    const client = await clients().raw();
    const producerId = await newProducerId(client);
    const send = (baseSequence: number): Promise<{ error: number; offset: number }> =>
      produceRaw(client, topic, recordBatchOf(['a', 'b'], { producerId, producerEpoch: 0, baseSequence }));
    expect(await send(0)).toEqual({ error: 0, offset: 0 });
    expect(await send(2)).toEqual({ error: 0, offset: 2 });
    expect(await send(0)).toEqual({ error: 0, offset: 0 });
    expect(await send(7)).toMatchObject({ error: 45 });
    expect(await send(4)).toEqual({ error: 0, offset: 4 });
  });

  it('rejects a damaged batch', async () => {
    const topic = await clients().topic();
    const client = await clients().raw();
    const batch = recordBatchOf(['precious']);
    batch[batch.length - 3]! ^= 1;
    expect(await produceRaw(client, topic, batch)).toMatchObject({ error: 2 });
  });

  it('rejects batches that consumers could not read, and accepts the next one', async () => {
    const topic = await clients().topic();
    const client = await clients().raw();
    const send = async (options: BatchOptions): Promise<boolean> =>
      (await produceRaw(client, topic, recordBatchOf(['a', 'b'], options))).error !== 0;
    expect(await send({ attributes: 1 })).toBe(true);
    expect(await send({ attributes: 7 })).toBe(true);
    expect(await send({ attributes: 1, recordBytes: (records) => gzipSync(records).subarray(0, 20) })).toBe(true);
    expect(await send({ recordCount: 3 })).toBe(true);
    expect(await send({ attributes: 1, recordBytes: gzipSync })).toBe(false);
    const consumer = await RecordingConsumer.start(clients(), topic, { groupId: randomUUID() });
    await consumer.hasReceived(2);
    expect(consumer.values).toEqual(['a', 'b']);
  });

  it('reports an unknown topic and a message that is too large by name', async () => {
    const topic = await clients().topic(1, { 'max.message.bytes': '2000' });
    const kafka = new Kafka({ brokers: broker().brokers, logLevel: logLevel.NOTHING, retry: { retries: 0 } });
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    const errorOf = async (to: string, value: string): Promise<string | undefined> =>
      typeOf(await producer.send({ topic: to, messages: [{ value }] }).catch((error: unknown) => error));
    try {
      expect(await errorOf(`missing-${randomUUID()}`, 'v')).toBe('UNKNOWN_TOPIC_OR_PARTITION');
      expect(await errorOf(topic, 'v'.repeat(3000))).toBe('MESSAGE_TOO_LARGE');
      expect(await errorOf(topic, 'small')).toBeUndefined();
    } finally {
      await producer.disconnect();
    }
  });
}

async function newProducerId(client: RawClient): Promise<number> {
  const body = requestBody((write) => write.nullableString(null).int32(60_000));
  // A starting Apache Kafka may not have reserved its producer ids yet.
  for (;;) {
    const answer = await client.request(initProducerIdKey, 0, body);
    answer.int32();
    if (answer.int16() === 0) return answer.int64();
  }
}

async function produceRaw(client: RawClient, topic: string, batch: Buffer): Promise<{ error: number; offset: number }> {
  const body = requestBody((write) => {
    write.nullableString(null).int16(-1).int32(5000);
    write.array([topic], (name) => write.string(name).array([0], (partition) => write.int32(partition).bytes(batch)));
  });
  const answer = await client.request(produceKey, 3, body);
  const [result] = answer.array(() => {
    answer.string();
    return answer.array(() => {
      answer.int32();
      const outcome = { error: answer.int16(), offset: answer.int64() };
      answer.int64();
      return outcome;
    })[0]!;
  });
  return result!;
}
