import { EmbeddedKafka } from '@palinode/embedded-kafka';
import { Kafka, logLevel, type Consumer } from 'kafkajs';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { startEmbedded } from '../../../test/embedded-broker';
import { Gate } from '../../../test/gate';
import { RealServers } from '../../../test/real-servers';
import { RecordingLog } from '../../../test/recording-log';
import { describeTransport } from '../../../test/transport-conformance';
import { ConfigurationError } from '../../contract';
import { KafkaOffsets } from './kafka-offsets';
import { KafkaTransport } from './kafka-transport';

describeTransport('kafkajs over the embedded broker', startEmbedded);

/** A foreign client in our group: until it leaves, the broker answers our members that they can never join. */
async function joinForeign(brokers: string[], groupId: string, topics: string[]): Promise<Consumer> {
  const consumer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).consumer({ groupId });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.connect();
  await consumer.subscribe({ topics });
  await consumer.run({ eachMessage: async () => undefined });
  await joined;
  return consumer;
}

describe('a consumer', () => {
  let kafka: EmbeddedKafka;
  let servers: RealServers;
  let transport: KafkaTransport;

  beforeAll(async () => {
    servers = await RealServers.start({ postgres: 'none' });
    kafka = await EmbeddedKafka.start({ directory: `${servers.directory}/kafka` });
    transport = new KafkaTransport({ brokers: [kafka.address] }, new RecordingLog());
  });

  afterAll(async () => {
    await transport?.close();
    await kafka?.close();
    await servers?.stop();
  });

  // kafkajs issue 1441, and pull request 11910 of Nest: the consumer is dead, the process lives on, and nothing reports
  // it.
  it('is replaced when kafkajs has ended it permanently, reports that, and loses no message', async () => {
    const topics = ['orphans'];
    await transport.ensureTopics(topics);
    const foreign = await joinForeign([kafka.address], 'orphanage', topics);
    const seen: string[] = [];
    const subscription = await transport.subscribe({
      group: 'orphanage',
      topics,
      handle: async (messages) => void seen.push(...messages.map(({ value }) => String(value))),
    });
    await waitUntil('the consumer is ended', () => subscription.problem()?.includes('failed') === true);
    await transport.publish([{ topic: 'orphans', key: 'k', value: 'kept' }]);
    await foreign.disconnect();
    await waitUntil('the consumer is back', () => seen.includes('kept'));
    expect(subscription.problem()).toBeUndefined();
  });

  it('names its service in the dead letter of a message that cannot be published, whatever its client id is', async () => {
    const { address } = kafka;
    const options = { brokers: [address], clientId: 'client-of-the-shop', service: 'payment' };
    const publisher = new KafkaTransport(options, new RecordingLog(), 'not-published');
    await publisher.ensureTopics(['not-published']);
    const letters: unknown[] = [];
    try {
      await publisher.subscribe({
        group: 'letters',
        topics: ['not-published'],
        handle: async (messages) => void letters.push(...messages.map(({ headers }) => String(headers?.['service']))),
      });
      await publisher.publish([{ topic: 'nobody-has-this', key: 'k', value: 'to nobody' }]);
      await waitUntil('it is dead-lettered', () => letters.length > 0);
      expect(letters).toEqual(['payment']);
    } finally {
      await publisher.close();
    }
  });

  it('reaches a broker that is named by an IPv6 address', async () => {
    const sixth = new KafkaTransport({ brokers: [`[::ffff:127.0.0.1]:${kafka.port}`] }, new RecordingLog());
    const offsets = new KafkaOffsets({ brokers: [`[::ffff:127.0.0.1]:${kafka.port}`] });
    try {
      await sixth.ensureTopics(['sixth']);
      await sixth.publish([{ topic: 'sixth', key: 'k', value: 'an event' }]);
      expect((await offsets.of('sixth')).map(({ end }) => end)).toContain(1n);
    } finally {
      await sixth.close();
    }
  });

  it('does not wait for a topic that no broker creates, and can create others afterwards', async () => {
    const creating = transport.ensureTopics(['no topic name!']);
    await expect(creating).rejects.toThrow(ConfigurationError);
    await expect(creating).rejects.toThrow(/does not create topics .*no topic name!.*Correct their names/);
    await transport.ensureTopics(['a-topic-name']);
  });

  it('does not wait for a group that the broker never lets it join, and names the remedy', async () => {
    const hasty = new KafkaTransport({ brokers: [kafka.address], sessionTimeoutMs: 999 }, new RecordingLog());
    try {
      await hasty.ensureTopics(['hasty']);
      const joining = hasty.subscribe({ group: 'hasty', topics: ['hasty'], handle: async () => undefined });
      await expect(joining).rejects.toThrow(ConfigurationError);
      await expect(joining).rejects.toThrow(/999 ms in the group hasty.*KAFKA_SESSION_TIMEOUT_MS.*group\.min\.session/);
    } finally {
      await hasty.close();
    }
  });

  it('reports why it cannot join its group, with the remedy, and joins once that is corrected', async () => {
    const directory = `${servers.directory}/stricter`;
    let broker = await EmbeddedKafka.start({ directory, groupMinSessionTimeoutMs: 1_000 });
    const { port } = broker;
    const log = new RecordingLog();
    const strict = new KafkaTransport({ brokers: [broker.address], sessionTimeoutMs: 1_000 }, log);
    try {
      await strict.ensureTopics(['strict']);
      const seen: string[] = [];
      const subscription = await strict.subscribe({
        group: 'strict',
        topics: ['strict'],
        handle: async (messages) => void seen.push(...messages.map(({ value }) => String(value))),
      });
      await waitUntil('the consumer has joined', () => subscription.problem() === undefined);
      await broker.close();
      broker = await EmbeddedKafka.start({ directory, port, groupMinSessionTimeoutMs: 6_000 });
      const remedy = /session timeout of 1000 ms.*KAFKA_SESSION_TIMEOUT_MS/;
      await waitUntil('the problem is reported', () => remedy.test(subscription.problem() ?? ''));
      await waitUntil('the problem is logged', () => log.lines.some((line) => remedy.test(line)));
      await broker.close();
      broker = await EmbeddedKafka.start({ directory, port, groupMinSessionTimeoutMs: 1_000 });
      await strict.publish([{ topic: 'strict', key: 'k', value: 'kept' }]);
      await waitUntil('the consumer is back', () => seen.includes('kept') && subscription.problem() === undefined);
    } finally {
      await strict.close();
      await broker.close();
    }
  });

  it.each([
    ['never ends', undefined, /^the consumer of hung has worked on one batch for \d+ s$/],
    ['fails repeatedly', new Error('no database'), /for \d+ s, and begins again after: Error: no database$/],
  ])('reports a problem, also in the log, while a handler %s', async (what, failure, problem) => {
    const log = new RecordingLog();
    const easilyStuck = new KafkaTransport({ brokers: [kafka.address], stuckAfterMs: 1 }, log);
    const topic = what.replaceAll(' ', '-');
    let gate = new Gate();
    if (failure) gate.close(failure);
    try {
      await easilyStuck.ensureTopics([topic]);
      const handle = (): Promise<void> => gate.opened;
      const subscription = await easilyStuck.subscribe({ group: 'hung', topics: [topic], handle });
      await easilyStuck.publish([{ topic, key: 'k', value: 'an event' }]);
      await waitUntil('the problem is reported', () => problem.test(subscription.problem() ?? ''));
      await waitUntil('the log says so', () => log.lines.some((line) => problem.test(line)));
      const held = gate;
      gate = new Gate();
      gate.open();
      held.open();
      await waitUntil('the problem is over', () => subscription.problem() === undefined);
    } finally {
      await easilyStuck.close();
    }
  });

  it('knows the offset up to which it has processed a partition', async () => {
    await transport.ensureTopics(['passed']);
    const subscription = await transport.subscribe({
      group: 'passers-by',
      topics: ['passed'],
      handle: async () => undefined,
    });
    await transport.publish([{ topic: 'passed', key: 'k', value: 'an event' }]);
    const passed = (): bigint[] =>
      [0, 1, 2, 3].flatMap((partition) => subscription.passed?.('passed', partition) ?? []);
    await waitUntil('the partition is processed', () => passed().length === 1);
    expect(passed()).toEqual([1n]);
  });
});
