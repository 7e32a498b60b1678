import { lifecycleEvents, topicsOf } from '../contract';
import { placeOrder, releaseStock, reserveStock } from '../../test/sample-saga';
import { asyncApiOf } from './document';
import { neededTopics, strimziTopics, topicCommands } from './needed-topics';

const system = { definitions: [placeOrder], commands: [reserveStock, releaseStock], events: lifecycleEvents };

describe('the list of topics that a system needs', () => {
  it('has those of the AsyncAPI document, and those that only the library writes to', () => {
    const { channels } = asyncApiOf({ title: 'test', version: '1.0.0', description: '', ...system });
    const names = neededTopics(system).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(channels as object)));
    expect(names).toContain('orchestrator.replies.orchestrator');
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  });

  it('has those of services whose contracts are known only from definitions', () => {
    const names = neededTopics({ ...system, commands: [] }).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['inventory.commands', 'orchestrator.replies.inventory']));
  });

  it('uses the name of the orchestrator and the prefix of the environment', () => {
    const topics = topicsOf({ orchestrator: 'shop', prefix: 'staging.' });
    const names = neededTopics({ definitions: [], commands: [], topics }).map(({ name }) => name);
    expect(names.toSorted()).toEqual([
      'staging.shop.acknowledgements',
      'staging.shop.commands',
      'staging.shop.dead-letters',
      'staging.shop.events',
      'staging.shop.replies.orchestrator',
    ]);
  });

  it.each([
    [3, '2'],
    [5, '4'],
    [2, undefined],
    [1, undefined],
    [undefined, undefined],
  ])('asks, with %s replicas, for min.insync.replicas=%s, so that one replica may be away', (replicas, least) => {
    for (const { settings } of neededTopics({ ...system, replicas }))
      expect(settings['min.insync.replicas']).toBe(least);
  });

  it('can be printed as commands of Kafka', () => {
    const commands = topicCommands(neededTopics({ ...system, partitions: 6, replicas: 3 }), {
      bootstrapServer: 'kafka:9092',
    });
    expect(commands).toContain(
      'kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic inventory.commands ' +
        '--partitions 6 --replication-factor 3 --config cleanup.policy=delete --config retention.ms=604800000 ' +
        '--config min.insync.replicas=2',
    );
  });

  it('can be printed as resources of Strimzi with names that Kubernetes allows', () => {
    const topics = neededTopics({ ...system, topics: topicsOf({ prefix: 'Team_A.' }), replicas: 3 });
    const resources = strimziTopics(topics, { cluster: 'my-cluster' }) as {
      metadata: { name: string };
      spec: object;
    }[];
    for (const { metadata } of resources) expect(metadata.name).toMatch(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/);
    expect(resources[0]).toEqual({
      apiVersion: 'kafka.strimzi.io/v1',
      kind: 'KafkaTopic',
      metadata: { name: 'team-a.orchestrator.commands', labels: { 'strimzi.io/cluster': 'my-cluster' } },
      spec: {
        topicName: 'Team_A.orchestrator.commands',
        partitions: 4,
        replicas: 3,
        config: { 'cleanup.policy': 'delete', 'retention.ms': '604800000', 'min.insync.replicas': '2' },
      },
    });
  });
});
