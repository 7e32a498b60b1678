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

const GOING_ON = 'SELECT service, command, definition, since FROM outage WHERE ended_at IS NULL ORDER BY since';

/** The outage that orders wait for. Every instance polls the table, because only one instance receives each event. */
@Injectable()
export class Outages implements ReadinessCheck, OnApplicationBootstrap, OnModuleDestroy {
  readonly optional = true;
  private readonly log = new Logger(Outages.name);
  private wait: OrderWait | undefined;
  private looks: NodeJS.Timeout | undefined;
  private polling = false;

  constructor(private readonly dataSource: DataSource) {}

  /** The outage that new orders wait for; undefined when no needed service is away. */
  get current(): OrderWait | undefined {
    return this.wait;
  }

  check(): string | undefined {
    return this.wait?.message;
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
      const oldest = rows.find(concernsOrders);
      if (oldest?.since.getTime() !== this.wait?.since.getTime()) this.wait = oldest && OrderWait.for(oldest);
    } catch (error) {
      this.log.warn(`Outages of other services could not be read: ${String(error)}`);
    } finally {
      this.polling = false;
    }
  }
}

function concernsOrders({ service, command, definition }: Row): boolean {
  if (service === null) return definition === placeOrder.name;
  return NEEDED.some((needed) => needed.service === service && (command === null || needed.name === command));
}
