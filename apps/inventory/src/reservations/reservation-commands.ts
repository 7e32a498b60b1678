import { Controller } from '@nestjs/common';
import {
  CommitStock,
  commitStock,
  ReleaseStock,
  releaseStock,
  ReserveStock,
  reserveStock,
  StockReserved,
} from '@palinode/contracts';
import { refuse, type Refusal } from '@palinode/saga/contract';
import { commandOf, HandleCommand } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { Reservations } from './reservations';

@Controller()
export class ReservationCommands {
  constructor(private readonly reservations: Reservations) {}

  @HandleCommand(reserveStock, { transaction: 'shared' })
  async reserve(
    { orderId, lines }: ReserveStock,
    tx: EntityManager,
  ): Promise<StockReserved | Refusal<'out-of-stock' | 'unknown-sku'>> {
    const command = commandOf(tx);
    const { unknown, short } = await this.reservations.reserve(tx, command, orderId, lines);
    if (unknown.length > 0) return refuse('unknown-sku', `There is no ${unknown.join(', ')}.`);
    if (short.length > 0) return refuse('out-of-stock', `There is not enough of ${short.join(', ')}.`);
    return { reservationId: command.id };
  }

  @HandleCommand(releaseStock, { transaction: 'shared' })
  async release({ orderId }: ReleaseStock, tx: EntityManager): Promise<void> {
    await this.reservations.release(tx, commandOf(tx), orderId);
  }

  @HandleCommand(commitStock, { transaction: 'shared' })
  async commit({ orderId }: CommitStock, tx: EntityManager): Promise<void> {
    await this.reservations.commit(tx, commandOf(tx), orderId);
  }
}
