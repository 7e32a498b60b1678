import { isUuid, type Command, type Rejection, type ReplyOutcome, type Reply } from '@palinode/saga/contract';
import {
  commandDigest,
  commandProblem,
  CONTENT_TYPE,
  DEAD_LETTERS,
  instantOf,
  isKey,
  isMessageId,
  REJECTION_SCHEMA,
  parseEnvelope,
  readLoosely,
  replyType,
  schemaUri,
  tombstoneDigest,
  UnreadableMessageError,
} from '@palinode/saga/internal/contract';
import {
  CompressionCodecs,
  CompressionTypes,
  Kafka,
  logLevel,
  Partitioners,
  type Admin,
  type Consumer,
  type KafkaMessage,
  type Producer,
} from 'kafkajs';
import { compress } from 'snappyjs';
import { v7 as uuidV7 } from 'uuid';

/** The defects that a participant may have. */
export type Defect =
  | 'handles duplicates again'
  | 'answers duplicates with a new reply'
  | 'forgets failures'
  | 'answers twice'
  | 'has no tombstones'
  | 'answers late actions'
  | 'fails compensations of unknown actions'
  | 'keys replies by command'
  | 'omits inreplyto'
  | 'answers for another saga'
  | 'changes the step'
  | 'loses the trace'
  | 'sends no content type'
  | 'uses another reply type'
  | 'reuses the id of the command'
  | 'answers with a wrong schema'
  | 'refuses for an undeclared reason'
  | 'refuses unknown fields'
  | 'answers out of order'
  | 'does not answer unknown types'
  | 'answers on any reply topic'
  | 'answers another command with a known id'
  | 'compensates an action of another saga'
  | 'answers only one orchestrator'
  | 'writes no dead letters'
  | 'dead-letters without a reason'
  | 'stops at poison messages'
  | 'accepts any nesting depth'
  | 'handles ids of any age'
  | 'forgets ids within the week'
  | 'does not answer invalid attributes'
  | 'uses another type for replies to commands without a type'
  | 'requires optional attributes'
  | 'dead-letters without a detail'
  | 'fails on tombstones'
  | 'writes no dead letters for last attempts'
  | 'commits before it replies'
  | 'commits nothing'
  | 'treats forgotten actions as unknown'
  | 'compresses invalidly';

/** The locker whose lock is jammed: its handler fails. */
export const JAMMED = '00000000-0000-4000-8000-000000000000';
const DAY_MS = 86_400_000;

const TOPICS = {
  commands: 'locker.commands',
  replies: 'orchestrator.replies.locker',
  repliesToShop: 'shop.replies.locker',
  deadLetters: DEAD_LETTERS,
};
/** The reply topics that it may use. */
const REPLIES = [TOPICS.replies, TOPICS.repliesToShop];

interface Outgoing {
  readonly topic: string;
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers: Record<string, string>;
}

/** A participant with a plain Kafka client and its inbox in memory: correct, or with one defect. */
export class SmallParticipant {
  /** How often a key was lent or returned, by locker. */
  readonly effects = new Map<string, number>();
  /** The lockers whose keys are lent. */
  private readonly out = new Set<string>();
  private readonly inbox = new Map<string, Outgoing | 'tombstone'>();
  /** The content of each command, by its id; for a tombstone, the saga whose action it blocks. */
  private readonly digests = new Map<string, string>();

  private constructor(
    private readonly defect: Defect | undefined,
    private readonly admin: Admin,
    private readonly compression: CompressionTypes,
    private readonly producer: Producer,
    private readonly consumer: Consumer,
  ) {}

  static async start(
    brokers: readonly string[],
    defect?: Defect,
    compression = CompressionTypes.None,
  ): Promise<SmallParticipant> {
    const kafka = new Kafka({ clientId: 'locker', brokers: [...brokers], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: Object.values(TOPICS).map((topic) => ({ topic, numPartitions: 2 })) });
    const participant = new SmallParticipant(
      defect,
      admin,
      defect === 'compresses invalidly' ? damagedSnappy() : compression,
      kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner }),
      kafka.consumer({ groupId: 'locker', maxWaitTimeInMs: 50 }),
    );
    await participant.listen();
    return participant;
  }

  async stop(): Promise<void> {
    await Promise.all([this.consumer.disconnect(), this.producer.disconnect(), this.admin.disconnect()]);
  }

  private async listen(): Promise<void> {
    await Promise.all([this.producer.connect(), this.consumer.connect()]);
    await this.consumer.subscribe({ topics: [TOPICS.commands], fromBeginning: true });
    const joined = new Promise((resolve) => this.consumer.on(this.consumer.events.GROUP_JOIN, resolve));
    await this.consumer.run({
      partitionsConsumedConcurrently: 2,
      autoCommit: !this.is('commits nothing'),
      eachBatch: async ({ batch }) => {
        const { messages, partition } = batch;
        const ordered = this.is('answers out of order') ? messages.toReversed() : messages;
        const outgoing = ordered.flatMap((message) => this.take(message));
        const topicMessages = outgoing.map(({ topic, ...message }) => ({ topic, messages: [message] }));
        const offset = String(BigInt(batch.lastOffset()) + 1n);
        if (this.is('commits before it replies')) await this.commitEarly(partition, offset);
        await this.producer.sendBatch({ acks: -1, topicMessages, compression: this.compression });
      },
    });
    await joined;
  }

  /** Commits, then takes about as long as a transaction: some requests to a server. */
  private async commitEarly(partition: number, offset: string): Promise<void> {
    await this.consumer.commitOffsets([{ topic: TOPICS.commands, partition, offset }]);
    for (let request = 0; request < 8; request += 1) await this.admin.fetchTopicOffsets(TOPICS.commands);
  }

  private is(defect: Defect): boolean {
    return this.defect === defect;
  }

  private take(message: KafkaMessage): Outgoing[] {
    const { command, rejection } = this.read(message);
    if (!isAnswerable(command)) return this.park(message, rejection ?? { reason: 'no-command' });
    if (!this.remembers(command.id)) return this.park(message, { reason: 'not-remembered', detail: 'Too old.' });
    const known = this.inbox.get(command.id);
    if (known !== undefined && !this.isKnownAs(command, known))
      return this.mistake(message, command, 'another-command');
    if (known === 'tombstone') return this.is('answers late actions') ? this.keep(command, 'failure', late) : [];
    const deadLetters = rejection === undefined ? [] : this.park(message, rejection);
    if (known !== undefined && !this.forgets(known))
      return [...deadLetters, this.is('answers duplicates with a new reply') ? renamed(known) : known];
    if (rejection === undefined)
      return this.undoesAnother(command)
        ? this.mistake(message, command, 'another-undone')
        : this.act(message, command);
    const silent = `does not answer ${rejection.reason === 'unknown-type' ? 'unknown types' : 'invalid attributes'}`;
    if (silent === this.defect && rejection.reason !== 'invalid-payload') return deadLetters;
    return [...deadLetters, ...this.keep(command, 'failure', rejection)];
  }

  private read({ value }: KafkaMessage): { command: Partial<Command>; rejection?: Rejection | undefined } {
    try {
      const command = parseEnvelope(value) as Command;
      return { command, rejection: this.rejectionOf(command) };
    } catch (error) {
      if (!(error instanceof UnreadableMessageError) || this.is('stops at poison messages')) throw error;
      if (this.is('accepts any nesting depth') && error.reason === 'too-deep')
        return { command: JSON.parse(String(value)) as Command };
      return { command: readLoosely(value), rejection: { reason: error.reason, detail: error.message } };
    }
  }

  private remembers(id: string): boolean {
    const days = (Date.now() - instantOf(id)) / DAY_MS;
    return this.is('handles ids of any age') || (days > -1 && days < (this.is('forgets ids within the week') ? 5 : 7));
  }

  private isKnownAs(command: Command, known: Outgoing | 'tombstone'): boolean {
    const digest = (known === 'tombstone' ? tombstoneDigest(command) : commandDigest(command)).toString('hex');
    return this.digests.get(command.id) === digest || this.is('answers another command with a known id');
  }

  private undoesAnother(command: Command): boolean {
    const { undoes = '', sagaid, sagastep } = command;
    const undone = this.inbox.get(undoes);
    if (undone === undefined || this.is('compensates an action of another saga')) return false;
    if (undone === 'tombstone') return this.digests.get(undoes) !== tombstoneDigest(command).toString('hex');
    const reply = JSON.parse(String(undone.value)) as Reply;
    return reply.sagaid !== sagaid || reply.sagastep !== sagastep || reply.sagadirection !== 'action';
  }

  /** Dead-letters it and answers with the outcome unknown; the inbox stays unchanged. */
  private mistake(message: KafkaMessage, command: Command, reason: string): Outgoing[] {
    const mistake = { reason, detail: 'The id belongs to another command.' };
    return [...this.park(message, mistake), this.reply(command, 'unknown', mistake)];
  }

  private forgets({ value }: Outgoing): boolean {
    return (
      this.is('handles duplicates again') ||
      (this.is('forgets failures') && String(value).includes('"outcome":"failure"'))
    );
  }

  private rejectionOf(command: Command): Rejection | undefined {
    const { type, replyto, data, time } = command;
    const problem = commandProblem(command);
    if (problem !== undefined) return { reason: 'no-command', detail: problem };
    if (this.is('requires optional attributes') && time === undefined)
      return { reason: 'no-command', detail: 'There is no time.' };
    if (!REPLIES.includes(replyto) && !this.is('answers on any reply topic'))
      return { reason: 'foreign-reply-topic', detail: `replyto must be ${TOPICS.replies}.` };
    if (!/^locker\.(hand-key|take-key-back)\.v1$/.test(type))
      return { reason: 'unknown-type', detail: `locker handles no ${type}.` };
    const misfit = { reason: 'invalid-payload', detail: 'data must be a locker.' };
    if (typeof data !== 'object' || data === null || !('lockerId' in data)) return misfit;
    return this.is('refuses unknown fields') && Object.keys(data).length > 1 ? misfit : undefined;
  }

  private act(message: KafkaMessage, command: Command): Outgoing[] {
    const { undoes, data, type } = command;
    const undone = undoes === undefined ? undefined : this.inbox.get(undoes);
    if (undoes !== undefined && undone === undefined) {
      if (!this.remembers(undoes) && !this.is('treats forgotten actions as unknown')) {
        const forgotten = { reason: 'action-forgotten', detail: 'Nothing is known of the action.' };
        return [...this.keep(command, 'failure', forgotten), ...this.park(message, forgotten)];
      }
      if (this.is('fails compensations of unknown actions'))
        return this.keep(command, 'failure', { reason: 'no-such-key' });
      if (!this.is('has no tombstones')) {
        this.inbox.set(undoes, 'tombstone');
        this.digests.set(undoes, tombstoneDigest(command).toString('hex'));
      }
      return this.keep(command, 'success', null);
    }
    if (undone === 'tombstone' && this.is('fails on tombstones'))
      return this.keep(command, 'failure', { reason: 'no-reply', detail: 'A tombstone has no reply.' });
    if (undone === 'tombstone' || (undone && !String(undone.value).includes('"outcome":"success"')))
      return this.keep(command, 'success', null);
    if ((data as { lockerId: string }).lockerId === JAMMED) return this.jam(message, command);
    const { lockerId } = data as { lockerId: string };
    if (undoes !== undefined && !this.out.delete(lockerId)) return this.keep(command, 'success', null);
    if (undoes === undefined) this.out.add(lockerId);
    this.effects.set(lockerId, (this.effects.get(lockerId) ?? 0) + 1);
    if (this.is('refuses for an undeclared reason')) return this.keep(command, 'refusal', { reason: 'no-mood' });
    const reply = this.is('answers with a wrong schema') ? { keyId: 7 } : { keyId: uuidV7() };
    return this.keep(command, 'success', type === 'locker.hand-key.v1' ? reply : null);
  }

  private jam(message: KafkaMessage, command: Command): Outgoing[] {
    const failure = { reason: 'handler-failed', detail: 'The lock is jammed.' };
    const isDeadLettered = command.sagalastattempt === true && !this.is('writes no dead letters for last attempts');
    return [...this.keep(command, 'failure', failure), ...(isDeadLettered ? this.park(message, failure) : [])];
  }

  private keep(command: Command, outcome: ReplyOutcome, data: unknown): Outgoing[] {
    const reply = this.reply(command, outcome, data);
    this.inbox.set(command.id, reply);
    this.digests.set(command.id, commandDigest(command).toString('hex'));
    return this.is('answers twice') ? [reply, reply] : [reply];
  }

  private reply(command: Command, outcome: ReplyOutcome, data: unknown): Outgoing {
    const { id, sagaid, sagastep, sagadirection, subject, traceparent } = command;
    const unreadable = this.is('uses another type for replies to commands without a type')
      ? 'locker.nothing.v1'
      : 'locker.unreadable.v1';
    const commandType = isKey(command.type) ? command.type : unreadable;
    const type = this.is('uses another reply type') ? 'locker.answer.v1' : replyType(commandType);
    const envelope = {
      specversion: '1.0',
      id: this.is('reuses the id of the command') ? id : uuidV7(),
      type,
      source: '/lockers',
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      dataschema: outcome === 'success' ? schemaUri(type) : REJECTION_SCHEMA,
      subject,
      ...(this.is('loses the trace') ? {} : { traceparent }),
      sagaid: this.is('answers for another saga') ? uuidV7() : sagaid,
      sagastep: this.is('changes the step') ? 'other' : sagastep,
      sagadirection,
      inreplyto: this.is('omits inreplyto') ? uuidV7() : id,
      outcome,
      data,
    };
    const headers: Record<string, string> = this.is('sends no content type') ? {} : { 'content-type': CONTENT_TYPE };
    const key = this.is('keys replies by command') ? id : sagaid;
    const own = REPLIES.includes(command.replyto) && !this.is('answers only one orchestrator');
    const topic = own ? command.replyto : TOPICS.replies;
    return { topic, key, value: JSON.stringify(envelope), headers };
  }

  private park({ key, value, offset }: KafkaMessage, { reason, detail = 'No command.' }: Rejection): Outgoing[] {
    if (this.is('writes no dead letters')) return [];
    const where = { 'original-topic': TOPICS.commands, 'original-partition': '0', 'original-offset': offset };
    const headers: Record<string, string> = this.is('dead-letters without a reason')
      ? where
      : { reason, detail, service: 'locker', ...where };
    if (this.is('dead-letters without a detail')) delete headers['detail'];
    return [{ topic: TOPICS.deadLetters, key, value, headers }];
  }
}

/** Whether the command can be answered. */
function isAnswerable(command: Partial<Command>): command is Command {
  const { id, sagaid, sagastep, sagadirection } = command;
  return isMessageId(id) && isUuid(sagaid) && isKey(sagastep) && /^(action|compensation)$/.test(String(sagadirection));
}

/** Makes kafkajs write snappy batches without records. */
function damagedSnappy(): CompressionTypes {
  CompressionCodecs[CompressionTypes.Snappy] = () => ({
    compress: async () => Buffer.from(compress(Buffer.from('no records'))),
    decompress: async () => Promise.reject(new Error('The conformance checks decompress by themselves.')),
  });
  return CompressionTypes.Snappy;
}

const late = { reason: 'too-late' };

/** The same outcome in a reply with another id. */
function renamed(reply: Outgoing): Outgoing {
  return { ...reply, value: JSON.stringify({ ...JSON.parse(String(reply.value)), id: uuidV7() }) };
}
