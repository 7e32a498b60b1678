import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  authorizePayment,
  capturePayment,
  commitStock,
  confirmOrder,
  placeOrder,
  reserveStock,
} from '@palinode/contracts';
import type { ReadinessCheck } from '@palinode/service';
import { DataSource } from 'typeorm';
import { OrderEnvironment } from '../order-environment';
import { OrderWait } from './order-wait';

/** The services and commands that an order needs before it is approved. */
const NEEDED = [reserveStock, authorizePayment, capturePayment, confirmOrder, commitStock];
const POLL_INTERVAL_MS = 1_000;

interface Row {
  readonly service: string | null;
  readonly command: string | null;
  readonly definition: string | null;
  readonly since: Date;
}

/** Longer than a message stays in the outbox while the broker takes it, also when another instance has to send it. */
const UNSENT_AFTER_MS = 5_000;
/** The oldest message that the broker has not taken for this time. $1 milliseconds. */
const UNSENT = `
  SELECT since FROM (SELECT created_at AS since FROM outbox ORDER BY id LIMIT 1) AS oldest
  WHERE since < statement_timestamp() - $1 * interval '1 ms'`;
const GOING_ON = 'SELECT service, command, definition, since FROM outage WHERE ended_at IS NULL ORDER BY since';

/**
 * The outage that orders wait for: of a service, of which the orchestrator tells, or of the broker, when messages stay in
 * the outbox. Every instance polls the tables, because only one instance receives each event.
 */
@Injectable()
export class Outages implements ReadinessCheck, OnApplicationBootstrap, OnModuleDestroy {
  readonly optional = true;
  private readonly log = new Logger(Outages.name);
  private wait: OrderWait | undefined;
  private problem: string | undefined;
  private looks: NodeJS.Timeout | undefined;
  private polling = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly environment: OrderEnvironment,
  ) {}

  /** The outage that new orders wait for; undefined when no needed service is away. */
  get current(): OrderWait | undefined {
    return this.wait;
  }

  check(): string | undefined {
    return this.problem;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.poll();
    this.looks = setInterval(() => void this.poll(), POLL_INTERVAL_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.looks);
  }

  private async poll(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    try {
      const rows: Row[] = await this.dataSource.query(GOING_ON);
      const [unsent]: Pick<Row, 'since'>[] = await this.dataSource.query(UNSENT, [UNSENT_AFTER_MS]);
      const held = rows.find(concernsOrders);
      const oldest = held ?? (unsent && { service: null, since: unsent.since });
      if (oldest?.since.getTime() !== this.wait?.since.getTime()) this.wait = oldest && OrderWait.for(oldest);
      this.problem = held ? this.wait?.message : unsent && this.unsentSince(unsent.since);
    } catch (error) {
      this.log.warn(`Outages of other services could not be read: ${String(error)}`);
    } finally {
      this.polling = false;
    }
  }

  private unsentSince(since: Date): string {
    const brokers = this.environment.KAFKA_BROKERS.join(', ');
    return `messages wait in the outbox since ${since.toISOString()}: the broker (${brokers}) does not take them`;
  }
}

function concernsOrders({ service, command, definition }: Row): boolean {
  if (service === null) return definition === placeOrder.name;
  return NEEDED.some((needed) => needed.service === service && (command === null || needed.name === command));
}
