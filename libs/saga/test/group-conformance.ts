/*
 * The requirements on a consumer group while its members have different releases, and its topics get more partitions.
 */
import { Kafka, logLevel, type Consumer, type PartitionAssigner } from 'kafkajs';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { KafkaTransport } from '../src/messaging';
import { groupProtocols } from '../src/messaging/kafka/group-protocols';
import { PartitionGrowth } from '../src/messaging/kafka/partitioner';
import { GroupWatch } from './group-watch';
import { RecordingLog } from './recording-log';
import { RecordingSubscriber } from './recording-subscriber';
import { formerAssigner } from './former-assigner';
import type { TransportUnderTest } from './transport-conformance';

/** Longer than consumers need to notice new partitions. */
const SETTLED_MS = 15_000;

/** Runs the suite against a broker. */
export function describeGroups(name: string, start: () => Promise<TransportUnderTest>): void {
  describe(`a consumer group on ${name}`, () => {
    let broker: TransportUnderTest;
    let watch: GroupWatch;
    let group: string;
    let [known, added] = ['', ''];
    const open: { close(): Promise<void> }[] = [];

    /** A transport of another process. */
    function connect(growth?: PartitionGrowth): KafkaTransport {
      const transport = new KafkaTransport({ brokers: [broker.address] }, new RecordingLog(), undefined, growth);
      open.push(transport);
      return transport;
    }

    const subscribe = (topics: string[]): Promise<RecordingSubscriber> =>
      RecordingSubscriber.start(connect(), { group, topics });

    /** A member of another release, which uses other assignment protocols. */
    async function joinWith(partitionAssigners: PartitionAssigner[], topics: string[]): Promise<Consumer> {
      const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING });
      const consumer = kafka.consumer({
        groupId: group,
        partitionAssigners,
        maxWaitTimeInMs: 100,
        heartbeatInterval: 500,
      });
      open.push({ close: () => consumer.disconnect() });
      await consumer.connect();
      await consumer.subscribe({ topics, fromBeginning: true });
      await consumer.run({ eachMessage: async () => undefined });
      return consumer;
    }

    const publish = (transport: KafkaTransport, topic: string, count = 64): Promise<void> =>
      transport.publish(Array.from({ length: count }, (_, n) => ({ topic, key: `key-${n}`, value: uuidV7() })));

    /** Resolves when everything published was read; some of it may be read twice. */
    const haveRead = (count: number, ...readers: readonly RecordingSubscriber[]): Promise<unknown> =>
      waitUntil('all is read', () => new Set(readers.flatMap(({ values }) => values)).size === count);

    const all = (topic: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${topic}/${n}`);

    beforeAll(async () => {
      broker = await start();
      watch = await GroupWatch.on(broker.address);
    });

    afterAll(async () => {
      await watch?.close();
      await broker?.stop();
    });

    beforeEach(async () => {
      const id = uuidV7();
      group = `group-${id}`;
      [known, added] = [`known-${id}`, `added-${id}`];
      await connect().ensureTopics([known, added]);
    });

    afterEach(async () => {
      await Promise.all(open.splice(0).map((each) => each.close()));
    });

    /** Two members, of which only one knows the added topic, share both topics and read everything in them. */
    async function readBothTopics(...readers: [RecordingSubscriber, RecordingSubscriber]): Promise<void> {
      const members = await watch.members(group, 2);
      expect(members.flat().toSorted()).toEqual([...all(added, 4), ...all(known, 4)]);
      expect(members.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([2, 6]);
      const publisher = connect();
      await publish(publisher, known);
      await publish(publisher, added);
      await haveRead(128, ...readers);
    }

    it('reads all of a new topic while its leader is of a release that does not know the topic', async () => {
      const before = await subscribe([known]);
      await watch.members(group, 1);
      const after = await subscribe([known, added]);
      await readBothTopics(before, after);
      expect(before.partitions[added]).toBeUndefined();
    });

    it('reads all of a topic that its newest members do not know any more', async () => {
      const before = await subscribe([known, added]);
      await watch.members(group, 1);
      const after = await subscribe([known]);
      await readBothTopics(before, after);
      expect(after.partitions[added]).toBeUndefined();
    });

    it('gives the same partition number of all topics to the same member once all know them', async () => {
      const before = await subscribe([known]);
      await watch.members(group, 1);
      await subscribe([known, added]);
      await watch.members(group, 2);
      await before.stop();
      await subscribe([known, added]);
      const members = await watch.members(group, 2);
      const numbersOf = (read: readonly string[], topic: string): string[] =>
        read.filter((each) => each.startsWith(`${topic}/`)).map((each) => each.slice(topic.length));
      for (const read of members) expect(numbersOf(read, added)).toEqual(numbersOf(read, known));
      expect(members.flat().toSorted()).toEqual([...all(added, 4), ...all(known, 4)]);
    });

    it('reads new partitions from their start', async () => {
      const readers = [await subscribe([known]), await subscribe([known])];
      await watch.members(group, 2);
      await watch.extend(known, 8);
      // A process that has just started knows no smaller number of partitions.
      await publish(connect(), known);
      expect((await watch.published(known)).every((messages) => messages > 0)).toBe(true);
      await haveRead(64, ...readers);
      expect((await watch.members(group, 2)).map(({ length }) => length)).toEqual([4, 4]);
    });

    it('reads new partitions of a topic that its leader does not know', async () => {
      const before = await subscribe([known]);
      await watch.members(group, 1);
      const after = await subscribe([known, added]);
      await watch.members(group, 2);
      await watch.extend(added, 8);
      await publish(connect(), added);
      await haveRead(64, before, after);
      expect((await watch.members(group, 2)).flat().toSorted()).toEqual([...all(added, 8), ...all(known, 4)]);
    });

    it('reports that it may have missed messages of new partitions when it reads only later ones', async () => {
      let missed = 0;
      const options = { group, topics: [known], from: 'now', missed: () => void (missed += 1) } as const;
      const reader = await RecordingSubscriber.start(connect(), options);
      await waitUntil('it has begun', () => missed > 0);
      const before = missed;
      await watch.extend(known, 8);
      await waitUntil('the new ones are read', async () => (await watch.members(group, 1))[0]?.length === 8);
      await waitUntil('it has begun with them', () => missed > before);
      await publish(connect(), known);
      await haveRead(64, reader);
      expect(reader.partitions[known]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    });

    it('deletes groups without members whose names begin with a prefix, and no other', async () => {
      const transport = connect();
      const [left, used, other] = [`${group}-tail-left`, `${group}-tail-used`, `${group}-other`];
      for (const each of [left, other]) {
        const ended = await RecordingSubscriber.start(transport, { group: each, topics: [known] });
        await watch.members(each, 1);
        await ended.stop();
      }
      await RecordingSubscriber.start(transport, { group: used, topics: [known] });
      await watch.members(used, 1);
      await transport.deleteEmptyGroups(`${group}-tail-`);
      expect((await watch.groups()).filter((each) => each.startsWith(group)).toSorted()).toEqual([other, used]);
      // The members of a group that was kept go on.
      await publish(transport, known, 1);
      await watch.members(used, 1);
    });

    it('publishes to new partitions only after consumers had time to notice them', async () => {
      let elapsed = 0;
      const publisher = connect(new PartitionGrowth(() => elapsed));
      const reader = await subscribe([known]);
      await watch.members(group, 1);
      await publish(publisher, known);
      await watch.extend(known, 8);
      // For a new topic the producer refreshes the metadata of all its topics, and so sees the new partitions at once.
      await publish(publisher, added, 1);
      await publish(publisher, known);
      expect((await watch.published(known)).slice(4)).toEqual([0, 0, 0, 0]);
      await waitUntil('the new ones are read', async () => (await watch.members(group, 1))[0]?.length === 8);
      expect((await watch.published(known)).slice(4)).toEqual([0, 0, 0, 0]);
      elapsed += SETTLED_MS;
      await publish(publisher, known);
      expect((await watch.published(known)).every((messages) => messages > 0)).toBe(true);
      // 64 each time, and none of the other topic, which has no subscriber.
      await haveRead(192, reader);
    });

    it('reads all messages with members before and after a change of the assignment protocol, under either leader', async () => {
      await joinWith([formerAssigner], [known]);
      await watch.members(group, 1);
      await subscribe([known]);
      const members = await watch.members(group, 2);
      expect(members.flat().toSorted()).toEqual(all(known, 4));
      expect(members.map(({ length }) => length)).toEqual([2, 2]);

      group += '-led-by-the-later-one';
      await subscribe([known, added]);
      await watch.members(group, 1);
      await joinWith([formerAssigner], [known]);
      expect((await watch.members(group, 2)).flat().toSorted()).toEqual([...all(added, 4), ...all(known, 4)]);
    });

    it('assigns ranges while a later release uses a protocol that this one does not know', async () => {
      const [own, range] = groupProtocols(async () => new Map(), { name: 'a test' });
      const later: PartitionAssigner = (config) => {
        const assigner = own!(config);
        const named = { name: 'palinode-of-a-later-release' };
        return { ...assigner, ...named, protocol: (asked) => ({ ...assigner.protocol(asked), ...named }) };
      };
      const before = await subscribe([known]);
      await watch.members(group, 1);
      expect(await watch.protocol(group)).toBe('palinode-same-partition');
      await joinWith([later, range!], [known]);
      const members = await watch.members(group, 2);
      expect(await watch.protocol(group)).toBe('range');
      expect(members.map(String).toSorted()).toEqual([
        String(all(known, 4).slice(0, 2)),
        String(all(known, 4).slice(2)),
      ]);
      await before.stop();
      await watch.members(group, 1);
      expect(await watch.protocol(group)).toBe('palinode-of-a-later-release');
    });
  });
}
