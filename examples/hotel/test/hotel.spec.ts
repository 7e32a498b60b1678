import { waitUntil } from '@palinode/testing-support';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Hotel } from '../src/hotel.js';

/** The built hotel: its services are processes of their own. */
const { startHotel } = (await import(
  new URL('../dist/hotel.js', import.meta.url).href
)) as typeof import('../src/hotel.js');

let hotel: Hotel;

beforeAll(async () => {
  const [rooms, cards, booking, orchestrator] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  hotel = await startHotel({ ports: { rooms, cards, booking, orchestrator }, quiet: true });
});
afterAll(() => hotel?.stop());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function book(request: { roomId: string; cardToken: string }): Promise<{ bookingId: string; sagaId: string }> {
  const response = await fetch(`${hotel.urlOf('booking')}/bookings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ night: '2026-12-24', amountCents: 12_000, ...request }),
  });
  expect(response.status).toBe(202);
  return (await response.json()) as { bookingId: string; sagaId: string };
}

const get = async (url: string): Promise<Record<string, unknown>> =>
  (await (await fetch(url)).json()) as Record<string, unknown>;

const untilSaga = (sagaId: string, status: string): Promise<true> =>
  waitUntil(`saga ${sagaId} is ${status}`, async () => {
    const saga = await get(`${hotel.urlOf('orchestrator')}/v1/sagas/${sagaId}`);
    return saga['status'] === status || undefined;
  });

describe('the hotel', () => {
  it('confirms a booking when the room is free and the card is good', async () => {
    const { bookingId, sagaId } = await book({ roomId: 'room-7', cardToken: 'tok_ok' });
    await untilSaga(sagaId, 'COMPLETED');
    expect(await get(`${hotel.urlOf('booking')}/bookings/${bookingId}`)).toMatchObject({ status: 'CONFIRMED' });
  });

  it('cancels the booking and frees the room when the card is declined', async () => {
    const declined = await book({ roomId: 'room-8', cardToken: 'tok_declined' });
    await untilSaga(declined.sagaId, 'COMPENSATED');
    expect(await get(`${hotel.urlOf('booking')}/bookings/${declined.bookingId}`)).toMatchObject({
      status: 'CANCELLED',
      reason: 'card-declined',
    });
    const next = await book({ roomId: 'room-8', cardToken: 'tok_ok' });
    await untilSaga(next.sagaId, 'COMPLETED');
  });

  it('refuses a room that is taken', async () => {
    await untilSaga((await book({ roomId: 'room-9', cardToken: 'tok_ok' })).sagaId, 'COMPLETED');
    const late = await book({ roomId: 'room-9', cardToken: 'tok_ok' });
    await untilSaga(late.sagaId, 'COMPENSATED');
    expect(await get(`${hotel.urlOf('booking')}/bookings/${late.bookingId}`)).toMatchObject({ reason: 'room-taken' });
  });
});
