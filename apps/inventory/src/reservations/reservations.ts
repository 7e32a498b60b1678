/*
 * Stock reservations of orders. Each method is one statement and takes its locks in this order:
 *
 * 1. One advisory lock for all writers of reservations. Handlers share the transaction of their batch, and batches of two
 *    instances that touch the same articles in different orders would deadlock. With popular articles they would wait for
 *    each other anyway.
 * 2. The stock rows, by SKU, because restocking does not take the advisory lock.
 */
import { Injectable } from '@nestjs/common';
import type { OrderLine, StockLow } from '@palinode/contracts';
import type { Command } from '@palinode/saga/contract';
import { effectOf } from '@palinode/service';
import type { EntityManager } from 'typeorm';
import { COMMIT, RELEASE, RESERVE, RETURN } from './reservation-statements';

export interface ReservationOutcome {
  /** Unknown SKUs. Empty, like `short`, when the reservation was made. */
  readonly unknown: readonly string[];
  readonly short: readonly string[];
  /** Articles that this reservation brought below their thresholds. */
  readonly low: readonly StockLow[];
}

export class AlreadyReservedError extends Error {
  override readonly name = 'AlreadyReservedError';

  constructor(orderId: string) {
    super(`Order ${orderId} already has a reservation; use another id, such as a revision's, for a second one.`);
  }
}

export class NothingReservedError extends Error {
  override readonly name = 'NothingReservedError';

  constructor(orderId: string) {
    super(`Nothing is reserved for order ${orderId}, so it cannot be committed.`);
  }
}

export class UnknownArticleError extends Error {
  override readonly name = 'UnknownArticleError';

  constructor(orderId: string, skus: readonly string[]) {
    super(`Order ${orderId} cannot return ${skus.join(', ')}: no such article exists.`);
  }
}

@Injectable()
export class Reservations {
  /** Reserves all lines or none. Throws AlreadyReservedError when an earlier command has reserved for the order. */
  async reserve(
    tx: EntityManager,
    command: Command,
    orderId: string,
    lines: readonly OrderLine[],
  ): Promise<ReservationOutcome> {
    const skus = lines.map(({ sku }) => sku);
    const quantities = lines.map(({ quantity }) => quantity);
    const [outcome]: (ReservationOutcome & { another: boolean })[] = await tx.query(RESERVE, [
      orderId,
      ...effectOf(command),
      skus,
      quantities,
    ]);
    if (outcome?.another) throw new AlreadyReservedError(orderId);
    return outcome ?? { unknown: skus, short: [], low: [] };
  }

  /** Releases the order's reserved units. Does nothing when none are reserved. */
  async release(tx: EntityManager, command: Command, orderId: string): Promise<void> {
    await tx.query(RELEASE, [orderId, ...effectOf(command)]);
  }

  /** Removes the order's reserved units from the stock. */
  async commit(tx: EntityManager, command: Command, orderId: string): Promise<void> {
    const [found]: { sellable: boolean }[] = await tx.query(COMMIT, [orderId, ...effectOf(command)]);
    if (!found?.sellable) throw new NothingReservedError(orderId);
  }

  /** Puts sold units back into the stock. */
  async returnUnits(tx: EntityManager, command: Command, orderId: string, lines: readonly OrderLine[]): Promise<void> {
    const skus = lines.map(({ sku }) => sku);
    const quantities = lines.map(({ quantity }) => quantity);
    const [found]: { unknown: string[] }[] = await tx.query(RETURN, [orderId, ...effectOf(command), skus, quantities]);
    if (found?.unknown.length !== 0) throw new UnknownArticleError(orderId, found?.unknown ?? skus);
  }
}
