import { strimziTopics, topicCommands, type NeededTopic } from '@palinode/saga/asyncapi';
import { stringify } from 'yaml';

export interface Cluster {
  /** `host:port`, separated by commas. */
  readonly brokers: string;
  /** The name of its Kafka resource in Strimzi. */
  readonly cluster: string;
}

/** The topics as commands of Kafka's tools, as JSON, and as resources of the Strimzi operator. */
export const printed = {
  commands: (topics: readonly NeededTopic[], { brokers }: Cluster): string => topicCommands(topics, brokers).join('\n'),
  json: (topics: readonly NeededTopic[]): string => JSON.stringify(topics, null, 2),
  strimzi: (topics: readonly NeededTopic[], { cluster }: Cluster): string =>
    strimziTopics(topics, cluster)
      .map((topic) => stringify(topic))
      .join('---\n'),
};
