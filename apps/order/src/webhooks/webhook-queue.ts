import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OrderEvent } from '../following/order-event';
import type { CallOutcome } from './webhook-call';
import { CLAIM, FIND_DELIVERIES, RECORD_OUTCOME } from './webhook-statements';

/** An attempt that this instance has claimed. */
export interface Attempt extends OrderEvent {
  readonly id: string;
  /** The customer of its order. */
  readonly customer: string;
  readonly host: string;
  readonly url: string;
  /** Including this one. */
  readonly attempts: number;
}

export type DeliveryStatus = 'PENDING' | 'DELIVERED' | 'GIVEN_UP';

export interface StoredDelivery {
  readonly id: string;
  readonly event: string;
  readonly seq: number;
  readonly host: string;
  readonly status: DeliveryStatus;
  readonly dueAt: Date;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly log: readonly {
    readonly attempt: number;
    readonly at: string;
    readonly tookMs: number;
    readonly status: number | null;
    readonly problem: string | null;
  }[];
}

export interface Room {
  /** Calls in progress, by host. */
  readonly busy: ReadonlyMap<string, number>;
  /** Calls in progress, by customer. */
  readonly occupied: ReadonlyMap<string, number>;
  readonly perHost: number;
  readonly free: number;
  /** After the lease the attempt counts as lost with its process, and the next one may begin. */
  readonly leaseMs: number;
}

/**
 * The due deliveries, shared by all instances. A claimed delivery is leased: no other instance begins it until the lease
 * ends.
 */
@Injectable()
export class WebhookQueue {
  constructor(private readonly dataSource: DataSource) {}

  async claim({ busy, occupied, perHost, free, leaseMs }: Room): Promise<Attempt[]> {
    const hosts = [[...busy.keys()], [...busy.values()]];
    const customers = [[...occupied.keys()], [...occupied.values()]];
    return this.dataSource.query(CLAIM, [...hosts, perHost, free, leaseMs, ...customers]);
  }

  /** Records how an attempt ended and resolves with the delivery's new status; undefined when a later attempt has begun. */
  async recordOutcome(
    { id, attempts }: Attempt,
    { status, problem, tookMs }: CallOutcome,
    next: { readonly status: DeliveryStatus; readonly inMs: number; readonly hours: number },
  ): Promise<DeliveryStatus | undefined> {
    const values = [id, attempts, tookMs, status ?? null, problem ?? null, next.status, next.inMs, next.hours];
    const [[row]]: [{ status: DeliveryStatus }[]] = await this.dataSource.query(RECORD_OUTCOME, values);
    return row?.status;
  }

  async deliveriesOf(orderId: string): Promise<StoredDelivery[]> {
    return this.dataSource.query(FIND_DELIVERIES, [orderId]);
  }
}
