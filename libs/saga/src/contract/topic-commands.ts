/* The commands of Kafka's own tools that create and change topics, for error messages and for `npm run topics`. */
import type { NeededTopic } from './needed-topic';

/** `--command-config` for a broker that needs credentials is the reader's to add. */
const tool = (name: string, brokers: string): string => `${name}.sh --bootstrap-server ${brokers}`;

/** The command that creates the topic. */
export function createTopic({ name, partitions, replicas, settings }: NeededTopic, brokers: string): string {
  const options = Object.entries(settings).map(([setting, value]) => ` --config ${setting}=${value}`);
  const replication = replicas === undefined ? '' : ` --replication-factor ${replicas}`;
  return `${tool('kafka-topics', brokers)} --create --if-not-exists --topic ${name} --partitions ${partitions}${replication}${options.join('')}`;
}

/** The command that gives an existing topic this many partitions. */
export function addPartitions(topic: string, partitions: number, brokers: string): string {
  return `${tool('kafka-topics', brokers)} --alter --topic ${topic} --partitions ${partitions}`;
}

/** The command that changes a setting of an existing topic. */
export function setTopic(topic: string, setting: string, value: string | number, brokers: string): string {
  return `${tool('kafka-configs', brokers)} --alter --entity-type topics --entity-name ${topic} --add-config ${setting}=${value}`;
}
