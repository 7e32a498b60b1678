import { startHotel } from './hotel.js';

const hotel = await startHotel({ directory: '.data' });
const curl = (path: string, body: object): string =>
  `curl ${hotel.urlOf('booking')}/${path} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;

const night = { night: '2026-12-24', cardToken: 'tok_ok' };
console.log(`Book a room:     ${curl('bookings', { roomId: 'room-7', amountCents: 12_000, ...night })}
Book a group:    ${curl('groups', { roomIds: ['room-1', 'room-2'], breakfast: true, amountCents: 24_000, ...night })}
Agree for it:    ${curl('groups/BOOKING_ID/consent', { given: true, amountCents: 24_000 })}
See the sagas:   curl ${hotel.urlOf('orchestrator')}/v1/sagas`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void hotel.stop().then(() => process.exit(0)));
}
