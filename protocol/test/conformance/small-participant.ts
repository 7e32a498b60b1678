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

/** What a participant may get wrong. */
export type Defect =
  | 'acts on duplicates'
  | 'answers duplicates anew'
  | 'forgets failures'
  | 'answers twice'
  | 'has no tombstones'
  | 'answers late actions'
  | 'fails compensations of nothing'
  | 'keys replies by command'
  | 'forgets what it answers'
  | 'answers for another saga'
  | 'changes the step'
  | 'loses the trace'
  | 'sends no content type'
  | 'calls its replies otherwise'
  | 'reuses the id of the command'
  | 'answers with a wrong schema'
  | 'refuses without leave'
  | 'refuses unknown fields'
  | 'answers in any order'
  | 'is silent about unknown types'
  | 'follows any reply topic'
  | 'answers another command under a known id'
  | 'takes back what another saga did'
  | 'answers one orchestrator alone'
  | 'parks nothing'
  | 'parks without a reason'
  | 'stops at poison'
  | 'nests to any depth'
  | 'handles ids of any age'
  | 'forgets ids within the week'
  | 'is silent about wrong attributes'
  | 'names replies to nothing otherwise'
  | 'needs attributes that may be missing'
  | 'parks without a detail'
  | 'fails on tombstones'
  | 'parks no last attempts'
  | 'commits before it replies'
  | 'commits nothing'
  | 'takes what is forgotten for undone'
  | 'compresses beyond recognition';

/** The locker whose lock is jammed: no key is handed out. */
export const JAMMED = '00000000-0000-4000-8000-000000000000';
const DAY_MS = 86_400_000;

const TOPICS = {
  commands: 'locker.commands',
  replies: 'orchestrator.replies.locker',
  repliesToShop: 'shop.replies.locker',
  deadLetters: DEAD_LETTERS,
};
/** Where it may answer. */
const REPLIES = [TOPICS.replies, TOPICS.repliesToShop];

interface Outgoing {
  readonly topic: string;
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers: Record<string, string>;
}

/** A participant over a stock Kafka client, with its inbox in memory: right, or wrong in one way. */
export class SmallParticipant {
  /** How often a key was handed out or taken back, by locker. */
  readonly effects = new Map<string, number>();
  /** The lockers whose keys are out. */
  private readonly out = new Set<string>();
  private readonly inbox = new Map<string, Outgoing | 'tombstone'>();
  /** What each command asked, by its id; of a tombstone, whose action it keeps out. */
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
      defect === 'compresses beyond recognition' ? damagedSnappy() : compression,
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
        const ordered = this.is('answers in any order') ? messages.toReversed() : messages;
        const outgoing = ordered.flatMap((message) => this.take(message));
        const topicMessages = outgoing.map(({ topic, ...message }) => ({ topic, messages: [message] }));
        const offset = String(BigInt(batch.lastOffset()) + 1n);
        if (this.is('commits before it replies')) await this.commitEarly(partition, offset);
        await this.producer.sendBatch({ acks: -1, topicMessages, compression: this.compression });
      },
    });
    await joined;
  }

  /** Commits, then takes as long as a transaction would: some questions to a server. */
  private async commitEarly(partition: number, offset: string): Promise<void> {
    await this.consumer.commitOffsets([{ topic: TOPICS.commands, partition, offset }]);
    for (let asked = 0; asked < 8; asked += 1) await this.admin.fetchTopicOffsets(TOPICS.commands);
  }

  private is(defect: Defect): boolean {
    return this.defect === defect;
  }

  private take(message: KafkaMessage): Outgoing[] {
    const { command, objection } = this.read(message);
    if (!isAnswerable(command)) return this.park(message, objection ?? { reason: 'no-command' });
    if (!this.remembers(command.id)) return this.park(message, { reason: 'not-remembered', detail: 'Too old.' });
    const known = this.inbox.get(command.id);
    if (known !== undefined && !this.isKnownAs(command, known))
      return this.mistake(message, command, 'another-command');
    if (known === 'tombstone') return this.is('answers late actions') ? this.keep(command, 'failure', late) : [];
    const parked = objection === undefined ? [] : this.park(message, objection);
    if (known !== undefined && !this.forgets(known))
      return [...parked, this.is('answers duplicates anew') ? renamed(known) : known];
    if (objection === undefined)
      return this.undoesAnother(command)
        ? this.mistake(message, command, 'another-undone')
        : this.act(message, command);
    const silent = `is silent about ${objection.reason === 'unknown-type' ? 'unknown types' : 'wrong attributes'}`;
    if (silent === this.defect && objection.reason !== 'invalid-payload') return parked;
    return [...parked, ...this.keep(command, 'failure', objection)];
  }

  private read({ value }: KafkaMessage): { command: Partial<Command>; objection?: Rejection | undefined } {
    try {
      const command = parseEnvelope(value) as Command;
      return { command, objection: this.objectionTo(command) };
    } catch (error) {
      if (!(error instanceof UnreadableMessageError) || this.is('stops at poison')) throw error;
      if (this.is('nests to any depth') && error.reason === 'too-deep')
        return { command: JSON.parse(String(value)) as Command };
      return { command: readLoosely(value), objection: { reason: error.reason, detail: error.message } };
    }
  }

  private remembers(id: string): boolean {
    const days = (Date.now() - instantOf(id)) / DAY_MS;
    return this.is('handles ids of any age') || (days > -1 && days < (this.is('forgets ids within the week') ? 5 : 7));
  }

  private isKnownAs(command: Command, known: Outgoing | 'tombstone'): boolean {
    const digest = (known === 'tombstone' ? tombstoneDigest(command) : commandDigest(command)).toString('hex');
    return this.digests.get(command.id) === digest || this.is('answers another command under a known id');
  }

  private undoesAnother(command: Command): boolean {
    const { undoes = '', sagaid, sagastep } = command;
    const undone = this.inbox.get(undoes);
    if (undone === undefined || this.is('takes back what another saga did')) return false;
    if (undone === 'tombstone') return this.digests.get(undoes) !== tombstoneDigest(command).toString('hex');
    const reply = JSON.parse(String(undone.value)) as Reply;
    return reply.sagaid !== sagaid || reply.sagastep !== sagastep || reply.sagadirection !== 'action';
  }

  /** Parked, and told that nobody can say what became of it; the inbox stays as it is. */
  private mistake(message: KafkaMessage, command: Command, reason: string): Outgoing[] {
    const mistake = { reason, detail: 'The id is that of another command.' };
    return [...this.park(message, mistake), this.reply(command, 'unknown', mistake)];
  }

  private forgets({ value }: Outgoing): boolean {
    return (
      this.is('acts on duplicates') || (this.is('forgets failures') && String(value).includes('"outcome":"failure"'))
    );
  }

  private objectionTo(command: Command): Rejection | undefined {
    const { type, replyto, data, time } = command;
    const problem = commandProblem(command);
    if (problem !== undefined) return { reason: 'no-command', detail: problem };
    if (this.is('needs attributes that may be missing') && time === undefined)
      return { reason: 'no-command', detail: 'There is no time.' };
    if (!REPLIES.includes(replyto) && !this.is('follows any reply topic'))
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
      if (!this.remembers(undoes) && !this.is('takes what is forgotten for undone')) {
        const forgotten = { reason: 'action-forgotten', detail: 'Nothing is known of the action.' };
        return [...this.keep(command, 'failure', forgotten), ...this.park(message, forgotten)];
      }
      if (this.is('fails compensations of nothing')) return this.keep(command, 'failure', { reason: 'no-such-key' });
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
    if (this.is('refuses without leave')) return this.keep(command, 'refusal', { reason: 'no-mood' });
    const reply = this.is('answers with a wrong schema') ? { keyId: 7 } : { keyId: uuidV7() };
    return this.keep(command, 'success', type === 'locker.hand-key.v1' ? reply : null);
  }

  private jam(message: KafkaMessage, command: Command): Outgoing[] {
    const failure = { reason: 'handler-failed', detail: 'The lock is jammed.' };
    const parked = command.sagalastattempt === true && !this.is('parks no last attempts');
    return [...this.keep(command, 'failure', failure), ...(parked ? this.park(message, failure) : [])];
  }

  private keep(command: Command, outcome: ReplyOutcome, data: unknown): Outgoing[] {
    const reply = this.reply(command, outcome, data);
    this.inbox.set(command.id, reply);
    this.digests.set(command.id, commandDigest(command).toString('hex'));
    return this.is('answers twice') ? [reply, reply] : [reply];
  }

  private reply(command: Command, outcome: ReplyOutcome, data: unknown): Outgoing {
    const { id, sagaid, sagastep, sagadirection, subject, traceparent } = command;
    const unreadable = this.is('names replies to nothing otherwise') ? 'locker.nothing.v1' : 'locker.unreadable.v1';
    const asked = isKey(command.type) ? command.type : unreadable;
    const type = this.is('calls its replies otherwise') ? 'locker.answer.v1' : replyType(asked);
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
      inreplyto: this.is('forgets what it answers') ? uuidV7() : id,
      outcome,
      data,
    };
    const headers: Record<string, string> = this.is('sends no content type') ? {} : { 'content-type': CONTENT_TYPE };
    const key = this.is('keys replies by command') ? id : sagaid;
    const own = REPLIES.includes(command.replyto) && !this.is('answers one orchestrator alone');
    const topic = own ? command.replyto : TOPICS.replies;
    return { topic, key, value: JSON.stringify(envelope), headers };
  }

  private park({ key, value, offset }: KafkaMessage, { reason, detail = 'No command.' }: Rejection): Outgoing[] {
    if (this.is('parks nothing')) return [];
    const where = { 'original-topic': TOPICS.commands, 'original-partition': '0', 'original-offset': offset };
    const headers: Record<string, string> = this.is('parks without a reason')
      ? where
      : { reason, detail, service: 'locker', ...where };
    if (this.is('parks without a detail')) delete headers['detail'];
    return [{ topic: TOPICS.deadLetters, key, value, headers }];
  }
}

/** Whether enough of a command can be read to answer it. */
function isAnswerable(command: Partial<Command>): command is Command {
  const { id, sagaid, sagastep, sagadirection } = command;
  return isMessageId(id) && isUuid(sagaid) && isKey(sagastep) && /^(action|compensation)$/.test(String(sagadirection));
}

/** Makes kafkajs write batches in snappy that hold no records. */
function damagedSnappy(): CompressionTypes {
  CompressionCodecs[CompressionTypes.Snappy] = () => ({
    compress: async () => Buffer.from(compress(Buffer.from('no records'))),
    decompress: async () => Promise.reject(new Error('The conformance checks decompress by themselves.')),
  });
  return CompressionTypes.Snappy;
}

const late = { reason: 'too-late' };

/** The same answer in a reply with another id. */
function renamed(reply: Outgoing): Outgoing {
  return { ...reply, value: JSON.stringify({ ...JSON.parse(String(reply.value)), id: uuidV7() }) };
}
