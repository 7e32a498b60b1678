import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OrderEvent } from '../following/order-event';
import type { CallOutcome } from './webhook-call';
import { CLAIM, FIND_DELIVERIES, NOTE } from './webhook-statements';

/** One attempt that this instance has begun. */
export interface Attempt extends OrderEvent {
  readonly id: string;
  /** Whose order it tells of. */
  readonly customer: string;
  readonly host: string;
  readonly url: string;
  /** This one included. */
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
  /** Calls that are under way, by host. */
  readonly busy: ReadonlyMap<string, number>;
  /** Calls that are under way, by customer. */
  readonly occupied: ReadonlyMap<string, number>;
  readonly perHost: number;
  readonly free: number;
  /** After so long the attempt counts as lost with its process, and the next one may begin. */
  readonly leaseMs: number;
}

/** The deliveries that are due, shared by all instances: what one has begun, no other begins until its lease is over. */
@Injectable()
export class WebhookQueue {
  constructor(private readonly dataSource: DataSource) {}

  async claim({ busy, occupied, perHost, free, leaseMs }: Room): Promise<Attempt[]> {
    const hosts = [[...busy.keys()], [...busy.values()]];
    const customers = [[...occupied.keys()], [...occupied.values()]];
    return this.dataSource.query(CLAIM, [...hosts, perHost, free, leaseMs, ...customers]);
  }

  /** Resolves with the delivery's status from now on; undefined when a later attempt has begun meanwhile. */
  async note(
    { id, attempts }: Attempt,
    { status, problem, tookMs }: CallOutcome,
    next: { readonly status: DeliveryStatus; readonly inMs: number; readonly hours: number },
  ): Promise<DeliveryStatus | undefined> {
    const values = [id, attempts, tookMs, status ?? null, problem ?? null, next.status, next.inMs, next.hours];
    const [[row]]: [{ status: DeliveryStatus }[]] = await this.dataSource.query(NOTE, values);
    return row?.status;
  }

  async deliveriesOf(orderId: string): Promise<StoredDelivery[]> {
    return this.dataSource.query(FIND_DELIVERIES, [orderId]);
  }
}
