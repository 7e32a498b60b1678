import { Controller } from '@nestjs/common';
import { Events, HandleCommand, onCommitted } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { CancelBooking, cancelBooking, confirmBooking, OfBooking } from '../contracts.js';
import { bookingConfirmed } from './booking-events.js';

@Controller()
export class BookingCommands {
  constructor(private readonly events: Events) {}

  // #region confirm
  @HandleCommand(confirmBooking, { transaction: 'per-batch' })
  async confirm({ bookingId }: OfBooking, tx: EntityManager): Promise<void> {
    await tx.query(`UPDATE booking SET status = 'CONFIRMED' WHERE id = $1 AND status = 'PENDING'`, [bookingId]);
    await this.events.publish(tx, bookingConfirmed, { bookingId });
    onCommitted(tx, () => this.announce(bookingId));
  }
  // #endregion

  @HandleCommand(cancelBooking, { transaction: 'per-batch' })
  async cancel({ bookingId, reason }: CancelBooking, tx: EntityManager): Promise<void> {
    await tx.query(`UPDATE booking SET status = 'CANCELLED', reason = $2 WHERE id = $1 AND status = 'PENDING'`, [
      bookingId,
      reason,
    ]);
    onCommitted(tx, () => this.announce(bookingId));
  }

  private announce(bookingId: string): void {
    console.log(`${bookingId} has ended`);
  }
}
