import { startTrip } from './start-trip.js';

const { trips, orchestrator, stop } = await startTrip();
console.log(`Book a trip:     curl ${trips}/trips -H 'content-type: application/json' \\
                   -d '{"city": "Lisbon", "day": "2026-12-24"}'
See its saga:    curl ${orchestrator}/v1/sagas
Book it again:   the flight is sold out now, so the car and the hotel are cancelled.`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stop().then(() => process.exit(0)));
