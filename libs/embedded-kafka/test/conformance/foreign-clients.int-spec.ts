import { randomUUID } from 'node:crypto';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { Clients } from './clients';
import { foreignClients, javaDirectory, javaMissing, newestJava } from './core-operations';
import { EmbeddedBrokerProcess } from './embedded-broker-process';
import { missing, run } from './foreign-toolchain';

// Debian's Python, which has python3-kafka; another one may be first on the PATH.
const python = '/usr/bin/python3';

const throughPython = `
import sys
from kafka import KafkaConsumer, KafkaProducer
broker, topic, group = sys.argv[1:]
producer = KafkaProducer(bootstrap_servers=broker)
for value in range(10):
    producer.send(topic, str(value).encode(), key=b'key', headers=[('from', b'python')], partition=1).get(10)
producer.close()
consumer = KafkaConsumer(topic, group_id=group, bootstrap_servers=broker, auto_offset_reset='earliest')
for at, message in enumerate(consumer):
    print(message.key.decode(), message.value.decode(), message.headers[0][1].decode())
    if at == 9: break
consumer.close()
`;

describe('clients in other languages', () => {
  let broker: EmbeddedBrokerProcess | undefined;
  let clients: Clients;
  let address: string;

  beforeAll(async () => {
    broker = await EmbeddedBrokerProcess.start();
    address = broker.brokers[0]!;
    clients = new Clients(broker.brokers);
  });
  afterAll(async () => {
    await clients?.close();
    await broker?.stop();
  });

  describeWhenAvailable('kcat (librdkafka)', missing('kcat', ['-V'], 'Install it with: apt-get install kcat'), () => {
    it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('produces and consumes with compression %s', async (codec) => {
      const topic = await clients.topic(2);
      const produce = ['-b', address, '-P', '-t', topic, '-p', '1', '-K:', '-z', codec, '-H', 'from=kcat'];
      run('kcat', produce, { input: 'k1:first\nk2:second\n' });
      const format = '%p %o %k %s %h\n';
      const consume = ['-b', address, '-C', '-t', topic, '-o', 'beginning', '-e', '-q', '-f', format];
      expect(run('kcat', consume)).toBe('1 0 k1 first from=kcat\n1 1 k2 second from=kcat\n');
    });

    it('consumes in a group and resumes where it stopped', async () => {
      const topic = await clients.topic();
      const consume = ['-b', address, '-G', randomUUID(), '-e', '-q', '-X', 'auto.offset.reset=earliest', topic];
      run('kcat', ['-b', address, '-P', '-t', topic, '-X', 'enable.idempotence=true'], { input: 'one\ntwo\n' });
      expect(run('kcat', consume)).toBe('one\ntwo\n');
      run('kcat', ['-b', address, '-P', '-t', topic], { input: 'three\n' });
      expect(run('kcat', consume)).toBe('three\n');
    });
  });

  describeWhenAvailable(
    'kafka-python 2.0',
    missing(python, ['-c', 'import kafka'], 'Install it with: apt-get install python3-kafka'),
    () => {
      it('produces with headers and consumes in a group', async () => {
        const topic = await clients.topic(2);
        const lines = run(python, ['-c', throughPython, address, topic, randomUUID()]).trim().split('\n');
        expect(lines).toEqual(Array.from({ length: 10 }, (_, at) => `key ${at} python`));
      });
    },
  );

  const building = 500_000;

  describe.each(foreignClients)('$name', (client) => {
    describeWhenAvailable('the core operations', client.missing(), () => {
      beforeAll(() => client.prepare(), building);

      it('creates a topic, produces, consumes in a group, commits, resumes, describes and reports the lag', () => {
        const printed = client.run(address, `topic-${randomUUID()}`, randomUUID()).trim().split('\n');
        const received = printed.filter((line) => line.startsWith('received'));
        expect(received.slice(0, 5).toSorted()).toEqual([0, 1, 2, 3, 4].map((value) => `received ${value}`));
        expect(received.slice(5).toSorted()).toEqual([5, 6, 7, 8, 9].map((value) => `received ${value}`));
        expect(printed).toEqual(expect.arrayContaining(['partitions 2', 'cleanup.policy delete', 'lag 5']));
        // A program that tries a transaction gets an error with a reason at once.
        const reasons = printed.filter((line) => line.startsWith('transactions'));
        expect(reasons).toEqual(reasons.map(() => expect.stringContaining('Transactional Id authorization failed')));
      });
    });
  });

  describeWhenAvailable(`Apache Kafka’s tools ${newestJava}`, javaMissing(), () => {
    let cwd: string;
    beforeAll(() => {
      cwd = javaDirectory(newestJava, 'kafka-tools');
    }, building);

    const tool = (name: string, ...args: string[]): string =>
      run('java', ['-cp', 'libs/*', `org.apache.kafka.tools.${name}`, '--bootstrap-server', address, ...args], { cwd });

    it('describe a topic, and the lag of a group', async () => {
      const topic = await clients.topic(2, { 'retention.ms': '1000000' });
      const groupId = randomUUID();
      const admin = await clients.admin();
      await (
        await clients.producer()
      ).send({ topic, messages: ['a', 'b', 'c'].map((value) => ({ value, partition: 1 })) });
      await admin.setOffsets({ groupId, topic, partitions: [{ partition: 1, offset: '1' }] });
      const described = tool('TopicCommand', '--describe', '--topic', topic);
      expect(described).toMatch(/PartitionCount: 2\s+ReplicationFactor: 1\s+Configs: retention.ms=1000000/);
      const lags = tool('consumer.group.ConsumerGroupCommand', '--describe', '--group', groupId);
      expect(lags).toMatch(new RegExp(`${groupId}\\s+${topic}\\s+1\\s+1\\s+3\\s+2\\s`));
    });
  });
});
