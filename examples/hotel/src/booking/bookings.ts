import { Injectable } from '@nestjs/common';
import { Sagas } from '@palinode/saga/participant';
import { DataSource } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { bookStay, type BookStay } from '../contracts.js';

export interface Booking {
  readonly status: 'PENDING' | 'CONFIRMED' | 'CANCELLED';
  readonly reason: string | null;
}

@Injectable()
export class Bookings {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sagas: Sagas,
  ) {}

  async book(request: Omit<BookStay, 'bookingId'>): Promise<{ bookingId: string; sagaId: string }> {
    const bookingId = uuidV7();
    const sagaId = await this.dataSource.transaction(async (tx) => {
      await tx.query(`INSERT INTO booking (id, status) VALUES ($1, 'PENDING')`, [bookingId]);
      return this.sagas.start(tx, bookStay, { bookingId, ...request });
    });
    return { bookingId, sagaId };
  }

  async find(bookingId: string): Promise<Booking | undefined> {
    const [booking] = await this.dataSource.query<Booking[]>('SELECT status, reason FROM booking WHERE id = $1', [
      bookingId,
    ]);
    return booking;
  }
}
