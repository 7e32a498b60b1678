import {
  CONTENT_TYPE,
  DEAD_LETTERS,
  OBJECTION_SCHEMA,
  parseEnvelope,
  replyType,
  schemaUri,
  type Command,
  type Outcome,
} from '@palinode/saga/contract';
import { Kafka, logLevel, Partitioners, type Consumer, type KafkaMessage, type Producer } from 'kafkajs';
import { v4, v7 as uuidV7 } from 'uuid';

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
  | 'answers one orchestrator alone'
  | 'parks nothing'
  | 'parks without a reason'
  | 'stops at poison';

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

  private constructor(
    private readonly defect: Defect | undefined,
    private readonly producer: Producer,
    private readonly consumer: Consumer,
  ) {}

  static async start(brokers: readonly string[], defect?: Defect): Promise<SmallParticipant> {
    const kafka = new Kafka({ clientId: 'locker', brokers: [...brokers], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: Object.values(TOPICS).map((topic) => ({ topic, numPartitions: 2 })) });
    await admin.disconnect();
    const participant = new SmallParticipant(
      defect,
      kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner }),
      kafka.consumer({ groupId: `locker-${v4()}`, maxWaitTimeInMs: 50 }),
    );
    await participant.listen();
    return participant;
  }

  async stop(): Promise<void> {
    await Promise.all([this.consumer.disconnect(), this.producer.disconnect()]);
  }

  private async listen(): Promise<void> {
    await Promise.all([this.producer.connect(), this.consumer.connect()]);
    await this.consumer.subscribe({ topics: [TOPICS.commands] });
    const joined = new Promise((resolve) => this.consumer.on(this.consumer.events.GROUP_JOIN, resolve));
    await this.consumer.run({
      partitionsConsumedConcurrently: 2,
      eachBatch: async ({ batch: { messages } }) => {
        const ordered = this.is('answers in any order') ? messages.toReversed() : messages;
        const outgoing = ordered.flatMap((message) => this.take(message));
        const topicMessages = outgoing.map(({ topic, ...message }) => ({ topic, messages: [message] }));
        await this.producer.sendBatch({ acks: -1, topicMessages });
      },
    });
    await joined;
  }

  private is(defect: Defect): boolean {
    return this.defect === defect;
  }

  private take(message: KafkaMessage): Outgoing[] {
    let command: Command;
    try {
      command = parseEnvelope(message.value) as Command;
    } catch (error) {
      if (this.is('stops at poison')) throw error;
      return this.park(message, 'unreadable');
    }
    const known = this.inbox.get(command.id);
    if (known === 'tombstone') return this.is('answers late actions') ? this.keep(command, 'failure', late) : [];
    if (known !== undefined && !this.forgets(known))
      return [this.is('answers duplicates anew') ? renamed(known) : known];
    const objection = this.objectionTo(command);
    if (objection === undefined) return this.act(command);
    if (objection === 'unknown-type' && this.is('is silent about unknown types')) return this.park(message, objection);
    return [...this.park(message, objection), ...this.keep(command, 'failure', { reason: objection })];
  }

  private forgets({ value }: Outgoing): boolean {
    return (
      this.is('acts on duplicates') || (this.is('forgets failures') && String(value).includes('"outcome":"failure"'))
    );
  }

  private objectionTo({ type, replyto, data }: Command): string | undefined {
    if (!REPLIES.includes(replyto) && !this.is('follows any reply topic')) return 'foreign-reply-topic';
    if (!/^locker\.(hand-key|take-key-back)\.v1$/.test(type)) return 'unknown-type';
    if (typeof data !== 'object' || data === null || !('lockerId' in data)) return 'invalid-payload';
    return this.is('refuses unknown fields') && Object.keys(data).length > 1 ? 'invalid-payload' : undefined;
  }

  private act(command: Command): Outgoing[] {
    const { undoes, data, type } = command;
    const undone = undoes === undefined ? undefined : this.inbox.get(undoes);
    if (undoes !== undefined && undone === undefined) {
      if (this.is('fails compensations of nothing')) return this.keep(command, 'failure', { reason: 'no-such-key' });
      if (!this.is('has no tombstones')) this.inbox.set(undoes, 'tombstone');
      return this.keep(command, 'success', null);
    }
    if (typeof undone === 'object' && !String(undone.value).includes('"outcome":"success"'))
      return this.keep(command, 'success', null);
    const { lockerId } = data as { lockerId: string };
    if (undoes !== undefined && !this.out.delete(lockerId)) return this.keep(command, 'success', null);
    if (undoes === undefined) this.out.add(lockerId);
    this.effects.set(lockerId, (this.effects.get(lockerId) ?? 0) + 1);
    if (this.is('refuses without leave')) return this.keep(command, 'refusal', { reason: 'no-mood' });
    const reply = this.is('answers with a wrong schema') ? { keyId: 7 } : { keyId: uuidV7() };
    return this.keep(command, 'success', type === 'locker.hand-key.v1' ? reply : null);
  }

  private keep(command: Command, outcome: Outcome, data: unknown): Outgoing[] {
    const reply = this.reply(command, outcome, data);
    this.inbox.set(command.id, reply);
    return this.is('answers twice') ? [reply, reply] : [reply];
  }

  private reply(command: Command, outcome: Outcome, data: unknown): Outgoing {
    const { id, sagaid, sagastep, sagadirection, subject, traceparent } = command;
    const type = this.is('calls its replies otherwise') ? 'locker.answer.v1' : replyType(command.type);
    const envelope = {
      specversion: '1.0',
      id: this.is('reuses the id of the command') ? id : uuidV7(),
      type,
      source: '/lockers',
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      dataschema: outcome === 'success' ? schemaUri(type) : OBJECTION_SCHEMA,
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

  private park({ key, value, offset }: KafkaMessage, reason: string): Outgoing[] {
    if (this.is('parks nothing')) return [];
    const where = { 'original-topic': TOPICS.commands, 'original-partition': '0', 'original-offset': offset };
    const headers = this.is('parks without a reason') ? where : { reason, service: 'locker', ...where };
    return [{ topic: TOPICS.deadLetters, key, value, headers }];
  }
}

const late = { reason: 'too-late' };

/** The same answer in a reply with another id. */
function renamed(reply: Outgoing): Outgoing {
  return { ...reply, value: JSON.stringify({ ...JSON.parse(String(reply.value)), id: uuidV7() }) };
}
