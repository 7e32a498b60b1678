import { defineCommand, defineStart } from '@palinode/saga/contract';
import { IsInt, IsString, IsUUID, Matches, Min } from 'class-validator';

export const DAY = /^\d{4}-\d{2}-\d{2}$/;

export class BookStay {
  @IsUUID() bookingId!: string;
  @IsString() roomId!: string;
  @Matches(DAY) night!: string;
  @IsInt() @Min(1) amountCents!: number;
  @IsString() cardToken!: string;
}

export class HoldRoom {
  @IsUUID() bookingId!: string;
  @IsString() roomId!: string;
  @Matches(DAY) night!: string;
}
export class RoomHeld {
  @IsUUID() holdId!: string;
}
export class ReleaseRoom {
  @IsUUID() bookingId!: string;
  @IsString() roomId!: string;
}
export class ChargeCard {
  @IsUUID() bookingId!: string;
  @IsInt() @Min(1) amountCents!: number;
  @IsString() cardToken!: string;
}
export class OfBooking {
  @IsUUID() bookingId!: string;
}
export class CancelBooking {
  @IsUUID() bookingId!: string;
  @IsString() reason!: string;
}

export const holdRoom = defineCommand('rooms.hold-room', {
  payload: HoldRoom,
  reply: RoomHeld,
  refusals: ['room-taken'],
});
export const releaseRoom = defineCommand('rooms.release-room', { payload: ReleaseRoom });
export const chargeCard = defineCommand('cards.charge', { payload: ChargeCard, refusals: ['card-declined'] });
export const confirmBooking = defineCommand('booking.confirm', { payload: OfBooking });
export const cancelBooking = defineCommand('booking.cancel', { payload: CancelBooking });

/** What the booking service needs to know to start the saga. `subject` is the business key that people look for. */
export const bookStay = defineStart('book-stay', { input: BookStay, subject: ({ bookingId }) => bookingId });
