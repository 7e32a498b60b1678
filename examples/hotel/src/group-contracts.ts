/* What a stay of a group needs besides the contracts of a stay. */
import { defineCommand, defineSignal, defineStart } from '@palinode/saga/contract';
import { ArrayMinSize, IsBoolean, IsIn, IsInt, IsString, IsUUID, Matches, Min } from 'class-validator';
import { DAY, OfBooking } from './contracts.js';

export class BookGroup {
  @IsUUID() bookingId!: string;
  /** One for each guest. */
  @IsString({ each: true }) @ArrayMinSize(1) roomIds!: string[];
  @Matches(DAY) night!: string;
  @IsBoolean() breakfast!: boolean;
  @IsInt() @Min(1) amountCents!: number;
  @IsString() cardToken!: string;
}

export class ReserveBreakfast {
  @IsUUID() bookingId!: string;
  @IsInt() @Min(1) guests!: number;
}
export class Taxi {
  @IsUUID() bookingId!: string;
  @IsIn(['from-airport', 'to-airport']) direction!: string;
}
/** An answer to one price; it does not count for any other price. */
export class GuestConsent {
  @IsBoolean() given!: boolean;
  @IsInt() amountCents!: number;
}

export const reserveBreakfast = defineCommand('concierge.reserve-breakfast', { payload: ReserveBreakfast });
export const cancelBreakfast = defineCommand('concierge.cancel-breakfast', { payload: OfBooking });
export const orderTaxi = defineCommand('concierge.order-taxi', { payload: Taxi });
export const cancelTaxi = defineCommand('concierge.cancel-taxi', { payload: Taxi });

export const guestConsent = defineSignal('guest-consent', { payload: GuestConsent });

export const bookGroup = defineStart('book-group', { input: BookGroup, subject: ({ bookingId }) => bookingId });
export const bookTransfer = defineStart('book-transfer', { input: OfBooking, subject: ({ bookingId }) => bookingId });
