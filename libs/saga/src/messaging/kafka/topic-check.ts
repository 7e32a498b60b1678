/*
 * Compares topics as they are with what they need. What loses messages in normal operation is fatal. What loses them in a
 * long outage or with a broken broker, or costs speed, is a warning: the cluster may be one for development, and
 * partitions are added to one topic after the other while services run.
 */
import { addPartitions, KEPT_MS, partitionedAlike, setTopic, type TopicUse, useOf } from '../../contract';

/** A topic as it exists. */
export interface FoundTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicas: number;
  /** Kafka's settings by their names; undefined when this process may not read them. */
  readonly settings: ReadonlyMap<string, string> | undefined;
}

export interface TopicContext {
  /** How many brokers the cluster has. */
  readonly brokers: number;
  /** How many partitions the topics should have. */
  readonly partitions: number;
  /** The brokers for Kafka's tools: `host:port`, separated by commas. */
  readonly bootstrapServer: string;
}

export interface TopicProblems {
  /** Why the service cannot work with the topics. */
  readonly fatal: readonly string[];
  readonly warnings: readonly string[];
}

interface Rule {
  readonly isFatal?: boolean;
  readonly uses: readonly TopicUse[];
  readonly isBroken: (topic: FoundTopic, context: RuleContext) => boolean;
  /** What is wrong and the remedy, for the topic of this name; several are named by a placeholder, `first` is one of them. */
  readonly problem: (topic: string, context: RuleContext, first: string) => string;
}

interface RuleContext extends TopicContext {
  /** For topics that need as many partitions as others: the most that one of them has. */
  readonly mostAlike: ReadonlyMap<string, number>;
}

/** A cluster of this many brokers can hold three replicas. */
const BROKERS_FOR_REPLICAS = 3;
/** Stands for each topic in a command, where a problem has several. */
const PLACEHOLDER = 'TOPIC';

const SAGAS: readonly TopicUse[] = ['commands', 'replies'];
/** Topics whose readers may be away, and must find all messages when they return. */
const KEPT: readonly TopicUse[] = [...SAGAS, 'events', 'dead-letters'];
const ALL: readonly TopicUse[] = [...KEPT, 'acknowledgements'];

const RULES: readonly Rule[] = [
  {
    isFatal: true,
    uses: ALL.filter((use) => use !== 'events'),
    isBroken: isCompacted,
    problem: (topic, { bootstrapServer }) =>
      `compacted (cleanup.policy), so the broker deletes all messages of a saga but the newest:\n  ${setTopic(topic, 'cleanup.policy', 'delete', { bootstrapServer })}`,
  },
  {
    uses: ['events'],
    isBroken: isCompacted,
    problem: (topic, { bootstrapServer }) =>
      `compacted (cleanup.policy), so subscribers miss events that others of the same subject have followed:\n  ${setTopic(topic, 'cleanup.policy', 'delete', { bootstrapServer })}`,
  },
  {
    uses: KEPT,
    isBroken: (topic) => isWithin(numberIn(topic, 'retention.ms'), KEPT_MS.commands),
    problem: (topic, { bootstrapServer }) =>
      `kept for less than seven days (retention.ms), so a service that is away for longer loses messages:\n  ${setTopic(topic, 'retention.ms', KEPT_MS.commands, { bootstrapServer })}`,
  },
  {
    uses: KEPT,
    isBroken: (topic) => isWithin(numberIn(topic, 'retention.bytes'), Infinity),
    problem: (topic, { bootstrapServer }) =>
      `limited in size (retention.bytes), so a service that is away loses messages, however new:\n  ${setTopic(topic, 'retention.bytes', -1, { bootstrapServer })}`,
  },
  {
    uses: SAGAS,
    isBroken: ({ partitions }, context) => partitions < context.partitions,
    problem: (topic, { partitions, bootstrapServer }) =>
      `with fewer than the ${partitions} partitions that this service is configured for, so further instances are idle. Configure fewer, or:\n  ${addPartitions(topic, partitions, { bootstrapServer })}`,
  },
  {
    uses: SAGAS,
    isBroken: ({ name, partitions }, { mostAlike }) => partitions < (mostAlike.get(name) ?? 0),
    problem: (topic, { mostAlike, bootstrapServer }, first) =>
      `with fewer partitions than other topics of the same orchestrator, so its instances advance the same sagas, which is slow:\n  ${addPartitions(topic, mostAlike.get(first) ?? 1, { bootstrapServer })}`,
  },
  {
    uses: ALL,
    isBroken: ({ replicas }, { brokers }) => replicas === 1 && brokers >= BROKERS_FOR_REPLICAS,
    problem: (_, { brokers }) =>
      `with one replica in a cluster of ${brokers} brokers, so a broken disk loses its messages. Give it three (kafka-reassign-partitions.sh), and min.insync.replicas=2.`,
  },
  {
    uses: ALL,
    isBroken: ({ replicas }) => replicas === 2,
    problem: () =>
      'with two replicas, so that without one of them it either takes no messages or has each only once. Give it three (kafka-reassign-partitions.sh), and min.insync.replicas=2.',
  },
  {
    uses: ALL,
    isBroken: (topic) => topic.replicas > 2 && numberIn(topic, 'min.insync.replicas') === 1,
    problem: (topic, { bootstrapServer }) =>
      `with min.insync.replicas=1, so a message is acknowledged when one replica has it, and lost with that replica:\n  ${setTopic(topic, 'min.insync.replicas', 2, { bootstrapServer })}`,
  },
  {
    uses: ALL,
    isBroken: (topic) => topic.replicas > 2 && (numberIn(topic, 'min.insync.replicas') ?? 0) >= topic.replicas,
    problem: (topic, { bootstrapServer }) =>
      `with min.insync.replicas as high as the number of replicas, so it takes no messages while a broker is away:\n  ${setTopic(topic, 'min.insync.replicas', 2, { bootstrapServer })}`,
  },
];

/** What is wrong with these topics, each with the remedy. Topics that are none of the library's are left out. */
export function checkTopics(topics: readonly FoundTopic[], context: TopicContext): TopicProblems {
  const within = { ...context, mostAlike: mostAlikeOf(topics) };
  const problemOf = ({ uses, isBroken, problem }: Rule): readonly string[] => {
    const broken = topics.filter((topic) => isFor(topic, uses) && isBroken(topic, within)).map(({ name }) => name);
    const [first, another] = broken;
    if (first === undefined) return [];
    return [`${broken.join(', ')}: ${problem(another === undefined ? first : PLACEHOLDER, within, first)}`];
  };
  return {
    fatal: RULES.filter(({ isFatal }) => isFatal).flatMap(problemOf),
    warnings: RULES.filter(({ isFatal }) => !isFatal).flatMap(problemOf),
  };
}

function mostAlikeOf(topics: readonly FoundTopic[]): ReadonlyMap<string, number> {
  const partitions = new Map(topics.map((topic) => [topic.name, topic.partitions]));
  return new Map(
    partitionedAlike([...partitions.keys()]).flatMap((names) => {
      const most = Math.max(...names.map((name) => partitions.get(name) ?? 0));
      return names.map((name) => [name, most] as const);
    }),
  );
}

function isFor({ name }: FoundTopic, uses: readonly TopicUse[]): boolean {
  const use = useOf(name);
  return use !== undefined && uses.includes(use);
}

function isCompacted({ settings }: FoundTopic): boolean {
  return settings?.get('cleanup.policy')?.includes('compact') === true;
}

/** Undefined when the setting is unknown. */
function numberIn({ settings }: FoundTopic, name: string): number | undefined {
  const value = settings?.get(name);
  return value === undefined ? undefined : Number(value);
}

/** Whether this is a limit below another one; -1 is none. */
function isWithin(limit: number | undefined, other: number): boolean {
  return limit !== undefined && limit >= 0 && limit < other;
}
