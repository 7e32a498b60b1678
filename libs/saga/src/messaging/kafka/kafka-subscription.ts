import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { ConfigurationError } from '../../contract';
import { Batcher } from '../batcher';
import type { Log } from '../logger';
import { backoff, sleep } from '../sleep';
import type { IncomingMessage, SubscribeOptions, Subscription } from '../transport';
import { namingBrokers } from './broker-addresses';
import { ClockWatch } from './clock-watch';
import { BatchWatch, ConsumerHealth } from './consumer-health';
import type { Undecodable } from './decoder';
import { groupProtocols } from './group-protocols';
import { INSTANCE_NAME } from '../instance-name';
import { groupRefusal } from './group-refusal';
import type { KafkaTopics } from './kafka-topics';
import { OffsetLedger, ReadSoFar } from './offset-ledger';
import { CONSUMER_METADATA_MS } from './partitioner';

/** A long poll delays heartbeats, so it is short; see the platform notes on rebalances. */
const LONG_POLL_MS = 100;
/** A member learns of a rebalance from its heartbeat, so these are frequent. */
const HEARTBEAT_MS = 500;
/** kafkajs processes a fetch with this many workers; more partitions wait. */
const PARTITIONS_AT_ONCE = 32;
/** How much a fetch takes into memory; the next one waits until all of it is processed. */
const FETCH_BYTES = { maxBytesPerPartition: 2 ** 20, maxBytes: 10 * 2 ** 20 };
const SESSION_TIMEOUT_MS = 6_000;
const STOP_WITHIN_MS = 5_000;
const STALLED_AFTER_MS = 30_000;
/**
 * How far a clock may be set back before the consumer is replaced: less than a session, so that no heartbeat is late.
 */
const SET_BACK_MS = 500;

interface SessionOptions extends SubscribeOptions {
  readonly build?: string | undefined;
  readonly brokers: readonly string[];
  readonly sessionTimeoutMs?: number | undefined;
  readonly stuckAfterMs?: number | undefined;
  /** Dead-letters what cannot be decoded; resolves when the broker has acknowledged it. */
  readonly deadLetter: (messages: readonly UndecodableMessage[]) => Promise<void>;
}

/** Represents a batch that cannot be decoded, at the last of its offsets. */
export interface UndecodableMessage extends IncomingMessage {
  readonly undecodable: Undecodable;
}

/**
 * One member of a consumer group. kafkajs ends a consumer permanently when its own recovery fails (its issue 1441),
 * while the process lives on. So progress is monitored, and a consumer that makes none is replaced.
 */
export class KafkaSubscription implements Subscription {
  private readonly batcher: Batcher<IncomingMessage>;
  private readonly stopping = new AbortController();
  private consumer: Consumer | undefined;
  private offsets: OffsetLedger | undefined;
  private watch: NodeJS.Timeout | undefined;
  private lastSignOfLife = performance.now();
  private readonly clock = new ClockWatch();
  private replacing = false;
  private restarting: Error | undefined;
  /** Set while it connects; kafkajs reports some failures only by an event. */
  private joining: { failure?: Error } | undefined;
  private readonly inFlight = new Set<Promise<void>>();
  private readonly read = new ReadSoFar();
  private readonly ends = new Map<string, bigint>();
  private readonly health = new ConsumerHealth();
  private readonly batches: BatchWatch;

  private constructor(
    private readonly kafka: Kafka,
    private readonly options: SessionOptions,
    private readonly needed: KafkaTopics,
    private readonly log: Log,
  ) {
    this.batcher = new Batcher(options.handle);
    this.batches = new BatchWatch(options.stuckAfterMs);
  }

  /** Rejects with a ConfigurationError when the broker refuses this member until a setting is changed. */
  static async start(kafka: Kafka, options: SessionOptions, needed: KafkaTopics, log: Log): Promise<KafkaSubscription> {
    const subscription = new KafkaSubscription(kafka, options, needed, log);
    try {
      await subscription.connect();
    } catch (error) {
      // Otherwise it would keep trying to join, beside the next one.
      await subscription.disconnect();
      throw error;
    }
    subscription.watch = setInterval(() => subscription.checkProgress(), 1_000);
    return subscription;
  }

  problem(): string | undefined {
    const { group, brokers } = this.options;
    const lost = this.health.problem();
    if (lost !== undefined) return `the consumer of ${group} ${lost}${namingBrokers(brokers)}`;
    const stuck = this.batches.problem();
    return stuck === undefined ? undefined : `the consumer of ${group} ${stuck}`;
  }

  passed(topic: string, partition: number): bigint | undefined {
    return this.ends.get(`${topic}/${partition}`);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    clearInterval(this.watch);
    this.health.broken('is stopped');
    await this.disconnect();
  }

  private async connect(): Promise<void> {
    const joining: NonNullable<typeof this.joining> = {};
    this.joining = joining;
    try {
      await this.run();
      if (joining.failure !== undefined) throw joining.failure;
    } catch (error) {
      throw this.explain(error);
    } finally {
      this.joining = undefined;
    }
  }

  /** The error; with the remedy when the broker refuses this member. */
  private explain(error: unknown): unknown {
    const { group, topics, sessionTimeoutMs = SESSION_TIMEOUT_MS } = this.options;
    const refusal = groupRefusal(error, { group, topics, sessionTimeoutMs });
    if (refusal === undefined) return error;
    return new (refusal.final ? ConfigurationError : Error)(refusal.why, { cause: error });
  }

  private async run(): Promise<void> {
    const { group, topics, from = 'beginning', missed } = this.options;
    const consumer: Consumer = this.kafka.consumer({
      groupId: group,
      partitionAssigners: groupProtocols((topicNames) => this.needed.partitions(topicNames), {
        name: INSTANCE_NAME,
        build: this.options.build,
      }),
      metadataMaxAge: CONSUMER_METADATA_MS,
      maxWaitTimeInMs: LONG_POLL_MS,
      ...FETCH_BYTES,
      heartbeatInterval: HEARTBEAT_MS,
      sessionTimeout: this.options.sessionTimeoutMs ?? SESSION_TIMEOUT_MS,
      allowAutoTopicCreation: false,
      retry: {
        initialRetryTime: 100,
        maxRetryTime: 2_000,
        retries: 8,
        restartOnFailure: (error) => this.mayRestart(consumer, error),
      },
    });
    const offsets = new OffsetLedger(consumer, (error) =>
      this.log.warn(`offsets of ${group} not committed: ${String(error)}`),
    );
    this.consumer = consumer;
    this.offsets = offsets;
    this.lastSignOfLife = performance.now();
    const alive = (): void => void (this.lastSignOfLife = performance.now());
    consumer.on(consumer.events.HEARTBEAT, alive);
    consumer.on(consumer.events.FETCH, alive);
    let begun = false;
    consumer.on(consumer.events.GROUP_JOIN, () => {
      offsets.rebalance();
      this.ends.clear();
      this.health.joined();
      begun = true;
    });
    // The first offset of a partition is known only with the first fetch after joining.
    consumer.on(consumer.events.FETCH, () => {
      if (begun) missed?.();
      begun = false;
    });
    // Also for offsets without messages, such as transaction markers.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { topic, partition, lastOffset } }) =>
      this.ends.set(`${topic}/${partition}`, BigInt(lastOffset) + 1n),
    );
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (payload.restart || this.consumer !== consumer) return;
      // kafkajs calls `restartOnFailure` only for errors that it recovers from; the others are noted here.
      if (this.restarting !== payload.error) this.crashed(payload.error);
      const ends = this.replacing || this.explain(payload.error) instanceof ConfigurationError;
      if (ends && this.joining !== undefined) this.joining.failure = payload.error;
      else void this.replace();
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: from === 'beginning' });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => this.track(this.take(payload, offsets)),
    });
  }

  /** kafkajs calls this before it restarts a crashed consumer. */
  private async mayRestart(consumer: Consumer, error: Error): Promise<boolean> {
    this.restarting = error;
    this.crashed(error);
    await this.health.backoff(this.stopping.signal);
    return this.consumer === consumer && !this.stopping.signal.aborted;
  }

  private crashed(error: Error): void {
    this.health.crashed((this.explain(error) as Error).message);
  }

  private async track(work: Promise<void>): Promise<void> {
    this.inFlight.add(work);
    try {
      await work;
    } finally {
      this.inFlight.delete(work);
    }
  }

  private async take(payload: EachBatchPayload, offsets: OffsetLedger): Promise<void> {
    const { batch, heartbeat, resolveOffset } = payload;
    const { topic, partition } = batch;
    const { generation } = offsets;
    if (this.stopping.signal.aborted) return;
    this.noticeLoss(topic, partition, batch.highWatermark);
    const messages = batch.messages.map((message): IncomingMessage => {
      const { offset, key, value, headers } = message;
      const { undecodable } = message as { undecodable?: Undecodable };
      const incoming = { topic, partition, offset, key, value, headers };
      return undecodable === undefined ? incoming : Object.assign(incoming, { undecodable });
    });
    const beating = setInterval(() => void heartbeat().catch(() => undefined), HEARTBEAT_MS);
    try {
      const isDone = await this.batches.over((failed) => this.handle(messages, payload, failed));
      if (!isDone) return;
    } finally {
      clearInterval(beating);
    }
    const last = messages.at(-1);
    // After a rebalance the partition begins again at the committed offset, and another member may have been further.
    if (last === undefined || generation !== offsets.generation) return;
    resolveOffset(last.offset);
    offsets.record(topic, partition, last.offset);
    this.read.record(topic, partition, last.offset);
    await heartbeat();
  }

  /** Delivers the messages until they are processed. False when the partition is no longer ours. */
  private async handle(
    messages: readonly IncomingMessage[],
    payload: EachBatchPayload,
    failed: (error: unknown) => void,
  ): Promise<boolean> {
    for (let failures = 0; ; failures += 1) {
      try {
        const undecodable = messages.filter(isUndecodable);
        if (undecodable.length > 0) await this.options.deadLetter(undecodable);
        await this.batcher.add(undecodable.length > 0 ? messages.filter((each) => !isUndecodable(each)) : messages);
        return true;
      } catch (error) {
        failed(error);
        this.log.warn(`${this.options.group} cannot work, trying again: ${String(error)}`);
        await backoff(failures, this.stopping.signal);
        if (this.stopping.signal.aborted || !payload.isRunning() || payload.isStale()) return false;
      }
    }
  }

  private noticeLoss(topic: string, partition: number, logEnd: string): void {
    const end = this.read.lost(topic, partition, logEnd);
    if (end === undefined) return;
    const { group } = this.options;
    this.log.error(
      `the broker has lost messages of ${topic}/${partition}: ${group} had read up to ${end}, and it ends at ${logEnd}`,
    );
  }

  private checkProgress(): void {
    const stuck = this.batches.problemToLog();
    if (stuck !== undefined) this.log.warn(`the consumer of ${this.options.group} ${stuck}`);
    // kafkajs schedules its heartbeats by the time of day: it would send none until the clock has caught up.
    if (this.clock.setBackMs() > SET_BACK_MS) {
      this.log.warn(`the clock was set back; the consumer of ${this.options.group} is replaced`);
      void this.replace();
      return;
    }
    if (performance.now() - this.lastSignOfLife < STALLED_AFTER_MS) return;
    this.health.broken(`made no progress for ${STALLED_AFTER_MS / 1_000} s`);
    void this.replace();
  }

  private async replace(): Promise<void> {
    if (this.replacing) return;
    this.replacing = true;
    for (let failures = 0; !this.stopping.signal.aborted; failures += 1) {
      try {
        await this.disconnect();
        await backoff(failures, this.stopping.signal);
        await this.health.backoff(this.stopping.signal);
        // A broker that has lost its log has lost the topics, too.
        if (!this.stopping.signal.aborted) await this.needed.create();
        if (!this.stopping.signal.aborted) await this.connect();
        // The subscription was stopped in the meantime, so the new consumer must be ended here.
        if (this.stopping.signal.aborted) await this.disconnect();
        break;
      } catch (error) {
        const { group, brokers } = this.options;
        this.log.error(`the consumer of ${group} cannot be replaced: ${String(error)}${namingBrokers(brokers)}`);
      }
    }
    this.replacing = false;
  }

  private async disconnect(): Promise<void> {
    const { consumer, offsets } = this;
    this.consumer = undefined;
    // Without a broker a consumer cannot stop in order: its batch waits for an acknowledgement until the transport is
    // closed.
    const enough = new AbortController();
    await Promise.race([this.endOrderly(consumer, offsets), sleep(STOP_WITHIN_MS, enough.signal)]);
    enough.abort();
  }

  /**
   * `stop` leaves the group, and offsets cannot be committed after that (kafkajs issue 751); so the running batch
   * finishes before.
   */
  private async endOrderly(consumer: Consumer | undefined, offsets: OffsetLedger | undefined): Promise<void> {
    await Promise.allSettled(this.inFlight);
    await offsets?.commit();
    await consumer?.stop().catch(() => undefined);
    await consumer?.disconnect().catch(() => undefined);
  }
}

function isUndecodable(message: IncomingMessage): message is UndecodableMessage {
  return 'undecodable' in message;
}
