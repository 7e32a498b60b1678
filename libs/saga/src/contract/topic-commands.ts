/* The commands of Kafka's own tools that create and change topics, for error messages and for `npm run topics`. */
import type { NeededTopic } from './needed-topic';

export interface ToolOptions {
  /** `host:port`, separated by commas. */
  readonly bootstrapServer: string;
  /** The file with the administrator's client settings, if it needs some. */
  readonly commandConfig?: string | undefined;
}

function tool(name: string, { bootstrapServer, commandConfig }: ToolOptions): string {
  return `${name}.sh --bootstrap-server ${bootstrapServer}${commandConfig === undefined ? '' : ` --command-config ${commandConfig}`}`;
}

/** The command that creates the topic. */
export function createTopic({ name, partitions, replicas, settings }: NeededTopic, options: ToolOptions): string {
  const configs = Object.entries(settings).map(([setting, value]) => ` --config ${setting}=${value}`);
  const replication = replicas === undefined ? '' : ` --replication-factor ${replicas}`;
  return `${tool('kafka-topics', options)} --create --if-not-exists --topic ${name} --partitions ${partitions}${replication}${configs.join('')}`;
}

/** The command that gives an existing topic this many partitions. */
export function addPartitions(topic: string, partitions: number, options: ToolOptions): string {
  return `${tool('kafka-topics', options)} --alter --topic ${topic} --partitions ${partitions}`;
}

/** The command that changes a setting of an existing topic. */
export function setTopic(topic: string, setting: string, value: string | number, options: ToolOptions): string {
  return `${tool('kafka-configs', options)} --alter --entity-type topics --entity-name ${topic} --add-config ${setting}=${value}`;
}
