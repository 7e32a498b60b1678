import { describeWhenAvailable } from '../available-or-skipped';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { accepts } from '@palinode/testing-support/ports';
import { isAlive } from '@palinode/testing-support/processes/left-over';
import { ApacheKafka } from './apache-kafka';

describeWhenAvailable('Apache Kafka', ApacheKafka.missing(), () => {
  let kafka: ApacheKafka;

  beforeAll(async () => {
    kafka = await ApacheKafka.start();
  });
  afterAll(() => kafka?.stop());

  it('keeps acknowledged messages when it is killed', async () => {
    await createTopic(kafka, 'survives');
    await send(kafka, 'survives', ['one', 'two']);
    await kafka.kill();
    expect(kafka.pid).toBeUndefined();
    await kafka.restart();
    expect(await endOffset(kafka, 'survives')).toBe(2);
  });

  it('stops a broker that a killed run left behind in its directory', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'palinode-left-over-'));
    const abandoned = await ApacheKafka.start({ directory });
    const abandonedPid = abandoned.pid as number;
    const next = await ApacheKafka.start({ directory });
    try {
      expect(isAlive(abandonedPid)).toBe(false);
      expect(next.pid).not.toBe(abandonedPid);
    } finally {
      await next.stop();
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('frees its port and deletes its data when it is stopped', async () => {
    const { directory, port } = kafka;
    await kafka.stop();
    expect(await accepts(port)).toBe(false);
    expect(existsSync(directory)).toBe(false);
  });
});

const client = (kafka: ApacheKafka) => new Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING });

async function createTopic(kafka: ApacheKafka, topic: string): Promise<void> {
  const admin = client(kafka).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
  await admin.disconnect();
}

async function send(kafka: ApacheKafka, topic: string, values: string[]): Promise<void> {
  const producer = client(kafka).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic, messages: values.map((value) => ({ value })) });
  await producer.disconnect();
}

async function endOffset(kafka: ApacheKafka, topic: string): Promise<number> {
  const admin = client(kafka).admin();
  await admin.connect();
  const [partition] = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return Number(partition?.offset);
}
