import { CHILDREN, createTopic, neededTopic, topicsOf, type NeededTopic } from '../contract';
import { DefinitionRegistry } from '../definition';
import type { KafkaCommandOptions, StrimziOptions } from './acl-formats';
import type { Documented } from './document';

/** A system whose topics are created by others, and their size. */
export interface TopicPlan extends Pick<Documented, 'definitions' | 'commands' | 'events' | 'topics'> {
  /** Of each topic. Instances of a service beyond this number are idle. @default 4 */
  readonly partitions?: number;
  /** Of each topic; with three or more, one of them may be away. @default the broker's own default */
  readonly replicas?: number | undefined;
}

/**
 * Returns the topics of a system, for services that create none (`createTopics: false`). The topic with which the
 * orchestrator's database claims its name is not among them: its name is known after the orchestrator's first start.
 */
export function neededTopics({
  definitions,
  commands,
  events = [],
  topics = topicsOf(),
  partitions = 4,
  replicas,
}: TopicPlan): readonly NeededTopic[] {
  const sentTo = new DefinitionRegistry(definitions, topics).services();
  const services = [...sentTo, ...commands.map(({ service }) => service)].filter((service) => service !== CHILDREN);
  const names = [
    topics.commands,
    topics.repliesOf(CHILDREN),
    ...services.flatMap((service) => [topics.commandsOf(service), topics.repliesOf(service)]),
    ...events.map(({ service }) => topics.eventsOf(service)),
    topics.lifecycle,
    topics.acknowledgements,
    topics.deadLetters,
  ];
  return [...new Set(names)].map((name) => neededTopic(name, partitions, replicas));
}

/** Returns the commands of Kafka's own tools that create these topics. */
export function topicCommands(
  topics: readonly NeededTopic[],
  { bootstrapServer = 'localhost:9092', commandConfig }: KafkaCommandOptions = {},
): readonly string[] {
  return topics.map((topic) => createTopic(topic, { bootstrapServer, commandConfig }));
}

/** Returns the KafkaTopic resources of the Strimzi operator for these topics. */
export function strimziTopics(topics: readonly NeededTopic[], { cluster }: StrimziOptions): readonly object[] {
  return topics.map(({ name, partitions, replicas, settings }) => ({
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaTopic',
    // Kubernetes allows fewer characters in a name than Kafka.
    metadata: {
      name: name.toLowerCase().replaceAll('_', '-'),
      labels: { 'strimzi.io/cluster': cluster },
    },
    spec: { topicName: name, partitions, ...(replicas === undefined ? {} : { replicas }), config: settings },
  }));
}
