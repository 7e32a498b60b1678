/* A whole shop with continuous orders, and messages that are sent to all of its topics. */
import { Kafka, logLevel } from 'kafkajs';
import type { BrokerKind } from '@palinode/test-support/kafka/broker';
import { Stack } from '@palinode/test-support/shop/stack';
import { query } from '../end-to-end/books';
import { ShopClient } from '../end-to-end/shop-client';
import { bytesOf, type FuzzMessage } from './fuzz-message';
import type { Sources } from './generate';
import { Health, type MemoryMb } from './health';
import { ReadinessMonitor } from './readiness-monitor';
import { RawProducer } from './raw-producer';
import { RealIds } from './stand-ins';
import { SteadyOrders } from './steady-orders';
import { observe, placeTargets } from './targets';
import { Tally } from './tally';

const CONNECTIONS = 4;
const PARTITIONS = 4;
const UNKNOWN_TOPIC = 'fuzz.no-such-topic';

export class FuzzedShop {
  readonly tally = new Tally();
  private readonly producers: readonly RawProducer[];

  private constructor(
    private readonly stack: Stack,
    private readonly client: ShopClient,
    private readonly orders: SteadyOrders,
    private readonly health: Health,
    private readonly pulse: ReadinessMonitor,
    readonly sources: Sources,
  ) {
    this.producers = Array.from({ length: CONNECTIONS }, () => new RawProducer(stack.brokers[0] ?? ''));
  }

  /** The conditions after a round must become true `withinMs`. */
  static async start(broker: BrokerKind, withinMs: number): Promise<FuzzedShop> {
    // Processes that end are restarted; a new process id shows it.
    const stack = await Stack.start({ broker, ports: 'free', environment: { LIFECYCLE_EVENTS: 'on' } });
    try {
      const client = ShopClient.of(stack);
      const targets = await placeTargets(client);
      const observed = await observe(stack.brokers, targets);
      const topics = [...(await topicsOf(stack.brokers)), UNKNOWN_TOPIC];
      const health = await Health.of(stack, withinMs);
      const orders = new SteadyOrders(client, withinMs);
      const pulse = new ReadinessMonitor(stack, withinMs);
      return new FuzzedShop(stack, client, orders, health, pulse, { topics, partitions: PARTITIONS, observed });
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  /** Sends the messages of a round. Resolves with the problems afterwards; empty when there are none. */
  async round(messages: readonly FuzzMessage[]): Promise<string[]> {
    try {
      await this.sendAll(messages, new RealIds(await placeTargets(this.client)));
    } catch (error) {
      return [`The messages cannot be sent: ${String(error)}`, ...(await this.health.problems())];
    }
    return [...(await this.orders.problems()), ...(await this.health.problems()), ...this.pulse.problems()];
  }

  memoryMb(): Promise<MemoryMb> {
    return this.health.memoryMb();
  }

  /** The dead letters, by their reasons. */
  async parked(): Promise<Record<string, number>> {
    const rows = await query<{ reason: string; n: number }>(
      this.stack.databases.orchestrator,
      'SELECT reason, count(*)::int AS n FROM dead_letter GROUP BY reason',
    );
    return Object.fromEntries(rows.map(({ reason, n }) => [reason, n]));
  }

  get endedOrders(): number {
    return this.orders.ended;
  }

  get logDirectory(): string {
    return `${this.stack.directory}/logs`;
  }

  private async sendAll(messages: readonly FuzzMessage[], ids: RealIds): Promise<void> {
    const left = [...messages];
    const send = async (producer: RawProducer): Promise<void> => {
      for (let message = left.shift(); message; message = left.shift())
        this.tally.sent(message, await producer.produce(message.topic, message.partition, bytesOf(message, ids)));
    };
    await Promise.all(this.producers.map(send));
  }

  async stop(): Promise<void> {
    for (const producer of this.producers) producer.close();
    await this.orders.stop();
    await this.pulse.stop();
    await this.health.close();
    await this.stack.stop();
  }
}

/** In an order that is the same in every run. */
async function topicsOf(brokers: readonly string[]): Promise<string[]> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return (await admin.listTopics()).filter((name) => !name.startsWith('__')).toSorted();
  } finally {
    await admin.disconnect();
  }
}
