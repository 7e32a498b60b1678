import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { NotificationProvider } from '../notification-provider/notification-provider';
import type { Notification } from './notification-messages';

export type NewNotification = Omit<Notification, 'createdAt' | 'revision'> & { readonly revision?: number };

/** The notifications of customers: one of each kind per order and per revision. */
@Injectable()
export class Notifications {
  constructor(
    private readonly dataSource: DataSource,
    private readonly provider: NotificationProvider,
  ) {}

  async send(tx: EntityManager, notification: NewNotification): Promise<void> {
    const { orderId, kind, revision = 0, customerId, subject, text } = notification;
    const added: unknown[] = await tx.query(
      `INSERT INTO notification (order_id, kind, revision, customer_id, subject, text) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (order_id, kind, revision) DO NOTHING RETURNING kind`,
      [orderId, kind, revision, customerId, subject, text],
    );
    if (added.length === 0) return;
    const idempotencyKey = revision === 0 ? `${orderId}/${kind}` : `${orderId}/${kind}/${revision}`;
    await this.provider.send({ idempotencyKey, customerId, subject, text });
  }

  async ofOrder(orderId: string): Promise<Notification[]> {
    return this.dataSource.query(
      `SELECT order_id AS "orderId", kind, revision, customer_id AS "customerId", subject, text, created_at AS "createdAt"
       FROM notification WHERE order_id = $1 ORDER BY created_at, kind`,
      [orderId],
    );
  }
}
