import { CompressionTypes, logLevel, type Kafka, type Message, type Producer } from 'kafkajs';
import { SagaError, topicsOf, ConfigurationError } from '../../contract';
import { deadLetter } from '../dead-letter';
import type { Log } from '../logger';
import { outgoingFields } from '../message-fields';
import { backoff } from '../sleep';
import type {
  GroupProgress,
  IncomingMessage,
  OutgoingMessage,
  Place,
  SubscribeOptions,
  Subscription,
  Transport,
} from '../transport';
import { ClockWatch } from './clock-watch';
import { deleteEmptyGroups } from './empty-groups';
import { isOfType } from './error-type';
import { groupProgress } from './group-progress';
import { createKafka, kafkaLog } from './kafka-client';
import { connectionTo, explainConnection, type KafkaConnectionOptions } from './kafka-connection';
import { messageAt } from './kafka-reader';
import { KafkaSubscription, type UndecodableMessage } from './kafka-subscription';
import { KafkaTopics } from './kafka-topics';
import { partitionerOf, PartitionGrowth, PRODUCER_METADATA_MS } from './partitioner';
import { halves, isRefusedForGood, isTooLarge, refusedLetter } from './refusal';

/** Kafka's default limit is 1 MiB and a little. */
const MAX_BATCH_BYTES = 900_000;
const MESSAGE_OVERHEAD_BYTES = 100;

/** How the brokers are reached, what topics and groups are called, and how topics are created. */
export interface KafkaOptions extends KafkaConnectionOptions {
  /** A prefix of all topics and groups, for environments that share a cluster: `staging.`. @default '' */
  readonly topicPrefix?: string | undefined;
  /**
   * Whether the service creates topics that are missing. With `false`, its start fails when one is missing and says how
   * to create it. @default true
   */
  readonly createTopics?: boolean | undefined;
  /** For topics that are created at start; those of commands and replies should have as many. @default 4 */
  readonly partitions?: number;
  /** @default -1, the broker's own default */
  readonly replicationFactor?: number;
  /**
   * How messages are sent. For fewer bytes on disk with any codec, also of other senders, set `compression.type` of the
   * topics. Messages are read whatever their codec. @default 'none'
   */
  readonly compression?: 'none' | 'gzip' | undefined;
  /**
   * What this process was built from, such as `1.8.0+a3f9c1`. The overview of the admin API shows it with the instance.
   * @default none
   */
  readonly build?: string | undefined;
  /**
   * How long a process that was killed keeps its partitions. Brokers reject a value below their
   * `group.min.session.timeout.ms`. @default 6000, Kafka's own minimum
   */
  readonly sessionTimeoutMs?: number;
  /**
   * How long work on one batch of messages may take before the consumer counts as stuck, for a readiness probe and in
   * the log. Must exceed the time that handlers need for 200 messages. @default 120000
   */
  readonly stuckAfterMs?: number;
}

export class TransportClosedError extends SagaError {
  readonly code = 'transport-closed';
}

export interface KafkaTransportOptions extends KafkaOptions {
  /** Who publishes, for the dead letters of what cannot be published. @default the client id */
  readonly service?: string;
}

/** The transport over kafkajs, for Apache Kafka and compatible brokers. */
export class KafkaTransport implements Transport {
  private readonly kafka: Kafka;
  private readonly createProducer: () => Producer;
  private producer: Producer;
  private readonly clock = new ClockWatch();
  private readonly topics: KafkaTopics;
  private readonly closing = new AbortController();
  private readonly subscriptions = new Set<Subscription>();
  private connected: Promise<void> | undefined;
  private readonly compression: CompressionTypes;

  constructor(
    private readonly options: KafkaTransportOptions,
    private readonly log: Log,
    /** The topic for messages that cannot be published, or read. */
    private readonly deadLetters: string = topicsOf({ prefix: options.topicPrefix }).deadLetters,
    growth = new PartitionGrowth(),
  ) {
    this.kafka = createKafka({
      clientId: options.clientId ?? 'palinode',
      ...connectionTo(options),
      connectionTimeout: 3_000,
      logLevel: logLevel.ERROR,
      logCreator: kafkaLog(log),
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    });
    const { partitions = 4, replicationFactor = -1 } = options;
    if (!Number.isInteger(partitions) || partitions < 1)
      throw new ConfigurationError(`partitions must be a whole number from 1 on, and is ${partitions}.`);
    this.topics = new KafkaTopics(
      this.kafka,
      {
        create: options.createTopics !== false,
        partitions,
        replicationFactor,
        bootstrapServer: options.brokers.join(','),
      },
      log,
    );
    this.compression = compressionOf(options.compression);
    this.createProducer = (): Producer =>
      this.kafka.producer({
        createPartitioner: partitionerOf(growth),
        metadataMaxAge: PRODUCER_METADATA_MS,
        // Not idempotent: that serializes produce requests per broker, and a repeated message is harmless because of
        // its id.
        allowAutoTopicCreation: false,
        retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries: 3 },
      });
    this.producer = this.createProducer();
  }

  async ensureTopics(topics: readonly string[]): Promise<void> {
    const added = this.topics.need(topics);
    try {
      await this.untilClosed(
        `create the topics ${topics.join(', ')}`,
        async () => {
          await this.topics.create().catch(this.explain);
          await this.topics.check(topics);
        },
        isConfigurationError,
      );
    } catch (error) {
      // Otherwise this process could not create any other topic from now on.
      this.topics.forget(added);
      throw error;
    }
  }

  async listTopics(): Promise<readonly string[]> {
    let topics: readonly string[] = [];
    const list = async (): Promise<void> => {
      topics = await this.topics.list().catch(this.explain);
    };
    await this.untilClosed('list the topics', list, isConfigurationError);
    return topics;
  }

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    for (const batch of batchesOf(messages)) await this.publishBatch(batch);
  }

  private async publishBatch(batch: readonly OutgoingMessage[]): Promise<void> {
    let refusal: unknown;
    await this.untilClosed(`publish ${batch.length} messages`, async () => {
      try {
        await this.send(batch);
      } catch (error) {
        const isUnknown = isOfType(error, 'UNKNOWN_TOPIC_OR_PARTITION');
        const missing = isUnknown && (await this.hasUnknownTopic(batch));
        if (isUnknown && !missing) this.replaceProducer();
        if (!missing && !(isRefusedForGood(error) && batch.some((message) => this.isAvoidable(message)))) throw error;
        refusal = error;
      }
    });
    if (refusal !== undefined) await this.publishParted(batch, refusal);
  }

  /** Creates the topics that this process needs first. */
  private async hasUnknownTopic(batch: readonly OutgoingMessage[]): Promise<boolean> {
    await this.topics.create();
    return (await this.topics.unknown(new Set(batch.map(({ topic }) => topic)))).size > 0;
  }

  /** The broker does not say which messages it will never take, so the batch is divided until that message is alone. */
  private async publishParted(batch: readonly OutgoingMessage[], refusal: unknown): Promise<void> {
    const [only, another] = batch;
    if (another !== undefined) {
      for (const half of halves(batch)) await this.publishBatch(half);
      return;
    }
    if (only === undefined) return;
    const smaller = isTooLarge(refusal) ? only.smaller?.() : undefined;
    if (smaller !== undefined) return this.publishBatch([smaller]);
    const why = `${only.topic} does not take it: ${String(refusal)}`;
    this.log.error(`dead-lettered a message of ${String(only.key)} that cannot be published: ${why}`, {
      event: 'dead-lettered',
      reason: 'not-published',
      ...outgoingFields(only),
    });
    this.topics.need([this.deadLetters]);
    const { clientId = 'palinode', service = clientId } = this.options;
    await this.publishBatch([refusedLetter(only, { reason: 'not-published', detail: why }, service, this.deadLetters)]);
    await only.refused?.(why);
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    let subscription: Subscription | undefined;
    const { brokers, build, sessionTimeoutMs, stuckAfterMs } = this.options;
    const session = {
      ...options,
      brokers,
      build,
      sessionTimeoutMs,
      stuckAfterMs,
      deadLetter: (messages: readonly UndecodableMessage[]) => this.deadLetterUndecodable(messages, options.group),
    };
    const join = async (): Promise<void> => {
      subscription = await KafkaSubscription.start(this.kafka, session, this.topics, this.log);
    };
    await this.untilClosed(`join the group ${options.group}`, join, isConfigurationError);
    if (subscription === undefined)
      throw new TransportClosedError(`The transport is closed; ${options.group} cannot start.`);
    this.subscriptions.add(subscription);
    return subscription;
  }

  messageAt(place: Place): Promise<IncomingMessage | undefined> {
    return messageAt(this.kafka, place);
  }

  progressOf(group: string, topic: string): Promise<GroupProgress> {
    return groupProgress(this.kafka, group, topic);
  }

  deleteEmptyGroups(prefix: string): Promise<void> {
    return deleteEmptyGroups(this.kafka, prefix);
  }

  async close(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscription) => subscription.stop()));
    this.closing.abort();
    await this.producer.disconnect();
  }

  /** The dead letter holds only the position of the batch. */
  private async deadLetterUndecodable(messages: readonly UndecodableMessage[], group: string): Promise<void> {
    this.topics.need([this.deadLetters]);
    for (const { topic, partition, offset, undecodable } of messages)
      this.log.error(
        `the messages of ${topic}/${partition} up to offset ${offset} cannot be decoded by ${group} and are skipped: ${undecodable.detail}`,
        { event: 'dead-lettered', reason: 'undecodable-batch', topic, partition, offset },
      );
    await this.publish(messages.map((message) => deadLetterOf(message, group, this.deadLetters)));
  }

  /** Messages that can be dead-lettered or made smaller. A dead letter itself is retried without limit. */
  private isAvoidable({ topic, smaller }: OutgoingMessage): boolean {
    return topic !== this.deadLetters || smaller !== undefined;
  }

  private async send(batch: readonly OutgoingMessage[]): Promise<void> {
    if (this.clock.setBackMs() > PRODUCER_METADATA_MS) this.replaceProducer();
    await (this.connected ??= this.connect());
    await this.producer.sendBatch({ acks: -1, compression: this.compression, topicMessages: byTopic(batch) });
  }

  /**
   * Replaces the producer. kafkajs refreshes its topics by the time of day, so after the clock was set back by an hour
   * it would not notice new partitions for that hour. It also asks about every topic that a producer has used: one that
   * was deleted prevents it from publishing to any. The new producer publishes again what the former one had not
   * finished.
   */
  private replaceProducer(): void {
    this.producer.disconnect().catch((error: unknown) => this.log.warn(`A producer did not close: ${String(error)}`));
    this.producer = this.createProducer();
    this.connected = undefined;
  }

  private async connect(): Promise<void> {
    try {
      await this.producer.connect();
    } catch (error) {
      this.connected = undefined;
      throw error;
    }
  }

  private readonly explain = (error: unknown): never => explainConnection(error, this.options);

  private async untilClosed(
    what: string,
    work: () => Promise<void>,
    isFinal: (error: unknown) => boolean = () => false,
  ): Promise<void> {
    for (let failures = 0; !this.closing.signal.aborted; failures += 1) {
      try {
        await work();
        return;
      } catch (error) {
        if (isFinal(error)) throw error;
        this.log.warn(`Cannot ${what} at ${this.options.brokers.join(', ')}, trying again: ${String(error)}`);
        await backoff(failures, this.closing.signal);
      }
    }
    throw new TransportClosedError(`The transport was closed before it could ${what}.`);
  }
}

/** @throws ConfigurationError for a codec that cannot be written */
function compressionOf(name: KafkaOptions['compression'] = 'none'): CompressionTypes {
  const types = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP };
  if (Object.hasOwn(types, name)) return types[name];
  throw new ConfigurationError(
    `compression must be none or gzip, and is ${name as string}. For another codec set compression.type of the topics.`,
  );
}

const isConfigurationError = (error: unknown): boolean => error instanceof ConfigurationError;

/**
 * The value of a dead letter for a batch that cannot be decoded. It holds only the position, so the batch cannot be
 * redriven.
 */
function deadLetterOf(message: UndecodableMessage, group: string, deadLetters: string): OutgoingMessage {
  const { detail, bytes } = message.undecodable;
  const why = `The batch that ends with this offset cannot be decoded: ${detail}.`;
  const letter = deadLetter(message, { reason: 'undecodable-batch', detail: why }, group, deadLetters);
  return { ...letter, headers: { ...letter.headers, 'original-bytes': String(bytes), cut: 'value' } };
}

/**
 * Divides messages that exceed what a broker takes of one partition at once (`message.max.bytes`); it would reject them
 * permanently.
 */
function batchesOf(messages: readonly OutgoingMessage[]): (readonly OutgoingMessage[])[] {
  const batches: (readonly OutgoingMessage[])[] = [];
  let from = 0;
  let bytes = 0;
  messages.forEach((message, index) => {
    const size = sizeOf(message);
    if (index > from && bytes + size > MAX_BATCH_BYTES) {
      batches.push(messages.slice(from, index));
      [from, bytes] = [index, 0];
    }
    bytes += size;
  });
  if (from < messages.length) batches.push(messages.slice(from));
  return batches;
}

function sizeOf({ value, key, headers }: OutgoingMessage): number {
  const rest = headers === undefined ? 0 : JSON.stringify(headers).length;
  return Buffer.byteLength(value ?? '') + Buffer.byteLength(key ?? '') + rest + MESSAGE_OVERHEAD_BYTES;
}

function byTopic(messages: readonly OutgoingMessage[]): { topic: string; messages: Message[] }[] {
  const topics = new Map<string, Message[]>();
  for (const { topic, key, value, headers } of messages) {
    // kafkajs changes neither the headers nor the lists in them.
    const message = { key, value, headers: headers as Message['headers'] };
    const queue = topics.get(topic);
    if (queue) queue.push(message);
    else topics.set(topic, [message]);
  }
  return [...topics].map(([topic, queue]) => ({ topic, messages: queue }));
}
