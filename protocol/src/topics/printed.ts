import {
  strimziTopics,
  topicCommands,
  type KafkaCommandOptions,
  type NeededTopic,
  type StrimziOptions,
} from '@palinode/saga/asyncapi';
import { stringify } from 'yaml';

type Options = KafkaCommandOptions & StrimziOptions;

/** The topics as commands of Kafka's tools, as JSON, and as resources of the Strimzi operator. */
export const printed = {
  commands: (topics: readonly NeededTopic[], options: Options): string => topicCommands(topics, options).join('\n'),
  json: (topics: readonly NeededTopic[]): string => JSON.stringify(topics, null, 2),
  strimzi: (topics: readonly NeededTopic[], options: Options): string =>
    strimziTopics(topics, options)
      .map((topic) => stringify(topic))
      .join('---\n'),
};
