import { randomUUID } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { Clients } from './clients';
import { EmbeddedBrokerProcess } from './embedded-broker-process';

// Debian's Python, which its python3-kafka belongs to; another one may be first on the PATH.
const python = '/usr/bin/python3';

function run(command: string, args: string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', input, timeout: 30_000 });
  if (status !== 0) throw error ?? new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout;
}

function missing(command: string, args: string[], packageName: string): string | undefined {
  return spawnSync(command, args).status === 0 ? undefined : `Install it with: apt-get install ${packageName}`;
}

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

  describeWhenAvailable('kcat (librdkafka)', missing('kcat', ['-V'], 'kcat'), () => {
    it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('produces and consumes with compression %s', async (codec) => {
      const topic = await clients.topic(2);
      const produce = ['-b', address, '-P', '-t', topic, '-p', '1', '-K:', '-z', codec, '-H', 'from=kcat'];
      run('kcat', produce, 'k1:first\nk2:second\n');
      const format = '%p %o %k %s %h\n';
      const consume = ['-b', address, '-C', '-t', topic, '-o', 'beginning', '-e', '-q', '-f', format];
      expect(run('kcat', consume)).toBe('1 0 k1 first from=kcat\n1 1 k2 second from=kcat\n');
    });

    it('consumes in a group and goes on where it stopped', async () => {
      const topic = await clients.topic();
      const consume = ['-b', address, '-G', randomUUID(), '-e', '-q', '-X', 'auto.offset.reset=earliest', topic];
      run('kcat', ['-b', address, '-P', '-t', topic, '-X', 'enable.idempotence=true'], 'one\ntwo\n');
      expect(run('kcat', consume)).toBe('one\ntwo\n');
      run('kcat', ['-b', address, '-P', '-t', topic], 'three\n');
      expect(run('kcat', consume)).toBe('three\n');
    });
  });

  describeWhenAvailable('kafka-python', missing(python, ['-c', 'import kafka'], 'python3-kafka'), () => {
    it('produces with headers and consumes in a group', async () => {
      const topic = await clients.topic(2);
      const lines = run(python, ['-c', throughPython, address, topic, randomUUID()]).trim().split('\n');
      expect(lines).toEqual(Array.from({ length: 10 }, (_, at) => `key ${at} python`));
    });
  });
});
