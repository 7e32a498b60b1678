import { Controller } from '@nestjs/common';
import {
  CommitStock,
  commitStock,
  ReleaseStock,
  releaseStock,
  ReserveStock,
  reserveStock,
  ReturnStock,
  returnStock,
  stockLow,
  StockReserved,
} from '@palinode/contracts';
import { refuse, type Refusal } from '@palinode/saga/contract';
import { commandOf, Events, HandleCommand } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { Reservations } from './reservations';

@Controller()
export class ReservationCommands {
  constructor(
    private readonly reservations: Reservations,
    private readonly events: Events,
  ) {}

  @HandleCommand(reserveStock, { transaction: 'per-batch' })
  async reserve(
    { orderId, lines }: ReserveStock,
    tx: EntityManager,
  ): Promise<StockReserved | Refusal<'out-of-stock' | 'unknown-sku'>> {
    const command = commandOf(tx);
    const { unknown, short, low } = await this.reservations.reserve(tx, command, orderId, lines);
    if (unknown.length > 0) return refuse('unknown-sku', `There is no ${unknown.join(', ')}.`);
    if (short.length > 0) return refuse('out-of-stock', `There is not enough of ${short.join(', ')}.`);
    if (low.length > 0) await this.events.publish(tx, stockLow, ...low);
    return { reservationId: command.id };
  }

  @HandleCommand(releaseStock, { transaction: 'per-batch' })
  async release({ orderId }: ReleaseStock, tx: EntityManager): Promise<void> {
    await this.reservations.release(tx, commandOf(tx), orderId);
  }

  @HandleCommand(commitStock, { transaction: 'per-batch' })
  async commit({ orderId }: CommitStock, tx: EntityManager): Promise<void> {
    await this.reservations.commit(tx, commandOf(tx), orderId);
  }

  @HandleCommand(returnStock, { transaction: 'per-batch' })
  async returnUnits({ orderId, lines }: ReturnStock, tx: EntityManager): Promise<void> {
    await this.reservations.returnUnits(tx, commandOf(tx), orderId, lines);
  }
}
