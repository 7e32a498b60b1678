/* The requirements on every transport, for any broker. */
import { Kafka, logLevel } from 'kafkajs';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import {
  INSTANCE_NAME,
  TransportClosedError,
  type IncomingMessage,
  type Log,
  type OutgoingMessage,
  type Transport,
} from '../src/messaging';
import { commitOffsets } from './commit-offsets';
import { Gate } from './gate';
import { RecordingLog } from './recording-log';
import { RecordingSubscriber } from './recording-subscriber';

export interface TransportUnderTest {
  /** A new transport, as another process would have; topics that it creates have four partitions. */
  connect(log?: Log): Transport;
  /** `host:port`, the same after each start. */
  readonly address: string;
  stopBroker(): Promise<void>;
  /** Restarts the broker with everything that it acknowledged. */
  startBroker(): Promise<void>;
  /** Restarts it empty: no messages, no topics, no offsets. */
  startEmpty(): Promise<void>;
  stop(): Promise<void>;
}

async function deleteTopic(address: string, topic: string): Promise<void> {
  const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
}

/** Runs the suite for a transport. */
export function describeTransport(name: string, start: () => Promise<TransportUnderTest>): void {
  describe(`the transport contract for ${name}`, () => {
    let broker: TransportUnderTest;
    let transport: Transport;
    const open: Transport[] = [];

    const connect = (log?: Log): Transport => {
      const connected = broker.connect(log);
      open.push(connected);
      return connected;
    };

    beforeAll(async () => {
      broker = await start();
    });

    afterAll(async () => {
      await broker?.stop();
    });

    beforeEach(() => {
      transport = connect();
    });

    afterEach(async () => {
      await Promise.all(open.splice(0).map((each) => each.close()));
    });

    /** Topics of this test, and a group to read them. */
    async function fresh(topics = 1): Promise<{ group: string; topics: string[]; topic: string }> {
      const id = uuidV7();
      const names = Array.from({ length: topics }, (_, n) => `topic-${n}-${id}`);
      await transport.ensureTopics(names);
      return { group: `group-${id}`, topics: names, topic: names[0] ?? '' };
    }

    const messages = (topic: string, from: number, to: number, key?: string): OutgoingMessage[] =>
      Array.from({ length: to - from + 1 }, (_, n) => ({
        topic,
        key: key ?? `key-${(from + n) % 16}`,
        value: String(from + n),
      }));
    const numbers = (from: number, to: number): string[] => messages('', from, to).map(({ value }) => String(value));
    const inOrder = (values: readonly string[]): string[] =>
      [...new Set(values)].toSorted((a, b) => Number(a) - Number(b));

    it('creates missing topics, even when several instances do so at once', async () => {
      const { topic } = await fresh();
      const other = `${topic}-b`;
      await Promise.all([transport.ensureTopics([topic, other]), connect().ensureTopics([other, topic])]);
      await transport.publish([{ topic: other, key: 'k', value: 'v' }]);
    });

    it('resolves a publish once the broker has the message', async () => {
      const { topic, group, topics } = await fresh();
      await transport.publish([{ topic, key: 'key', value: Buffer.from('bytes'), headers: { reason: 'r' } }]);
      const subscriber = await RecordingSubscriber.start(transport, { group, topics });
      await subscriber.hasReceived(1);
      expect(subscriber.received).toMatchObject([
        { topic, key: Buffer.from('key'), value: Buffer.from('bytes'), headers: { reason: Buffer.from('r') } },
      ]);
    });

    it('delivers only later messages to a new group that begins now, and reports when it began', async () => {
      const { topic, group, topics } = await fresh();
      await transport.publish(messages(topic, 1, 8));
      const begun = new Gate();
      const missed = (): void => begun.open();
      const subscriber = await RecordingSubscriber.start(transport, { group, topics, from: 'now', missed });
      await begun.opened;
      await transport.publish(messages(topic, 9, 16));
      await subscriber.hasReceived(8);
      expect(inOrder(subscriber.values)).toEqual(numbers(9, 16));
    });

    it('transports any bytes, and distinguishes a missing value from an empty one', async () => {
      const { topic, group, topics } = await fresh();
      const bytes = Buffer.from([0, 255, 10]);
      await transport.publish([
        { topic, key: bytes, value: bytes, headers: { any: bytes, list: ['a', bytes] } },
        { topic, key: bytes, value: null },
        { topic, key: bytes, value: '' },
      ]);
      const subscriber = await RecordingSubscriber.start(transport, { group, topics });
      await waitUntil('all three are received', () => subscriber.received.length === 3);
      expect(subscriber.received).toMatchObject([
        { key: bytes, value: bytes, headers: { any: bytes, list: [Buffer.from('a'), bytes] } },
        { key: bytes, value: null },
        { key: bytes, value: Buffer.alloc(0) },
      ]);
      await transport.publish([{ topic, key: null, value: 'without a key' }]);
      await waitUntil('the fourth is received', () => subscriber.received.at(-1)?.key === null);
    });

    it('reads one message at its offset as it was delivered, and nothing at an empty offset', async () => {
      const { topic, group, topics } = await fresh();
      const bytes = Buffer.from([0, 255, 10]);
      await transport.publish([
        ...messages(topic, 1, 3, 'k'),
        { topic, key: 'k', value: bytes, headers: { any: bytes, list: ['a', bytes] } },
        { topic, key: 'k', value: null },
        ...messages(topic, 4, 20),
      ]);
      const subscriber = await RecordingSubscriber.start(transport, { group, topics });
      await subscriber.hasReceived(22);
      for (const received of subscriber.received) expect(await transport.messageAt(received)).toEqual(received);
      const { partition, offset } = subscriber.received.at(-1)!;
      for (const elsewhere of [
        { topic, partition, offset: '1000000' },
        { topic, partition: 77, offset },
        { topic: `nobody-has-${topic}`, partition, offset },
      ])
        expect(await transport.messageAt(elsewhere)).toBeUndefined();
    });

    it('says which members a group has, what they read, and how far they are behind', async () => {
      const { topic, group, topics } = await fresh();
      await transport.publish(messages(topic, 1, 20));
      expect(await transport.progressOf(group, topic)).toEqual({ members: 0, lag: 20, instances: [] });
      const subscriber = await RecordingSubscriber.start(transport, { group, topics });
      await subscriber.hasReceived(20);
      await waitUntil('its offsets are committed', async () => (await transport.progressOf(group, topic)).lag === 0);
      const { instances = [], ...whole } = await transport.progressOf(group, topic);
      expect(whole).toEqual({ members: 1, lag: 0 });
      expect(instances).toMatchObject([{ name: INSTANCE_NAME, lag: 0 }]);
      const [{ id, host, partitions } = { id: '', host: '', partitions: [] }] = instances;
      expect(id).not.toBe('');
      expect(host).not.toBe('');
      expect(partitions).toEqual(partitions.map((_, partition) => partition));
      expect(partitions.length).toBeGreaterThan(0);
      await subscriber.stop();
      await transport.publish(messages(topic, 21, 24));
      expect(await transport.progressOf(group, topic)).toEqual({ members: 0, lag: 4, instances: [] });
    });

    it('publishes a smaller form of a message that is too large for the broker, and all the others', async () => {
      const { topic, group, topics } = await fresh();
      const sized = (size: number): OutgoingMessage => ({
        topic,
        key: 'k',
        value: 'x'.repeat(size),
        smaller: () => sized(size / 4),
      });
      await transport.publish([...messages(topic, 1, 3, 'k'), sized(6_000_000), ...messages(topic, 4, 6, 'k')]);
      const subscriber = await RecordingSubscriber.start(transport, { group, topics });
      await waitUntil('all is received', () => subscriber.values.includes('6'));
      expect(subscriber.values.map(({ length }) => length)).toEqual([1, 1, 1, 375_000, 1, 1, 1]);
    });

    it('dead-letters a message that its topic rejects, with the reason, and publishes all the others', async () => {
      const { topic, group, topics } = await fresh();
      await transport.ensureTopics(['saga.dead-letters']);
      const letters = { group: `letters-${group}`, topics: ['saga.dead-letters'] };
      const parked = await RecordingSubscriber.start(connect(), letters);
      const told: string[] = [];
      const refused = async (why: string): Promise<void> => void told.push(why);
      const lost = `nobody-has-${topic}`;
      await transport.publish([
        ...messages(topic, 1, 3, 'k'),
        { topic, key: 'k', value: 'x'.repeat(6_000_000), refused },
        { topic: lost, key: 'k', value: 'to nobody', refused },
        { topic: lost, key: 'k', value: 'to nobody either', refused },
        ...messages(topic, 4, 6, 'k'),
      ]);
      const subscriber = await RecordingSubscriber.start(transport, { group, topics });
      await waitUntil('all others are received', () => subscriber.values.includes('6'));
      expect(subscriber.values).toEqual(['1', '2', '3', '4', '5', '6']);
      expect(told).toHaveLength(3);
      expect(told).toContainEqual(expect.stringContaining(`${lost} does not take it`));
      await waitUntil('they are dead-lettered', () => parked.values.includes('to nobody either'));
    });

    it('publishes to other topics when one of its topics is deleted, and to that one when it is recreated', async () => {
      const { topic, group, topics } = await fresh();
      const deleted = `deleted-${topic}`;
      const foreign = connect();
      await foreign.ensureTopics([deleted, 'saga.dead-letters']);
      const log = new RecordingLog();
      const publisher = connect(log);
      await publisher.publish([...messages(topic, 1, 1, 'k'), ...messages(deleted, 1, 1, 'k')]);
      await deleteTopic(broker.address, deleted);
      await waitUntil('it is gone', async () => !(await foreign.listTopics()).includes(deleted));
      await publisher.publish([...messages(topic, 2, 2, 'k'), ...messages(deleted, 2, 2, 'k')]);
      await publisher.publish(messages(topic, 3, 3, 'k'));
      expect(log.lines.join('\n')).toContain(`${deleted} does not take it`);
      await connect().ensureTopics([deleted]);
      await publisher.publish([...messages(topic, 4, 4, 'k'), ...messages(deleted, 4, 4, 'k')]);
      const subscriber = await RecordingSubscriber.start(transport, { group, topics });
      await waitUntil('the others are received', () => subscriber.values.includes('4'));
      // Messages in flight when the broker noticed the missing topic are redelivered.
      expect([...new Set(subscriber.values)]).toEqual(['1', '2', '3', '4']);
      const back = await RecordingSubscriber.start(transport, { group: `back-${group}`, topics: [deleted] });
      await back.hasReceived(1);
      expect(back.values).toEqual(['4']);
    });

    it('survives a message with tens of thousands of headers', async () => {
      const { topic, group, topics } = await fresh();
      const headers = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`header-${n}`, '']));
      await transport.publish([{ topic, key: 'k', value: '1', headers }, ...messages(topic, 2, 2, 'k')]);
      const subscriber = await RecordingSubscriber.start(transport, { group, topics });
      await subscriber.hasReceived(2);
      expect(Object.keys(subscriber.received[0]?.headers ?? {}).length).toBeLessThan(1_000);
    });

    it('keeps the order of a key, and delivers nothing while a handler runs', async () => {
      const { topic, group, topics } = await fresh();
      const subscriber = await RecordingSubscriber.start(transport, {
        group,
        topics,
        before: () => new Promise((resolve) => void setImmediate(resolve)),
      });
      for (let from = 1; from <= 400; from += 40) await transport.publish(messages(topic, from, from + 39));
      await subscriber.hasReceived(400);
      for (const key of new Set(subscriber.received.map((message) => String(message.key)))) {
        const ofKey = subscriber.received.filter((message) => String(message.key) === key);
        const values = ofKey.map(({ value }) => String(value));
        expect(values).toEqual(inOrder(values));
      }
      expect(subscriber.overlapped).toBe(false);
    });

    it('publishes more at once than a broker accepts in one batch', async () => {
      const { topic, group, topics } = await fresh();
      const large = Array.from({ length: 20 }, (_, n) => `${n} ${'x'.repeat(200_000)}`);
      await transport.publish(large.map((value) => ({ topic, key: 'same', value })));
      const subscriber = await RecordingSubscriber.start(transport, { group, topics });
      await subscriber.hasReceived(20);
      expect(subscriber.values.map((value) => value.slice(0, 2).trim())).toEqual(numbers(0, 19));
    });

    it('holds at most ten megabytes in memory for any backlog and any handler duration', async () => {
      const { group, topics } = await fresh(4);
      const value = 'x'.repeat(500_000);
      const all = topics.flatMap((topic) => Array.from({ length: 12 }, (_, n) => ({ topic, key: `key-${n}`, value })));
      await transport.publish(all);
      const done = new Gate();
      const taken: number[] = [];
      const handle = async (batch: readonly IncomingMessage[]): Promise<void> => {
        taken.push(batch.reduce((sum, each) => sum + (each.value?.length ?? 0), 0));
        await done.opened;
      };
      await transport.subscribe({ group, topics, handle });
      await waitUntil('a call runs', () => taken.length === 1);
      // While another group reads all of it, this one has time to read on.
      const other = await RecordingSubscriber.start(connect(), { group: `${group}-other`, topics });
      await waitUntil('another has all', () => other.received.length === all.length);
      done.open();
      const sum = (): number => taken.reduce((bytes, each) => bytes + each, 0);
      await waitUntil('all is received', () => sum() === all.length * value.length);
      expect(Math.max(...taken)).toBeLessThanOrEqual(10 * 2 ** 20);
    });

    it('redelivers a rejected batch, and loses no other message', async () => {
      const { topic, group, topics } = await fresh();
      let failures = 2;
      await transport.publish(messages(topic, 1, 50));
      const subscriber = await RecordingSubscriber.start(transport, {
        group,
        topics,
        before: () => {
          if ((failures -= 1) >= 0) throw new Error('the database is away');
        },
      });
      await subscriber.hasReceived(50);
      expect(inOrder(subscriber.values)).toEqual(numbers(1, 50));
      const rejected = (subscriber.handed[0] ?? []).map(({ value }) => String(value));
      expect(subscriber.values).toEqual(expect.arrayContaining(rejected));
    });

    it('continues where a stopped member ended', async () => {
      const { topic, group, topics } = await fresh();
      await transport.publish(messages(topic, 1, 20));
      const first = await RecordingSubscriber.start(transport, { group, topics });
      await first.hasReceived(20);
      await first.stop();
      await transport.publish(messages(topic, 21, 30));
      const second = await RecordingSubscriber.start(transport, { group, topics });
      await second.hasReceived(10);
      expect(inOrder(second.values)).toEqual(numbers(21, 30));
    });

    it('stops after the running batch is done and committed', async () => {
      const { topic, group, topics } = await fresh();
      const [running, mayEnd] = [new Gate(), new Gate()];
      await transport.publish(messages(topic, 1, 5, 'key'));
      const first = await RecordingSubscriber.start(transport, {
        group,
        topics,
        before: () => {
          running.open();
          return mayEnd.opened;
        },
      });
      await running.opened;
      let stopped = false;
      const stopping = first.stop().then(() => (stopped = true));
      await transport.publish(messages(topic, 6, 8, 'key'));
      expect(stopped).toBe(false);
      mayEnd.open();
      await stopping;
      expect(first.values).toEqual(numbers(1, 5));
      const second = await RecordingSubscriber.start(transport, { group, topics });
      await second.hasReceived(3);
      expect(second.values).toEqual(numbers(6, 8));
    });

    it('divides the partitions among the members, with the same number of all topics for the same member', async () => {
      const { topics, group } = await fresh(3);
      const first = await RecordingSubscriber.start(transport, { group, topics });
      const second = await RecordingSubscriber.start(connect(), { group, topics });
      let round = 0;
      await waitUntil('both have messages', async () => {
        round += 1;
        for (const topic of topics) await transport.publish(messages(topic, round * 100, round * 100 + 63));
        return first.received.length > 0 && second.received.length > 0;
      });
      const total = 64 * topics.length * round;
      await waitUntil('all is received', () => first.received.length + second.received.length >= total);
      // Messages from before the second member joined prove nothing; later ones do.
      first.received.length = second.received.length = 0;
      for (const topic of topics) await transport.publish(messages(topic, 1, 64));
      await waitUntil('all is received again', () => first.received.length + second.received.length >= 192);
      const [mine, theirs] = [first.partitions, second.partitions];
      for (const topic of topics) {
        expect(mine[topic]).toEqual(mine[topics[0]!]);
        expect([...mine[topic]!, ...theirs[topic]!].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
      }
    });

    it('loses no message while members join and leave', async () => {
      const { topic, group, topics } = await fresh();
      const seen = new Set<string>();
      const join = (): Promise<RecordingSubscriber> =>
        RecordingSubscriber.start(connect(), {
          group,
          topics,
          before: (batch) => {
            for (const { value } of batch) seen.add(String(value));
          },
        });
      let member = await join();
      for (let round = 0; round < 3; round += 1) {
        const next = await join();
        const published = transport.publish(messages(topic, round * 50 + 1, round * 50 + 50));
        await member.stop();
        await published;
        member = next;
      }
      await waitUntil('all is seen', () => seen.size === 150);
    });

    it('survives a restart of the broker with messages in flight', async () => {
      const { topic, group, topics } = await fresh();
      const subscriber = await RecordingSubscriber.start(transport, { group, topics });
      await transport.publish(messages(topic, 1, 50));
      await subscriber.hasReceived(1);
      const published = transport.publish(messages(topic, 51, 100));
      await broker.stopBroker();
      await broker.startBroker();
      await published;
      await transport.publish(messages(topic, 101, 150));
      await subscriber.hasReceived(150);
      expect(inOrder(subscriber.values)).toEqual(numbers(1, 150));
      expect(subscriber.overlapped).toBe(false);
    });

    it('waits with publishing while the broker is away', async () => {
      const { topic, group, topics } = await fresh();
      await broker.stopBroker();
      let published = false;
      const publishing = transport.publish(messages(topic, 1, 3)).then(() => (published = true));
      await broker.startBroker().finally(() => expect(published).toBe(false));
      await publishing;
      const subscriber = await RecordingSubscriber.start(transport, { group, topics });
      await subscriber.hasReceived(3);
    });

    it('recreates its topics when the broker has lost them, and delivers all later messages', async () => {
      const log = new RecordingLog();
      transport = connect(log);
      const { topic, group, topics } = await fresh();
      const subscriber = await RecordingSubscriber.start(transport, { group, topics });
      await transport.publish(messages(topic, 1, 40, 'key'));
      await subscriber.hasReceived(40);
      await broker.stopBroker();
      await broker.startEmpty();
      await transport.publish(messages(topic, 41, 50, 'key'));
      await subscriber.hasReceived(50);
      expect(log.lines.join('\n')).toMatch(new RegExp(`the broker has lost messages of ${topic}/\\d`));
      // And its offsets refer to the new log.
      await subscriber.stop();
      const next = await RecordingSubscriber.start(connect(), { group, topics });
      await transport.publish(messages(topic, 51, 55, 'key'));
      await next.hasReceived(5);
    });

    // kafkajs issue 1119: the offset was taken for the end of the log, and messages in between were skipped.
    it('starts again, and reports it, when the offset of its group is beyond the end of the log', async () => {
      const log = new RecordingLog();
      const { topic, group, topics } = await fresh();
      await transport.publish(messages(topic, 1, 40));
      await commitOffsets(broker.address, group, topic, 1_000);
      const subscriber = await RecordingSubscriber.start(connect(log), { group, topics });
      await subscriber.hasReceived(40);
      expect(inOrder(subscriber.values)).toEqual(numbers(1, 40));
      expect(log.lines.join('\n')).toMatch(
        new RegExp(`lost messages of ${topic}/\\d: the offset of ${group} is beyond`),
      );
    });

    describe('a transport whose broker is away', () => {
      let topic: string;
      let group: string;

      beforeEach(async () => {
        ({ topic, group } = await fresh());
      });

      afterEach(() => broker.startBroker());

      it('rejects waiting publishes with a TransportClosedError when it is closed', async () => {
        await transport.publish(messages(topic, 1, 1));
        await broker.stopBroker();
        const waiting = transport.publish(messages(topic, 2, 2)).catch((error: unknown) => error);
        await transport.close();
        expect(await waiting).toBeInstanceOf(TransportClosedError);
        await expect(transport.publish(messages(topic, 3, 3))).rejects.toBeInstanceOf(TransportClosedError);
      });

      it('closes even while a subscriber waits to publish', async () => {
        const answering = new Gate();
        await RecordingSubscriber.start(transport, {
          group,
          topics: [topic],
          before: async () => {
            await broker.stopBroker();
            answering.open();
            await transport.publish(messages(topic, 2, 2));
          },
        });
        await transport.publish(messages(topic, 1, 1));
        await answering.opened;
        await transport.close();
      });
    });
  });
}
