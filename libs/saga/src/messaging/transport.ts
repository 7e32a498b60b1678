/** What a header holds: its value, or several when its name occurs more than once. */
export type HeaderValue = Buffer | string;
export type Headers = Readonly<Record<string, HeaderValue | readonly HeaderValue[] | undefined>>;

/** The name of a header that stands for those a transport left out because they were too many; its value is how many. */
export const HEADERS_LEFT_OUT = 'palinode-headers-left-out';

/** A message on its way out. */
export interface OutgoingMessage {
  readonly topic: string;
  /** Messages of one key keep their order; those without one go anywhere. */
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: Headers;
  /** What to send instead, should the broker find this too large; without it, it is parked. */
  readonly smaller?: (() => OutgoingMessage) | undefined;
  /** Called with the reason when its topic will never take it, and it was parked instead. */
  readonly refused?: ((why: string) => Promise<void>) | undefined;
}

/** Where a message is. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

export interface IncomingMessage extends Place {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Headers | undefined;
}

export interface SubscribeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Takes messages of any of the topics' partitions, in order within each partition, never while an earlier call is still
   * running. When it resolves, the messages are done with; when it rejects, they are handed over again after a while, so it
   * rejects only when something it needs is away, never for what a message holds.
   */
  readonly handle: (messages: readonly IncomingMessage[]) => Promise<void>;
  /** Where a group that is new begins: with what is kept, or with what comes from now on. @default 'beginning' */
  readonly from?: 'beginning' | 'now';
  /**
   * Called whenever partitions are begun or taken over, and everything that comes after the call will be handed over. A
   * group that begins `now` may have missed what came before.
   */
  readonly missed?: () => void;
}

export interface Subscription {
  /**
   * The offset after what this member has done with of a partition, also where nothing was handed over, such as the marks
   * that transactions leave; undefined when it does not know.
   */
  passed?(topic: string, partition: number): bigint | undefined;
  /** Why no messages come; undefined while all is well. */
  problem(): string | undefined;
  /** Resolves when the running batch is done and its offsets are committed. */
  stop(): Promise<void>;
}

/**
 * The injection token of the {@link Transport}. Each module of the library provides the one that it connects, with its own client
 * id and dead letters; override it in a test to move messages by hand.
 */
export const SAGA_TRANSPORT = Symbol('saga transport');

/**
 * What the library asks of a message broker. Delivery is at least once: a message may come again after a crash or a
 * rebalance, and every user of this port is ready for that.
 */
export interface Transport {
  /**
   * Creates the topics that are missing, and tries again for as long as the broker is away. Rejects with a ConfigurationError when
   * the broker will never create one of them.
   */
  ensureTopics(topics: readonly string[]): Promise<void>;
  /** The topics that there are, those of others included. */
  listTopics(): Promise<readonly string[]>;
  /**
   * Resolves when the broker has acknowledged all of them, or what is smaller instead of them. What a topic will never take
   * is parked, and keeps no other message. Tries again for as long as the broker is away; rejects only when the transport
   * is closed meanwhile.
   */
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
  /**
   * Resolves when the group is joined, for which it waits while the broker is away. Rejects with a ConfigurationError when the broker
   * refuses this member until somebody changes a setting.
   */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** The message at this place; undefined where there is none (any more). Rejects when the broker does not say, or may not. */
  messageAt(place: Place): Promise<IncomingMessage | undefined>;
  close(): Promise<void>;
}
