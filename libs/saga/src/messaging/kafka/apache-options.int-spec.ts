import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from 'kafkajs';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { ApacheKafka } from '@palinode/test-support/kafka/apache-kafka';
import { describeCompression } from '../../../test/compression-conformance';
import { RecordingLog } from '../../../test/recording-log';
import { RecordingSubscriber } from '../../../test/recording-subscriber';
import { describeTopics, TopicCreator } from '../../../test/topic-conformance';
import { ConfigurationError } from '../../contract';
import { KafkaTransport } from './kafka-transport';

/** Everything without a rule is allowed to everyone. */
const RULES = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': true,
};

describeWhenAvailable('the options of the transport on the reference broker', ApacheKafka.missing(), () => {
  let kafka: ApacheKafka;
  let creator: TopicCreator;
  let transport: KafkaTransport;
  const log = new RecordingLog();

  beforeAll(async () => {
    kafka = await ApacheKafka.start({ settings: RULES });
    creator = await TopicCreator.connect(kafka.address);
    transport = new KafkaTransport({ brokers: [kafka.address], createTopics: false }, log);
  });

  afterAll(async () => {
    await transport?.close();
    await creator?.close();
    await kafka?.stop();
  });

  const same = async () => ({ address: kafka.address, stop: async () => undefined });
  describeTopics('Apache Kafka', same);
  describeCompression('Apache Kafka', same);

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('reads what the broker has compressed with %s', async (codec) => {
    const topic = `${codec}.events`;
    await creator.create({ topic, numPartitions: 1, configEntries: [{ name: 'compression.type', value: codec }] });
    const values = Array.from({ length: 500 }, (_, n) => `{"order":${n},"note":"as before, as before, as before"}`);
    await transport.publish(values.map((value) => ({ topic, key: 'k', value })));
    const subscriber = await RecordingSubscriber.start(transport, { group: `readers-of-${codec}`, topics: [topic] });
    await subscriber.hasReceived(values.length);
    expect(subscriber.values).toEqual(values);
  });

  it('fails the start of a service with a compacted topic of commands, with the remedy', async () => {
    const topic = 'compacted.commands';
    await creator.create({ topic, configEntries: [{ name: 'cleanup.policy', value: 'compact' }] });
    const starting = transport.ensureTopics([topic]);
    await expect(starting).rejects.toThrow(ConfigurationError);
    await expect(starting).rejects.toThrow(/--entity-name compacted\.commands --add-config cleanup\.policy=delete/);
  });

  it('starts a service that may not read the settings of its topics, which says so once', async () => {
    const [closed, open] = ['closed.commands', 'open.commands'];
    await creator.create(
      { topic: closed, numPartitions: 4, configEntries: [{ name: 'cleanup.policy', value: 'compact' }] },
      { topic: open, numPartitions: 4, configEntries: [{ name: 'retention.bytes', value: '1000' }] },
    );
    await mayOnlyBeDescribed(kafka.address, closed);
    await transport.ensureTopics([closed, open]);
    await transport.ensureTopics([closed, open]);
    expect(log.lines.filter((line) => line.includes(closed))).toEqual([
      'topics: not checked, because this service may not read the settings (DescribeConfigs) of closed.commands',
    ]);
    expect(log.lines.filter((line) => line.includes(open))).toEqual([expect.stringContaining('retention.bytes')]);
  });
});

/** Adds a rule: anyone may see that the topic exists, and nobody its settings. */
async function mayOnlyBeDescribed(address: string, topic: string): Promise<void> {
  const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createAcls({
    acl: [
      {
        resourceType: AclResourceTypes.TOPIC,
        resourceName: topic,
        resourcePatternType: ResourcePatternTypes.LITERAL,
        principal: 'User:*',
        host: '*',
        operation: AclOperationTypes.DESCRIBE,
        permissionType: AclPermissionTypes.ALLOW,
      },
    ],
  });
  await admin.disconnect();
}
