import type { Command, Reply } from '@palinode/saga/contract';
import { CONTENT_TYPE } from '@palinode/saga/internal/contract';
import { createKafka } from '@palinode/saga/participant';
import { logLevel, Partitioners, type Admin, type Consumer, type KafkaMessage, type Producer } from 'kafkajs';
import { v4 } from 'uuid';
import { OffsetWatch } from './offset-watch';

/** A message that the participant published. */
export interface Received {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The parsed text; empty when it is not a JSON object. */
  readonly reply: Partial<Reply>;
  /** Why its batch cannot be decoded; then nothing else of the message is known. */
  readonly undecodable?: string | undefined;
}

/** The reply topics of every orchestrator. */
const isOfReplies = (topic: string): boolean => topic.includes('.replies.');
const isOfDeadLetters = (topic: string): boolean => topic.endsWith('.dead-letters');

/** Sends commands as the orchestrator does, and records all replies and dead letters. */
export class PlayedOrchestrator {
  private readonly received: Received[] = [];
  private readonly waiting = new Set<() => void>();
  /** The commits of the participant's group. */
  readonly offsets: OffsetWatch;

  private constructor(
    private readonly topic: string,
    private readonly deadlineMs: number,
    private readonly admin: Admin,
    private readonly producer: Producer,
    private readonly consumer: Consumer,
    private readonly group: string,
    participantGroup: string,
  ) {
    this.offsets = new OffsetWatch(admin, participantGroup, topic);
  }

  /** Starts to listen; earlier messages are not read. */
  static async start(
    brokers: readonly string[],
    topic: string,
    participantGroup: string,
    deadlineMs: number,
  ): Promise<PlayedOrchestrator> {
    // Replies may be compressed with any of Kafka's codecs; a client of `new Kafka()` reads only one of them.
    const kafka = createKafka({ clientId: 'conformance', brokers: [...brokers], logLevel: logLevel.NOTHING });
    const group = `conformance-${v4()}`;
    const played = new PlayedOrchestrator(
      topic,
      deadlineMs,
      kafka.admin(),
      kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false }),
      kafka.consumer({ groupId: group, maxWaitTimeInMs: 50, allowAutoTopicCreation: false }),
      group,
      participantGroup,
    );
    await played.listen();
    return played;
  }

  /** Sends values with their keys in one batch, so that they arrive together. */
  async send(messages: readonly { readonly key: string; readonly value: string | Buffer }[]): Promise<void> {
    const headers = { 'content-type': CONTENT_TYPE };
    const batch = messages.map((each) => ({ ...each, headers }));
    const kept = await this.producer.send({ topic: this.topic, messages: batch });
    const [only, another] = kept;
    if (only?.baseOffset === undefined || another !== undefined) return;
    const first = BigInt(only.baseOffset);
    messages.forEach(({ value }, index) =>
      this.offsets.sent({ partition: only.partition, offset: first + BigInt(index), id: idIn(value) }),
    );
  }

  /** The replies to a command so far. */
  repliesTo({ id }: Command): readonly Received[] {
    return this.received.filter(({ topic, reply }) => isOfReplies(topic) && reply.inreplyto === id);
  }

  /** Waits for this number of replies to a command. Throws when they do not arrive, and lists what arrived instead. */
  async awaitReplies(command: Command, count = 1): Promise<readonly Received[]> {
    if (await this.until(() => this.repliesTo(command).length >= count)) return this.repliesTo(command);
    throw new NoReplyError(
      command,
      count,
      this.deadlineMs,
      this.repliesTo(command).length,
      this.ofSaga(command.sagaid),
      this.received.filter(({ undecodable }) => undecodable !== undefined),
    );
  }

  /** Waits for a dead letter with this key and value. */
  async awaitDeadLetter(key: string, value: string | Buffer): Promise<Received | undefined> {
    const text = value.toString();
    const find = (): Received | undefined =>
      this.received.find((each) => isOfDeadLetters(each.topic) && each.key === key && each.text === text);
    await this.until(() => find() !== undefined);
    return find();
  }

  /** All replies of a saga, by key or by attribute, in order of arrival. */
  ofSaga(sagaId: string): readonly Received[] {
    return this.received.filter(
      ({ topic, key, reply }) => isOfReplies(topic) && (key === sagaId || reply.sagaid === sagaId),
    );
  }

  /** The first message for a command, its reply or its dead letter. */
  firstAnswerTo(id: string): Received | undefined {
    return this.received.find(({ topic, reply }) => (isOfDeadLetters(topic) ? reply.id : reply.inreplyto) === id);
  }

  async stop(): Promise<void> {
    await this.offsets.stop();
    await Promise.all([this.consumer.disconnect(), this.producer.disconnect()]);
    await this.admin.deleteGroups([this.group]).catch(() => undefined);
    await this.admin.disconnect();
  }

  private async listen(): Promise<void> {
    await Promise.all([this.admin.connect(), this.producer.connect(), this.consumer.connect()]);
    const existing = await this.admin.listTopics();
    if (!existing.includes(this.topic))
      throw new Error(`The broker has no topic ${this.topic}: start the participant first; it creates its topics.`);
    const topics = existing.filter((topic) => isOfReplies(topic) || isOfDeadLetters(topic));
    this.offsets.start(topics);
    const ends = await Promise.all(topics.map((topic) => this.admin.fetchTopicOffsets(topic)));
    await this.consumer.subscribe({ topics });
    await this.consumer.run({
      eachMessage: async ({ topic, partition, message }) => this.hear(topic, partition, message),
    });
    topics.forEach((topic, index) => {
      for (const { partition, high } of ends[index] ?? []) this.consumer.seek({ topic, partition, offset: high });
    });
  }

  private hear(topic: string, partition: number, message: KafkaMessage): void {
    const { key, value, headers = {} } = message;
    const { undecodable } = message as { undecodable?: { detail: string } };
    const text = value?.toString() ?? '';
    const texts = Object.fromEntries(Object.entries(headers).map(([name, each]) => [name, String(each)]));
    this.received.push({
      topic,
      partition,
      offset: BigInt(message.offset),
      key: key?.toString(),
      headers: texts,
      text,
      reply: objectIn(text),
      undecodable: undecodable?.detail,
    });
    for (const look of this.waiting) look();
  }

  /** False when the deadline passes first. */
  private async until(holds: () => boolean): Promise<boolean> {
    if (holds()) return true;
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve(holds());
      };
      const look = (): void => void (holds() && end());
      const timer = setTimeout(end, this.deadlineMs);
      this.waiting.add(look);
    });
  }
}

/** A command got too few replies. */
export class NoReplyError extends Error {
  override readonly name = 'NoReplyError';

  constructor(
    { id, type }: Command,
    wanted: number,
    deadlineMs: number,
    found: number,
    instead: readonly Received[],
    undecodable: readonly Received[],
  ) {
    const strange = instead.filter(({ reply }) => reply.inreplyto !== id);
    const seen = strange.map(({ key, reply }) => `a reply with key ${key} and inreplyto ${reply.inreplyto}`).slice(-2);
    const unread = undecodable.slice(-1);
    super(
      `${type} ${id} got ${found} of ${wanted} replies within ${deadlineMs} ms` +
        (seen.length > 0 ? `; for the same saga there were ${seen.join(', ')}` : '') +
        unread.map(({ topic, undecodable: why }) => `; a batch on ${topic} cannot be decoded: ${why}`).join(''),
    );
  }
}

function idIn(value: string | Buffer): string | undefined {
  const { id } = objectIn(value.toString());
  return typeof id === 'string' ? id : undefined;
}

function objectIn(text: string): Partial<Reply> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
