import { Controller } from '@nestjs/common';
import { refuse, type Refusal } from '@palinode/saga/contract';
import { commandOf, HandleCommand } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { HoldRoom, holdRoom, ReleaseRoom, releaseRoom, RoomHeld } from '../contracts.js';

@Controller()
export class RoomCommands {
  @HandleCommand(holdRoom, { transaction: 'per-batch' })
  async hold({ bookingId, roomId, night }: HoldRoom, tx: EntityManager): Promise<RoomHeld | Refusal<'room-taken'>> {
    const { id: holdId } = commandOf(tx);
    const held: unknown[] = await tx.query(
      `INSERT INTO hold (id, booking_id, room_id, night) VALUES ($1, $2, $3, $4)
       ON CONFLICT (room_id, night) DO NOTHING RETURNING id`,
      [holdId, bookingId, roomId, night],
    );
    return held.length > 0 ? { holdId } : refuse('room-taken', `${roomId} is taken on ${night}.`);
  }

  @HandleCommand(releaseRoom, { transaction: 'per-batch' })
  async release({ bookingId, roomId }: ReleaseRoom, tx: EntityManager): Promise<void> {
    await tx.query('DELETE FROM hold WHERE booking_id = $1 AND room_id = $2', [bookingId, roomId]);
  }
}
