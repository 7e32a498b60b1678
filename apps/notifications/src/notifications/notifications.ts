import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Postbox } from '../postbox/postbox';
import type { Notification } from './notification-messages';

export type NewNotification = Omit<Notification, 'createdAt'>;

/** What customers were told: of each kind once for an order. */
@Injectable()
export class Notifications {
  constructor(
    private readonly dataSource: DataSource,
    private readonly postbox: Postbox,
  ) {}

  async send(tx: EntityManager, { orderId, kind, customerId, subject, text }: NewNotification): Promise<void> {
    const added: unknown[] = await tx.query(
      `INSERT INTO notification (order_id, kind, customer_id, subject, text) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (order_id, kind) DO NOTHING RETURNING kind`,
      [orderId, kind, customerId, subject, text],
    );
    if (added.length > 0) await this.postbox.post({ idempotencyKey: `${orderId}/${kind}`, customerId, subject, text });
  }

  async ofOrder(orderId: string): Promise<Notification[]> {
    return this.dataSource.query(
      `SELECT order_id AS "orderId", kind, customer_id AS "customerId", subject, text, created_at AS "createdAt"
       FROM notification WHERE order_id = $1 ORDER BY created_at, kind`,
      [orderId],
    );
  }
}
