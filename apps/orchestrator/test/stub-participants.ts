import type { Command } from '@palinode/saga/contract';
import { commandTopic, CONTENT_TYPE, ORCHESTRATOR_COMMANDS, type StartSaga } from '@palinode/saga/internal/contract';
import { Kafka, logLevel, Partitioners, type Consumer, type Producer } from 'kafkajs';
import { v7 as uuidV7 } from 'uuid';
import { aReply } from '../../../libs/saga/test/messages';

const TOPICS = ['order', 'inventory', 'payment', 'shipping'].map(commandTopic);
const REPLIES: Readonly<Record<string, object>> = {
  'inventory.reserve-stock.v1': { reservationId: uuidV7() },
  'payment.authorize.v1': { authorizationId: uuidV7() },
};

/**
 * Stub participants of the whole shop on a real broker. They answer every command with success, but only once the test
 * releases the saga.
 */
export class StubParticipants {
  private readonly received: Command[] = [];
  private readonly answering = new Set<string>();

  private constructor(
    private readonly producer: Producer,
    private readonly consumer: Consumer,
  ) {}

  static async start(broker: string): Promise<StubParticipants> {
    const kafka = new Kafka({ clientId: 'participants', brokers: [broker], logLevel: logLevel.ERROR });
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    const consumer = kafka.consumer({ groupId: 'participants', maxWaitTimeInMs: 100 });
    const participants = new StubParticipants(producer, consumer);
    await Promise.all([producer.connect(), consumer.connect(), createTopics(kafka)]);
    await consumer.subscribe({ topics: TOPICS, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => participants.take(JSON.parse(String(message.value)) as Command),
    });
    return participants;
  }

  async ask(start: StartSaga): Promise<void> {
    await this.send(ORCHESTRATOR_COMMANDS, start);
  }

  /** The types of the commands that a saga has sent, each once, in order of arrival. */
  commandsOf(sagaId: string): string[] {
    return [...new Set(this.received.filter(({ sagaid }) => sagaid === sagaId).map(({ type }) => type))];
  }

  /** Answers this saga's commands from now on, including those that wait. */
  async answer(sagaId: string): Promise<void> {
    this.answering.add(sagaId);
    for (const command of this.received.filter(({ sagaid }) => sagaid === sagaId)) await this.reply(command);
  }

  async stop(): Promise<void> {
    await Promise.all([this.consumer.disconnect(), this.producer.disconnect()]);
  }

  private async take(command: Command): Promise<void> {
    this.received.push(command);
    if (this.answering.has(command.sagaid)) await this.reply(command);
  }

  private async reply(command: Command): Promise<void> {
    await this.send(command.replyto, aReply(command, 'success', REPLIES[command.type] ?? null));
  }

  private async send(topic: string, envelope: { readonly sagaid: string }): Promise<void> {
    const message = {
      key: envelope.sagaid,
      value: JSON.stringify(envelope),
      headers: { 'content-type': CONTENT_TYPE },
    };
    await this.producer.send({ topic, messages: [message] });
  }
}

async function createTopics(kafka: Kafka): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [ORCHESTRATOR_COMMANDS, ...TOPICS].map((topic) => ({ topic, numPartitions: 4 })),
  });
  await admin.disconnect();
}
