import { Controller } from '@nestjs/common';
import { HandleCommand } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { OfBooking } from '../contracts.js';
import {
  cancelBreakfast,
  cancelTaxi,
  orderTaxi,
  ReserveBreakfast,
  reserveBreakfast,
  Taxi,
} from '../group-contracts.js';

@Controller()
export class ConciergeCommands {
  @HandleCommand(reserveBreakfast, { transaction: 'per-batch' })
  async reserveBreakfast({ bookingId, guests }: ReserveBreakfast, tx: EntityManager): Promise<void> {
    await tx.query('INSERT INTO breakfast (booking_id, guests) VALUES ($1, $2)', [bookingId, guests]);
  }

  @HandleCommand(cancelBreakfast, { transaction: 'per-batch' })
  async cancelBreakfast({ bookingId }: OfBooking, tx: EntityManager): Promise<void> {
    await tx.query('DELETE FROM breakfast WHERE booking_id = $1', [bookingId]);
  }

  @HandleCommand(orderTaxi, { transaction: 'per-batch' })
  async orderTaxi({ bookingId, direction }: Taxi, tx: EntityManager): Promise<void> {
    await tx.query('INSERT INTO taxi (booking_id, direction) VALUES ($1, $2)', [bookingId, direction]);
  }

  @HandleCommand(cancelTaxi, { transaction: 'per-batch' })
  async cancelTaxi({ bookingId, direction }: Taxi, tx: EntityManager): Promise<void> {
    await tx.query('DELETE FROM taxi WHERE booking_id = $1 AND direction = $2', [bookingId, direction]);
  }
}
