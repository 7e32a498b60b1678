import { waitUntil } from '@palinode/testing-support';
import type { Hotel } from '../src/hotel.js';

/** The built hotel: its services are processes of their own. */
const { startHotel } = (await import(
  new URL('../dist/hotel.js', import.meta.url).href
)) as typeof import('../src/hotel.js');

let hotel: Hotel;

beforeAll(async () => {
  hotel = await startHotel({ anyPort: true, quiet: true });
});
afterAll(() => hotel?.stop());

interface Booked {
  readonly bookingId: string;
  readonly sagaId: string;
}

const post = (path: string, body: object): Promise<Response> =>
  fetch(`${hotel.urlOf('booking')}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function book(request: { roomId: string; cardToken: string }): Promise<Booked> {
  const response = await post('bookings', { night: '2026-12-24', amountCents: 12_000, ...request });
  expect(response.status).toBe(202);
  return (await response.json()) as Booked;
}

async function bookGroup(request: { roomIds: string[]; breakfast: boolean }): Promise<Booked> {
  const paid = { amountCents: 24_000, cardToken: 'tok_ok' };
  const response = await post('groups', { night: '2026-12-24', ...paid, ...request });
  expect(response.status).toBe(202);
  return (await response.json()) as Booked;
}

const get = async (url: string): Promise<Record<string, unknown>> =>
  (await (await fetch(url)).json()) as Record<string, unknown>;

const untilSaga = (sagaId: string, status: string): Promise<true> =>
  waitUntil(`saga ${sagaId} is ${status}`, async () => {
    const saga = await get(`${hotel.urlOf('orchestrator')}/v1/sagas/${sagaId}`);
    return saga['status'] === status || undefined;
  });

const statusOfSteps = async (sagaId: string): Promise<Record<string, string>> => {
  const { steps } = await get(`${hotel.urlOf('orchestrator')}/v1/sagas/${sagaId}`);
  return Object.fromEntries((steps as { name: string; status: string }[]).map(({ name, status }) => [name, status]));
};

describe('the hotel', () => {
  it('confirms a booking when the room is free and the card is good', async () => {
    const { bookingId, sagaId } = await book({ roomId: 'room-7', cardToken: 'tok_ok' });
    await untilSaga(sagaId, 'COMPLETED');
    expect(await get(`${hotel.urlOf('booking')}/bookings/${bookingId}`)).toMatchObject({ status: 'CONFIRMED' });
  });

  it('writes a letter when a booking is confirmed', async () => {
    const { bookingId } = await book({ roomId: 'room-6', cardToken: 'tok_ok' });
    const letters = await waitUntil('the letter', async () => {
      const found = (await (await fetch(`${hotel.urlOf('letters')}/letters/${bookingId}`)).json()) as unknown[];
      return found.length > 0 && found;
    });
    expect(letters).toEqual([{ booking_id: bookingId }]);
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

  it('charges a group when its guest agrees to the price', async () => {
    const { bookingId, sagaId } = await bookGroup({ roomIds: ['room-1', 'room-2'], breakfast: true });
    const consent = await post(`groups/${bookingId}/consent`, { given: true, amountCents: 24_000 });
    expect(consent.status).toBe(202);
    await untilSaga(sagaId, 'COMPLETED');
    expect(await statusOfSteps(sagaId)).toMatchObject({ 'rooms[1]': 'DONE', breakfast: 'DONE', transfer: 'DONE' });
  });

  it('gives rooms and taxis of a group back when its guest does not agree', async () => {
    const { bookingId, sagaId } = await bookGroup({ roomIds: ['room-3', 'room-4'], breakfast: false });
    await post(`groups/${bookingId}/consent`, { given: false, amountCents: 24_000 });
    await untilSaga(sagaId, 'COMPENSATED');
    expect(await statusOfSteps(sagaId)).toMatchObject({
      'rooms[1]': 'COMPENSATED',
      breakfast: 'SKIPPED',
      transfer: 'COMPENSATED',
    });
    await untilSaga((await book({ roomId: 'room-3', cardToken: 'tok_ok' })).sagaId, 'COMPLETED');
  });
});
