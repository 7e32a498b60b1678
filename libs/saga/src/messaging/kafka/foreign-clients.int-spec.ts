import { EmbeddedKafka } from '@palinode/embedded-kafka';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { Child } from '@palinode/testing-support/processes/child';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { v7 as uuidV7 } from 'uuid';
import {
  goDirectory,
  goMissing,
  javaDirectory,
  javaMissing,
  newestJava,
} from '../../../../embedded-kafka/test/conformance/core-operations';
import { missing } from '../../../../embedded-kafka/test/conformance/foreign-toolchain';
import { GroupWatch } from '../../../test/group-watch';
import { RealServers } from '../../../test/real-servers';
import { RecordingLog } from '../../../test/recording-log';
import { RecordingSubscriber } from '../../../test/recording-subscriber';
import { KafkaTransport } from './kafka-transport';

// Debian's Python, which its python3-kafka belongs to; another one may be first on the PATH.
const python = '/usr/bin/python3';

const throughPython = `
import signal, sys
from kafka import KafkaConsumer
def end(*_): raise SystemExit
signal.signal(signal.SIGTERM, end)
broker, topic, group = sys.argv[1:]
consumer = KafkaConsumer(topic, group_id=group, bootstrap_servers=broker, auto_offset_reset='earliest')
try:
    for message in consumer: print(message.value.decode(), flush=True)
finally:
    consumer.close()
`;

interface ForeignMember {
  readonly name: string;
  missing(): string | undefined;
  /** Builds it when it is not in the cache. */
  prepare?(): void;
  command(broker: string, topic: string, group: string): readonly string[];
}

/** Other clients with their defaults, except franz-go, whose default balancer no other client here has. */
const foreignMembers: readonly ForeignMember[] = [
  {
    name: 'kcat (librdkafka)',
    missing: () => missing('kcat', ['-V'], 'Install it with: apt-get install kcat'),
    command: (broker, topic, group) => [
      'kcat',
      '-b',
      broker,
      '-u',
      '-q',
      '-X',
      'auto.offset.reset=earliest',
      '-G',
      group,
      topic,
    ],
  },
  {
    name: 'kafka-python 2.0',
    missing: () => missing(python, ['-c', 'import kafka'], 'Install it with: apt-get install python3-kafka'),
    command: (...args) => [python, '-c', throughPython, ...args],
  },
  {
    name: 'franz-go (Go)',
    missing: goMissing,
    prepare: goDirectory,
    command: (...args) => [`${goDirectory()}/bin/franz-go-member`, ...args],
  },
  {
    name: 'sarama (Go)',
    missing: goMissing,
    prepare: goDirectory,
    command: (...args) => [`${goDirectory()}/bin/sarama-member`, ...args],
  },
  {
    name: `Apache Kafka's client ${newestJava} (Java)`,
    missing: javaMissing,
    prepare: () => javaDirectory(newestJava, 'kafka-tools'),
    command: (...args) => {
      const directory = javaDirectory(newestJava, 'kafka-tools');
      return ['java', '-cp', `${directory}/classes:${directory}/libs/*`, 'GroupMember', ...args];
    },
  },
];

const building = 500_000;

describe('a group with foreign members', () => {
  let servers: RealServers;
  let kafka: EmbeddedKafka;
  let transport: KafkaTransport;
  let watch: GroupWatch;

  beforeAll(async () => {
    servers = await RealServers.start({ kafka: true, postgres: 'none' });
    kafka = servers.kafka;
    transport = new KafkaTransport({ brokers: [kafka.address] }, new RecordingLog());
    watch = await GroupWatch.on(kafka.address);
  });

  afterAll(async () => {
    await watch?.close();
    await transport?.close();
    await servers?.stop();
  });

  async function publish(topic: string): Promise<readonly string[]> {
    const values = Array.from({ length: 64 }, () => uuidV7());
    await transport.publish(values.map((value, n) => ({ topic, key: `key-${n}`, value })));
    return values;
  }

  describe.each(foreignMembers)('$name', (member) => {
    describeWhenAvailable('beside our own', member.missing(), () => {
      let topic: string;
      let group: string;
      let theirs: Set<string>;
      let foreign: Child | undefined;

      async function startForeign(): Promise<Child> {
        const [file, ...args] = member.command(kafka.address, topic, group);
        const onLine = (line: string): unknown => theirs.add(line);
        return (foreign = await Child.start(file!, args, { name: member.name, onLine, guarded: true }));
      }

      const subscribe = (): Promise<RecordingSubscriber> =>
        RecordingSubscriber.start(transport, { group, topics: [topic] });

      /** Each reads half of the partitions, and together they read every message. */
      async function areSharing(ours: RecordingSubscriber): Promise<void> {
        const members = await watch.members(group, 2);
        expect(members.flat().toSorted()).toEqual([0, 1, 2, 3].map((partition) => `${topic}/${partition}`));
        expect(members.map(({ length }) => length)).toEqual([2, 2]);
        expect(await watch.protocol(group)).toBe('range');
        const published = await publish(topic);
        const [weRead, theyRead] = [
          (value: string): boolean => ours.values.includes(value),
          (value: string): boolean => theirs.has(value),
        ];
        await waitUntil('all messages are read', () => published.every((value) => weRead(value) || theyRead(value)));
        expect([published.some(weRead), published.some(theyRead)]).toEqual([true, true]);
      }

      beforeAll(() => member.prepare?.(), building);

      beforeEach(async () => {
        const id = uuidV7();
        [topic, group, theirs] = [`topic-${id}`, `group-${id}`, new Set()];
        await transport.ensureTopics([topic]);
      });

      afterEach(async () => {
        await foreign?.stop();
        foreign = undefined;
      });

      it('joins a running group of ours, shares its partitions and leaves it again', async () => {
        const ours = await subscribe();
        await watch.members(group, 1);
        const child = await startForeign();
        await areSharing(ours);
        await child.stop();
        expect(await watch.members(group, 1)).toEqual([[0, 1, 2, 3].map((partition) => `${topic}/${partition}`)]);
        expect(await watch.protocol(group)).toBe('palinode-same-partition');
        await ours.stop();
      });

      it('leads a group that ours joins', async () => {
        await startForeign();
        await watch.members(group, 1);
        const ours = await subscribe();
        await areSharing(ours);
        await ours.stop();
      });
    });
  });
});
