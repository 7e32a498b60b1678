import type { INestApplication, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { cloudEvent, eventTopic, type DomainEvent, type EventContract } from '../src/contract';
import { SAGA_TRANSPORT, type IncomingMessage, type TopicOffsets, type Transport } from '../src/messaging';
import { connectSubscriber, Subscriber, SubscriberModule } from '../src/subscriber';
import { SUBSCRIBER_OFFSETS } from '../src/subscriber/subscriber.module';
import { HandTransport } from './hand-transport';

export interface SubscriberSetup {
  readonly databaseUrl: string;
  readonly controllers: readonly Type[];
  readonly providers?: readonly Type[];
  /** Whether its handlers are connected. @default true */
  readonly connects?: boolean;
  readonly group?: string;
  readonly transaction?: 'per-event' | 'per-batch';
  readonly attempts?: number;
  /** @default a transport that the test controls */
  readonly transport?: Transport;
  readonly offsets?: { of(topic: string): Promise<TopicOffsets[]> };
}

/** An instance of a subscriber as a Nest application, on a real database. */
export class SubscriberUnderTest {
  private constructor(
    readonly app: INestApplication,
    readonly transport: HandTransport,
  ) {}

  static async start(setup: SubscriberSetup): Promise<SubscriberUnderTest> {
    const { databaseUrl: url, controllers, group = 'readers', transaction = 'per-event', attempts = 2 } = setup;
    const byHand = new HandTransport();
    const module = await Test.createTestingModule({
      imports: [
        TypeOrmModule.forRoot({ type: 'postgres', url, retryAttempts: 0 }),
        SubscriberModule.forRoot({ group, transaction, attempts, kafka: { brokers: [] } }),
      ],
      controllers: [...controllers],
      providers: [...(setup.providers ?? [])],
    })
      .overrideProvider(SAGA_TRANSPORT)
      .useValue(setup.transport ?? byHand)
      .overrideProvider(SUBSCRIBER_OFFSETS)
      .useValue(setup.offsets ?? { of: async () => [] })
      .compile();
    const app = module.createNestApplication();
    app.useLogger(false);
    try {
      if (setup.connects !== false) connectSubscriber(app);
      await app.startAllMicroservices();
      await app.init();
    } catch (error) {
      await app.close();
      throw error;
    }
    return new SubscriberUnderTest(app, byHand);
  }

  get subscriber(): Subscriber {
    return this.app.get(Subscriber);
  }

  async sql<Row>(text: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.app.get(DataSource).query(text, parameters);
  }

  async stop(): Promise<void> {
    await this.transport.close();
    await this.app.close();
  }
}

/** An event as its service publishes it. */
export function anEvent<P extends object>(
  contract: EventContract<P>,
  data: P,
  attributes: Partial<DomainEvent> = {},
): DomainEvent {
  return cloudEvent<DomainEvent>(new Date(), {
    id: uuidV7(),
    type: contract.type,
    source: '/test',
    subject: contract.subject(data),
    data,
    ...attributes,
  });
}

let offsets = 0;

/** Wraps a message as the transport delivers it, at the next offset. */
export function incomingEvent(event: DomainEvent, place: Partial<IncomingMessage> = {}): IncomingMessage {
  const topic = eventTopic(event.type.slice(0, event.type.indexOf('.')));
  const value = Buffer.from(JSON.stringify(event));
  return { topic, partition: 0, offset: String((offsets += 1)), key: Buffer.from(event.subject), value, ...place };
}
