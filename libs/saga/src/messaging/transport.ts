/** The value of a header, or several when its name occurs more than once. */
export type HeaderValue = Buffer | string;
/** The headers of a message, by name. */
export type Headers = Readonly<Record<string, HeaderValue | readonly HeaderValue[] | undefined>>;

/**
 * The name of a header that replaces those a transport left out because they were too many; its value is their number.
 */
export const HEADERS_LEFT_OUT = 'palinode-headers-left-out';

/** A message to publish. */
export interface OutgoingMessage {
  readonly topic: string;
  /** Messages of one key keep their order; those without a key go to any partition. */
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: Headers;
  /**
   * A smaller message to publish when the broker finds this one too large; without it, the message is dead-lettered.
   */
  readonly smaller?: (() => OutgoingMessage) | undefined;
  /** Called with the reason when its topic permanently rejects it and it was dead-lettered instead. */
  readonly refused?: ((why: string) => Promise<void>) | undefined;
}

/** Where a message is. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** A message as it was read. */
export interface IncomingMessage extends Place {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Headers | undefined;
}

/** What a member of a consumer group reads, and how. */
export interface SubscribeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Processes messages of any of the topics' partitions, in order within each partition, and never while an earlier
   * call is still running. When it resolves, the messages are processed; when it rejects, they are redelivered after a
   * while. It must reject only when something it needs is away, never because of a message's content.
   */
  readonly handle: (messages: readonly IncomingMessage[]) => Promise<void>;
  /** Where a new group begins: with the oldest messages, or with those from now on. @default 'beginning' */
  readonly from?: 'beginning' | 'now';
  /**
   * Called whenever partitions are assigned; all messages that arrive after the call will be delivered. A group that
   * begins `now` may have missed earlier ones.
   */
  readonly missed?: () => void;
}

/** A member of a consumer group. */
export interface Subscription {
  /**
   * The next offset that this member has not processed in a partition. It also covers offsets without messages, such as
   * transaction markers; undefined when unknown.
   */
  passed?(topic: string, partition: number): bigint | undefined;
  /** Why no messages arrive; undefined while all is well. */
  problem(): string | undefined;
  /** Resolves when the running batch is processed and its offsets are committed. */
  stop(): Promise<void>;
}

/** A member of a consumer group, and how far it has come in a topic. */
export interface MemberProgress {
  /** Its member id, by which the broker knows it. */
  readonly id: string;
  /** Its host and process, if it reports them. */
  readonly name: string | undefined;
  /** What it was built from, if it reports that. */
  readonly build: string | undefined;
  /** From where it is connected. */
  readonly host: string;
  /** The partitions of the topic that it reads. */
  readonly partitions: readonly number[];
  /** How many messages in these partitions it has not processed. */
  readonly lag: number;
}

/** How far a consumer group has come in a topic. */
export interface GroupProgress {
  /** How many members it has now. */
  readonly members: number;
  /** How many messages it has not processed. */
  readonly lag: number;
  /** Its members that read the topic; absent when the transport does not tell them apart. */
  readonly instances?: readonly MemberProgress[] | undefined;
}

/**
 * The injection token of the {@link Transport}. Each module of the library provides the one that it connects, with its
 * own client id and dead letters; override it in a test to deliver messages by hand.
 */
export const SAGA_TRANSPORT = Symbol('saga transport');

/**
 * The library's port to a message broker. Delivery is at least once: a message may be redelivered after a crash or a
 * rebalance, and every user of this port must handle that.
 */
export interface Transport {
  /**
   * Creates the topics that are missing, unless others create the topics, and checks them all; retries while the broker
   * is away. Rejects with a ConfigurationError when one of them is missing for good, or would lose messages.
   */
  ensureTopics(topics: readonly string[]): Promise<void>;
  /** All existing topics, including those of others. */
  listTopics(): Promise<readonly string[]>;
  /**
   * Resolves when the broker has acknowledged all messages, or their smaller forms. A message that its topic
   * permanently rejects is dead-lettered and does not affect the others. Retries while the broker is away; rejects only
   * when the transport is closed in the meantime.
   */
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
  /**
   * Resolves when the group is joined; waits while the broker is away. Rejects with a ConfigurationError when the
   * broker refuses this member until a setting is changed.
   */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /**
   * The message at this position; undefined when it does not exist (any more). Rejects when the broker does not answer
   * or denies access.
   */
  messageAt(place: Place): Promise<IncomingMessage | undefined>;
  /** How far a consumer group has come in a topic. Rejects when the broker does not answer or denies access. */
  progressOf(group: string, topic: string): Promise<GroupProgress>;
  /**
   * Deletes the consumer groups whose names begin with this prefix and that have no members, unless the broker denies
   * it. Rejects when the broker does not answer.
   */
  deleteEmptyGroups(prefix: string): Promise<void>;
  /** Stops all subscriptions and disconnects. What is being published is rejected. */
  close(): Promise<void>;
}
