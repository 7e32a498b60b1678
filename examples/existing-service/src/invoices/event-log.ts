import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { Kafka, logLevel, type Consumer } from 'kafkajs';

/** A Kafka client of the service's own, which existed before. It reads what the service publishes. */
@Injectable()
export class EventLog implements OnModuleInit, OnModuleDestroy {
  readonly subjects: string[] = [];
  private readonly kafka: Kafka;
  private readonly consumer: Consumer;

  constructor(config: ConfigService) {
    const brokers = config.getOrThrow<string>('KAFKA_BROKERS').split(',');
    this.kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
    this.consumer = this.kafka.consumer({ groupId: 'billing-event-log' });
  }

  async onModuleInit(): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'billing.events', numPartitions: 1 }], waitForLeaders: true });
    await admin.disconnect();
    await this.consumer.connect();
    await this.consumer.subscribe({ topic: 'billing.events', fromBeginning: true });
    await this.consumer.run({
      eachMessage: ({ message }) => {
        this.subjects.push(String(message.key));
        return Promise.resolve();
      },
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.consumer.disconnect();
  }
}
