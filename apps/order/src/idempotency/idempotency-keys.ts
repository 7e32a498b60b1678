import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { assertRepeats, type IdempotentRequest } from './idempotent-request';

export type { IdempotentRequest };

const KEPT = `interval '24 hours'`;
const HOUR_MS = 3_600_000;

/** Stores for 24 hours which order answered which request (draft-ietf-httpapi-idempotency-key-header). */
@Injectable()
export class IdempotencyKeys implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(IdempotencyKeys.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Claims the key for the order that this transaction writes; false when another order holds it. Of concurrent requests one
   * claims the key, and the others wait until it has committed.
   */
  async claim(tx: EntityManager, request: IdempotentRequest, orderId: string): Promise<boolean> {
    const { route, customerId, key, fingerprint } = request;
    const claimed: unknown[] = await tx.query(
      `INSERT INTO idempotency_key AS known (route, customer_id, key, fingerprint, order_id)
       VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (route, customer_id, key) DO UPDATE
         SET fingerprint = EXCLUDED.fingerprint, order_id = EXCLUDED.order_id, created_at = EXCLUDED.created_at
         WHERE known.created_at < now() - ${KEPT}
       RETURNING order_id`,
      [route, customerId, key, fingerprint, orderId],
    );
    return claimed.length > 0;
  }

  /** The order that answered the first request, if any. Throws a problem when that request was different. */
  async answerTo({
    route,
    customerId,
    key,
    fingerprint,
  }: IdempotentRequest): Promise<{ orderId: string; sagaId: string } | undefined> {
    const [first]: { orderId: string; sagaId: string; fingerprint: string }[] = await this.dataSource.query(
      `SELECT orders.id AS "orderId", orders.saga_id AS "sagaId", known.fingerprint
       FROM idempotency_key AS known JOIN orders ON orders.id = known.order_id
       WHERE route = $1 AND known.customer_id = $2 AND key = $3`,
      [route, customerId, key],
    );
    if (first === undefined) return undefined;
    assertRepeats(first, fingerprint);
    return { orderId: first.orderId, sagaId: first.sagaId };
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.deleteOld().catch((error: unknown) =>
        this.log.warn(`Old idempotency keys were not deleted: ${String(error)}`),
      );
    }, HOUR_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  async deleteOld(): Promise<void> {
    await this.dataSource.query(`DELETE FROM idempotency_key WHERE created_at < now() - ${KEPT}`);
  }
}
