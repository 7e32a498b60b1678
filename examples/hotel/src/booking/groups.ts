import { Injectable } from '@nestjs/common';
import { Sagas } from '@palinode/saga/participant';
import { DataSource } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { bookGroup, guestConsent, type BookGroup, type GuestConsent } from '../group-contracts.js';

@Injectable()
export class Groups {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sagas: Sagas,
  ) {}

  async book(request: Omit<BookGroup, 'bookingId'>): Promise<{ bookingId: string; sagaId: string }> {
    const bookingId = uuidV7();
    return this.dataSource.transaction(async (tx) => {
      const sagaId = await this.sagas.start(tx, bookGroup, { bookingId, ...request });
      await tx.query(`INSERT INTO booking (id, status, saga_id) VALUES ($1, 'PENDING', $2)`, [bookingId, sagaId]);
      return { bookingId, sagaId };
    });
  }

  // #region answer
  /** Resolves with whether a group waits for an answer under this id. */
  async answer(bookingId: string, consent: GuestConsent): Promise<boolean> {
    return this.dataSource.transaction(async (tx) => {
      const [group] = await tx.query<{ saga_id: string }[]>(
        `SELECT saga_id FROM booking WHERE id = $1 AND status = 'PENDING' AND saga_id IS NOT NULL`,
        [bookingId],
      );
      if (group !== undefined) await this.sagas.signal(tx, group.saga_id, guestConsent, consent);
      return group !== undefined;
    });
  }
  // #endregion
}
