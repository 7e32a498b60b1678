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
import type { Order } from '../orders/order-messages';
import { OrderWait } from './order-wait';

/** What an order needs of others, and of this service, before it is approved. */
const NEEDED = [reserveStock, authorizePayment, capturePayment, confirmOrder, commitStock];
const LOOK_EVERY_MS = 1_000;

interface Row {
  readonly service: string | null;
  readonly command: string | null;
  readonly definition: string | null;
  readonly since: Date;
}

const GOING_ON = 'SELECT service, command, definition, since FROM outage WHERE ended_at IS NULL ORDER BY since';

/** The outage for which orders wait. Every instance looks into the table, since only one of them gets an event. */
@Injectable()
export class Outages implements ReadinessCheck, OnApplicationBootstrap, OnModuleDestroy {
  readonly optional = true;
  private readonly log = new Logger(Outages.name);
  private wait: OrderWait | undefined;
  private looks: NodeJS.Timeout | undefined;
  private looking = false;

  constructor(private readonly dataSource: DataSource) {}

  /** What orders that are placed now wait for; undefined while all are there that they need. */
  get current(): OrderWait | undefined {
    return this.wait;
  }

  /** The order as its customer sees it. */
  show(order: Order): Order {
    return this.wait !== undefined && order.status === 'PENDING' ? { ...order, waitsFor: this.wait } : order;
  }

  check(): string | undefined {
    return this.wait?.message;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
    this.looks = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.looks);
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      const rows: Row[] = await this.dataSource.query(GOING_ON);
      const oldest = rows.find(concernsOrders);
      if (oldest?.since.getTime() !== this.wait?.since.getTime()) this.wait = oldest && OrderWait.for(oldest);
    } catch (error) {
      this.log.warn(`Outages of other services were not looked up: ${String(error)}`);
    } finally {
      this.looking = false;
    }
  }
}

function concernsOrders({ service, command, definition }: Row): boolean {
  if (service === null) return definition === placeOrder.name;
  return NEEDED.some((needed) => needed.service === service && (command === null || needed.name === command));
}
