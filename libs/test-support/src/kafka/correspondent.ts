import { cloudEvent } from '@palinode/saga/internal/contract';
import type { Command, CommandContract, DomainEvent, EventContract, PayloadOf, Reply } from '@palinode/saga/contract';
import {
  commandTopic,
  CONTENT_TYPE,
  eventTopic,
  ORCHESTRATOR_COMMANDS,
  replyTopic,
  type Envelope,
  type StartSaga,
} from '@palinode/saga/internal/contract';
import { Kafka, logLevel, Partitioners, type Consumer, type Producer } from 'kafkajs';
import { v4, v7 } from 'uuid';

/** Sends commands to one service over Kafka, as the orchestrator does, and waits for the replies. */
export class Correspondent {
  /** The sagas that the service started, without duplicates. */
  readonly starts: StartSaga[] = [];
  /** The events that the service published, without duplicates. */
  readonly events: DomainEvent[] = [];
  private readonly known = new Set<string>();
  private readonly waiting = new Map<string, (reply: Reply) => void>();

  private constructor(
    private readonly service: string,
    private readonly producer: Producer,
    private readonly consumer: Consumer,
  ) {}

  static async start(broker: string, service: string): Promise<Correspondent> {
    const kafka = new Kafka({ clientId: 'correspondent', brokers: [broker], logLevel: logLevel.ERROR });
    const admin = kafka.admin();
    await admin.connect();
    // A service that takes part in no saga, or publishes nothing, creates no topics of its own.
    const existing = await admin.listTopics();
    for (const topic of [replyTopic(service), ORCHESTRATOR_COMMANDS, eventTopic(service)])
      if (!existing.includes(topic)) await admin.createTopics({ topics: [{ topic, numPartitions: 4 }] });
    await admin.disconnect();
    const correspondent = new Correspondent(
      service,
      kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner }),
      kafka.consumer({ groupId: `correspondent-${v4()}`, maxWaitTimeInMs: 100 }),
    );
    await correspondent.listen();
    return correspondent;
  }

  /** The reply to a command; the command belongs to a new saga unless the attributes name one. */
  async send<C extends CommandContract>(
    contract: C,
    payload: PayloadOf<C>,
    attributes: Partial<Command> = {},
  ): Promise<Reply> {
    const command = this.command(contract, payload, attributes);
    const reply = new Promise<Reply>((resolve) => this.waiting.set(command.id, resolve));
    await this.producer.send({
      topic: commandTopic(this.service),
      messages: [{ key: command.sagaid, value: JSON.stringify(command), headers: { 'content-type': CONTENT_TYPE } }],
    });
    return reply;
  }

  /** Publishes an event as its service does; resolves with its id. */
  async publish<P extends object>(
    contract: EventContract<P>,
    data: P,
    attributes: Partial<DomainEvent> = {},
  ): Promise<string> {
    const event = cloudEvent<DomainEvent>(new Date(), {
      id: v7(),
      type: contract.type,
      source: '/test',
      subject: contract.subject(data),
      data,
      ...attributes,
    });
    const value = JSON.stringify(event);
    await this.producer.send({ topic: eventTopic(contract.service), messages: [{ key: event.subject, value }] });
    return event.id;
  }

  async stop(): Promise<void> {
    await Promise.all([this.consumer.disconnect(), this.producer.disconnect()]);
  }

  private command(contract: CommandContract, data: object, attributes: Partial<Command>): Command {
    return cloudEvent<Command>(new Date(), {
      id: v7(),
      type: contract.type,
      source: '/test',
      sagaid: v7(),
      sagastep: 'test',
      sagadirection: 'action',
      sagaattempt: 1,
      replyto: replyTopic(this.service),
      data,
      ...attributes,
    });
  }

  private async listen(): Promise<void> {
    await Promise.all([this.producer.connect(), this.consumer.connect()]);
    const events = eventTopic(this.service);
    await this.consumer.subscribe({
      topics: [replyTopic(this.service), ORCHESTRATOR_COMMANDS, events],
      fromBeginning: true,
    });
    await this.consumer.run({
      eachMessage: async ({ topic, message: { value } }) => {
        const envelope = JSON.parse(String(value)) as Envelope;
        if (topic === events) this.keepOnce(this.events, envelope as DomainEvent);
        else if (topic === ORCHESTRATOR_COMMANDS) this.keepOnce(this.starts, envelope as StartSaga);
        else this.take(envelope as Reply);
      },
    });
  }

  /** Removes duplicates: starts and events are delivered at least once. */
  private keepOnce<M extends { readonly id: string }>(kept: M[], message: M): void {
    if (!this.known.has(message.id)) kept.push(message);
    this.known.add(message.id);
  }

  private take(reply: Reply): void {
    this.waiting.get(reply.inreplyto)?.(reply);
    this.waiting.delete(reply.inreplyto);
  }
}
