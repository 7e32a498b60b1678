/*
 * What the topics need of a broker. `npm run topics` prints it for the people who create topics; a service that starts
 * compares the existing topics with it.
 */
import { ConfigurationError } from './errors';
import { type TopicUse, useOf } from './topics';

const DAY_MS = 86_400_000;

/**
 * How long messages are kept at least. A service that is away for longer loses those in between. Acknowledgements are
 * sent again when they are lost, and a claim has no messages.
 */
export const KEPT_MS: Readonly<Record<TopicUse, number>> = {
  commands: 7 * DAY_MS,
  replies: 7 * DAY_MS,
  events: 7 * DAY_MS,
  acknowledgements: DAY_MS,
  'dead-letters': 7 * DAY_MS,
  claim: DAY_MS,
};

/** A topic as it should be created. */
export interface NeededTopic {
  readonly name: string;
  readonly use: TopicUse;
  readonly partitions: number;
  /** Undefined: the broker's default. */
  readonly replicas: number | undefined;
  /** Kafka's settings of the topic, by their names. */
  readonly settings: Readonly<Record<string, string>>;
}

/** @throws ConfigurationError when the name is not one that the library gives to a topic. */
export function neededTopic(name: string, partitions: number, replicas?: number): NeededTopic {
  const use = useOf(name);
  if (use === undefined) throw new ConfigurationError(`${name} is not a topic of an orchestrator or of a service.`);
  return {
    name,
    use,
    // Nothing is ever written to a claim.
    partitions: use === 'claim' ? 1 : partitions,
    replicas,
    settings: {
      'cleanup.policy': 'delete',
      'retention.ms': String(KEPT_MS[use]),
      // One replica may be away: the others still acknowledge, and at least two have each message.
      ...(replicas !== undefined && replicas > 2 ? { 'min.insync.replicas': String(replicas - 1) } : {}),
    },
  };
}
