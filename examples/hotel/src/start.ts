import { startHotel } from './hotel.js';

const hotel = await startHotel({ directory: '.data' });
console.log(`Book a room:   curl -X POST ${hotel.urlOf('booking')}/bookings -H 'content-type: application/json' \\
                 -d '{"roomId": "room-7", "night": "2026-12-24", "amountCents": 12000, "cardToken": "tok_ok"}'
The sagas:     curl ${hotel.urlOf('orchestrator')}/v1/sagas`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void hotel.stop().then(() => process.exit(0)));
}
