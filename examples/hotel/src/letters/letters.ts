import { Controller, Get, Param, ParseUUIDPipe } from '@nestjs/common';
import { defineEvent } from '@palinode/saga/contract';
import { HandleEvent } from '@palinode/saga/subscriber';
import { IsUUID } from 'class-validator';
import { DataSource, EntityManager } from 'typeorm';

class Confirmed {
  @IsUUID() bookingId!: string;
}
const bookingConfirmed = defineEvent('booking.confirmed', {
  payload: Confirmed,
  subject: ({ bookingId }) => bookingId,
});

/** Writes a letter of thanks for each booking. */
@Controller('letters')
export class Letters {
  constructor(private readonly dataSource: DataSource) {}

  @HandleEvent(bookingConfirmed)
  async write({ bookingId }: Confirmed, tx: EntityManager): Promise<void> {
    await tx.query('INSERT INTO letter (booking_id) VALUES ($1)', [bookingId]);
  }

  @Get(':bookingId')
  find(@Param('bookingId', ParseUUIDPipe) bookingId: string): Promise<unknown[]> {
    return this.dataSource.query('SELECT booking_id FROM letter WHERE booking_id = $1', [bookingId]);
  }
}
