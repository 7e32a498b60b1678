import { waitUntil } from '@palinode/testing-support';
import type { RunningTrip } from '../src/start-trip.js';

/** The built services, which are processes of their own. */
const { startTrip } = (await import(
  new URL('../dist/start-trip.js', import.meta.url).href
)) as typeof import('../src/start-trip.js');

interface Saga {
  readonly status: string;
  readonly steps: readonly { readonly name: string; readonly status: string }[];
}

let trip: RunningTrip;

beforeAll(async () => {
  trip = await startTrip({ anyPort: true, quiet: true });
});
afterAll(() => trip?.stop());

/** Books a trip, and returns its saga when that has ended. */
async function book(city: string): Promise<Saga> {
  const response = await fetch(`${trip.trips}/trips`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ city, day: '2026-12-24' }),
  });
  expect(response.status).toBe(202);
  const { sagaId } = (await response.json()) as { sagaId: string };
  return waitUntil(`the end of saga ${sagaId}`, async () => {
    const found = await fetch(`${trip.orchestrator}/v1/sagas/${sagaId}`);
    const saga = (await found.json()) as Saga;
    return ['COMPLETED', 'COMPENSATED'].includes(saga.status) && saga;
  });
}

const statuses = ({ steps }: Saga): string[] => steps.map(({ name, status }) => `${name} ${status}`);

it('books a trip, and of the next one to the same city nothing, because its flight is sold out', async () => {
  expect(statuses(await book('Lisbon'))).toEqual(['hotel DONE', 'car DONE', 'flight DONE']);
  expect(statuses(await book('Lisbon'))).toEqual(['hotel COMPENSATED', 'car COMPENSATED', 'flight REFUSED']);
  expect((await book('Porto')).status).toBe('COMPLETED');
});
