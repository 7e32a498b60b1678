import { Controller } from '@nestjs/common';
import { refuse, type Refusal } from '@palinode/saga/contract';
import { HandleCommand } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { ReleaseStock, releaseStock, ReserveStock, reserveStock } from '../contracts/index.js';

@Controller()
export class InventoryCommands {
  @HandleCommand(reserveStock, { transaction: 'per-batch' })
  async reserveStock(
    { orderId, sku, quantity }: ReserveStock,
    tx: EntityManager,
  ): Promise<void | Refusal<'out-of-stock'>> {
    const reserved: unknown[] = await tx.query(
      `WITH taken AS (
         UPDATE stock SET available = available - $3 WHERE sku = $2 AND available >= $3 RETURNING sku
       )
       INSERT INTO reservation (order_id, sku, quantity) SELECT $1, sku, $3 FROM taken RETURNING order_id`,
      [orderId, sku, quantity],
    );
    if (reserved.length === 0) return refuse('out-of-stock', `There are not ${quantity} of ${sku}.`);
  }

  /** Finds the reservation by the order: after a timeout it may be there although no reply said so. */
  @HandleCommand(releaseStock, { transaction: 'per-batch' })
  async releaseStock({ orderId }: ReleaseStock, tx: EntityManager): Promise<void> {
    await tx.query(
      `WITH released AS (DELETE FROM reservation WHERE order_id = $1 RETURNING sku, quantity)
       UPDATE stock SET available = available + quantity FROM released WHERE stock.sku = released.sku`,
      [orderId],
    );
  }
}
