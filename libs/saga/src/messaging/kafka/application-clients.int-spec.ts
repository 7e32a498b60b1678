/*
 * An application may use kafkajs beside the library in the same process. The library must not change the application's
 * clients.
 */
import { waitUntil } from '@palinode/testing-support/wait-until';
import { CompressionTypes, Kafka, logLevel, Partitioners, type KafkaMessage } from 'kafkajs';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { RealServers } from '../../../test/real-servers';
import { RecordingLog } from '../../../test/recording-log';
import type { IncomingMessage } from '../transport';
import { createCluster, createKafka } from './kafka-client';
import { KafkaTransport } from './kafka-transport';

const load = createRequire(require.resolve('kafkajs/package.json'));

/** Every property of every module of kafkajs, of its exports and their prototypes, by its path. */
function everythingOfKafkajs(): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const visit = (path: string, value: unknown, seen: Set<unknown>): void => {
    found.set(path, value);
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
    seen.add(value);
    for (const key of Reflect.ownKeys(value)) {
      const { value: held, get, set } = Object.getOwnPropertyDescriptor(value, key) ?? {};
      if (get !== undefined || set !== undefined) found.set(`${path}.${String(key)} (accessor)`, get ?? set);
      else visit(`${path}.${String(key)}`, held, seen);
    }
  };
  const root = join(dirname(require.resolve('kafkajs/package.json')), 'src');
  for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted())
    if (file.endsWith('.js') && !file.endsWith('.test.js')) visit(file, load(`./src/${file}`), new Set());
  return found;
}

interface Connected {
  readonly connectionPool: { readonly pool: readonly { readonly requestQueue: { throttleCheckTimeoutId: unknown } }[] };
}

/** Whether a timer runs for a connection of this client that has no pending request. */
async function hasIdleTimer(kafka: Kafka, topic: string): Promise<boolean> {
  const cluster = createCluster(kafka, {});
  try {
    await cluster.connect();
    await cluster.addTargetTopic(topic);
    const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [0]));
    const broker = (await cluster.findBroker({ nodeId: nodeId! })) as unknown as Connected;
    return broker.connectionPool.pool.some(({ requestQueue }) => requestQueue.throttleCheckTimeoutId !== null);
  } finally {
    await cluster.disconnect();
  }
}

describe("an application's own kafkajs clients", () => {
  let servers: RealServers;
  let transport: KafkaTransport;
  let before: Map<string, unknown>;
  let plain: Kafka;
  const topic = 'orders';
  const manyHeaders = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`h${n}`, `${n}`]));
  const ours: IncomingMessage[] = [];

  beforeAll(async () => {
    before = everythingOfKafkajs();
    servers = await RealServers.start({ postgres: 'none', kafka: true });
    plain = new Kafka({ brokers: [servers.kafka.address], logLevel: logLevel.NOTHING });
    transport = new KafkaTransport({ brokers: [servers.kafka.address], partitions: 1 }, new RecordingLog());
    await transport.ensureTopics([topic]);
    const handle = async (messages: readonly IncomingMessage[]): Promise<void> => void ours.push(...messages);
    await transport.subscribe({ group: 'ours', topics: [topic], handle });
    await transport.publish([{ topic, key: 'k', value: 'from the transport' }]);
    await waitUntil('the transport reads what it has published', () => ours.length === 1);
    await transport.messageAt({ topic, partition: 0, offset: '0' });
  });

  afterAll(async () => {
    await transport?.close();
    await servers?.stop();
  });

  it('shares no class, module or registry that the transport changes with the application’s clients', () => {
    expect([...before.keys()]).toEqual(
      expect.arrayContaining([
        'cluster/brokerPool.js.prototype.withBroker',
        'index.js.prototype.producer',
        'network/requestQueue/index.js.prototype.scheduleCheckPendingRequests',
        'protocol/decoder.js.prototype.readVarIntArray',
        'protocol/encoder.js.prototype.writeVarInt',
        'protocol/message/compression/index.js.Codecs.1',
        'protocol/requests/fetch/index.js.protocol',
        'protocol/requests/produce/index.js.protocol',
      ]),
    );
    const after = everythingOfKafkajs();
    const paths = new Set([...before.keys(), ...after.keys()]);
    expect([...paths].filter((path) => !Object.is(before.get(path), after.get(path)))).toEqual([]);
  });

  it('reads messages in an application’s client as kafkajs does, while the transport reads a limited number of headers', async () => {
    const theirs: KafkaMessage[] = [];
    const consumer = plain.consumer({ groupId: 'theirs', maxWaitTimeInMs: 100 });
    const producer = plain.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    try {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({ eachMessage: async ({ message }) => void theirs.push(message) });
      await producer.connect();
      const compression = CompressionTypes.GZIP;
      await producer.send({ topic, compression, messages: [{ key: 'k', value: 'theirs', headers: manyHeaders }] });
      await waitUntil('both have read both messages', () => theirs.length === 2 && ours.length === 2);
    } finally {
      await producer.disconnect();
      await consumer.disconnect();
    }
    expect(theirs.map(({ value }) => String(value))).toEqual(['from the transport', 'theirs']);
    expect(Object.keys(theirs[1]?.headers ?? {})).toHaveLength(150);
    expect(Object.keys(ours[1]?.headers ?? {})).toHaveLength(101);
  });

  it('keeps the timer of idle connections in the application’s clients, and not in those of the transport', async () => {
    const config = { brokers: [servers.kafka.address], logLevel: logLevel.NOTHING };
    expect(await hasIdleTimer(plain, topic)).toBe(true);
    expect(await hasIdleTimer(createKafka(config), topic)).toBe(false);
  });
});
