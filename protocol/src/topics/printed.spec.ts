import { neededTopics, type NeededTopic } from '@palinode/saga/asyncapi';
import { parseAllDocuments } from 'yaml';
import { shop } from '../asyncapi/shop';
import { printed } from './printed';

const topics = neededTopics({ ...shop, partitions: 8, replicas: 3 });
const options = { bootstrapServer: 'kafka:9092', commandConfig: 'admin.properties', cluster: 'shop' };

describe('npm run topics', () => {
  it('prints a command for each topic of the shop', () => {
    const commands = printed.commands(topics, options).split('\n');
    expect(commands).toHaveLength(topics.length);
    for (const { name } of topics)
      expect(commands).toContainEqual(
        expect.stringMatching(
          ` kafka:9092 --command-config admin.properties --create .* --topic ${name} --partitions 8 `,
        ),
      );
  });

  it('prints the topics of the shop as JSON', () => {
    const read = JSON.parse(printed.json(topics)) as NeededTopic[];
    expect(read.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['orchestrator.commands', 'payment.commands', 'order.events', 'saga.dead-letters']),
    );
    expect(read).toEqual(topics);
  });

  it('prints a resource of Strimzi for each topic of the shop', () => {
    const resources = parseAllDocuments(printed.strimzi(topics, options)).map((document) => document.toJS() as object);
    expect(resources).toHaveLength(topics.length);
    for (const resource of resources)
      expect(resource).toMatchObject({ kind: 'KafkaTopic', metadata: { labels: { 'strimzi.io/cluster': 'shop' } } });
  });
});
