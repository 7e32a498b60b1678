/*
 * What is set aside for orders. Each verb is one statement, and takes its locks in this order:
 *
 * 1. The turn: one advisory lock for all writers of reservations. Handlers share the transaction of their flush, and
 *    flushes of two instances that touch the same articles in different orders would run into deadlocks by the dozen;
 *    popular articles make them wait for each other anyway.
 * 2. The rows of stock, by SKU, because restocking takes no turn.
 */
import { Injectable } from '@nestjs/common';
import type { OrderLine, StockLow } from '@palinode/contracts';
import type { Command } from '@palinode/saga/contract';
import { effectOf } from '@palinode/service';
import type { EntityManager } from 'typeorm';
import { COMMIT, RELEASE, RESERVE, RETURN } from './reservation-statements';

export interface ReservationOutcome {
  /** The SKUs that stand in the way; empty, as `short`, when the reservation was made. */
  readonly unknown: readonly string[];
  readonly short: readonly string[];
  /** The articles that this reservation brought below their thresholds. */
  readonly low: readonly StockLow[];
}

export class AlreadyReservedError extends Error {
  override readonly name = 'AlreadyReservedError';

  constructor(orderId: string) {
    super(`Order ${orderId} has a reservation already; reserve for something of an id of its own, such as a revision.`);
  }
}

export class NothingReservedError extends Error {
  override readonly name = 'NothingReservedError';

  constructor(orderId: string) {
    super(`Nothing is reserved for order ${orderId}, so nothing of it can be sold.`);
  }
}

export class UnknownArticleError extends Error {
  override readonly name = 'UnknownArticleError';

  constructor(orderId: string, skus: readonly string[]) {
    super(`Order ${orderId} cannot return ${skus.join(', ')}: there is no such article.`);
  }
}

@Injectable()
export class Reservations {
  /** Sets all lines aside, or none. Throws AlreadyReservedError where an earlier command has reserved for the order. */
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

  /** Puts back what is still set aside for the order; nothing, when nothing is. */
  async release(tx: EntityManager, command: Command, orderId: string): Promise<void> {
    await tx.query(RELEASE, [orderId, ...effectOf(command)]);
  }

  /** Takes the order's units out of the stock for good. */
  async commit(tx: EntityManager, command: Command, orderId: string): Promise<void> {
    const [found]: { sellable: boolean }[] = await tx.query(COMMIT, [orderId, ...effectOf(command)]);
    if (!found?.sellable) throw new NothingReservedError(orderId);
  }

  /** Puts units that were sold back into the stock. */
  async giveBack(tx: EntityManager, command: Command, orderId: string, lines: readonly OrderLine[]): Promise<void> {
    const skus = lines.map(({ sku }) => sku);
    const quantities = lines.map(({ quantity }) => quantity);
    const [found]: { unknown: string[] }[] = await tx.query(RETURN, [orderId, ...effectOf(command), skus, quantities]);
    if (found?.unknown.length !== 0) throw new UnknownArticleError(orderId, found?.unknown ?? skus);
  }
}
