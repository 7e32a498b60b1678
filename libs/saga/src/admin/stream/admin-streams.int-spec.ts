import { EventStreamClient, type FollowOptions } from '@palinode/test-support/network/event-stream-client';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RecordingLog } from '../../../test/recording-log';
import { eventText, Problem } from '../../http';
import { AdminStreams } from './admin-streams';
import type { Changes, Lost } from './change-reader';
import { textOf, UNKNOWN_POSITION, type StreamPosition } from './stream-position';
import { STREAM_EVENTS } from './stream-events';
import { StreamQuery } from './stream.query';

/* The clients of one instance over real connections; what changes is in the test's hands. */

/** A database in which one thing changes in each transaction. */
class ChangesByHand {
  private next = 100n;

  readonly now = async (): Promise<StreamPosition> => this.position();

  readonly since = async (after: StreamPosition): Promise<Changes | Lost> => {
    const position = this.position();
    if (after === UNKNOWN_POSITION) return { position, reason: 'unknown-position', detail: 'It is none.' };
    const { next } = after;
    const sagas = Array.from({ length: Number(this.next - next) }, (_, n) => String(next + BigInt(n)));
    return { position, sagas, others: new Map() };
  };

  change(): string {
    const id = String(this.next);
    this.next += 1n;
    return id;
  }

  private position(): StreamPosition {
    return { at: Date.now(), next: this.next, running: [] };
  }
}

/** The size of an event, so that a client that does not read is behind after some. */
const LARGE = 'x'.repeat(2_000_000);

let changes: ChangesByHand;
let streams: AdminStreams;
let server: Server;
let clients: EventStreamClient<{ ids?: string[]; reason?: string }>[];
let texts: number;

beforeEach(() => listen());

async function listen(pingEveryMs = 600_000, maxAgeMs?: number): Promise<void> {
  changes = new ChangesByHand();
  texts = 0;
  clients = [];
  streams = new AdminStreams({
    reader: changes,
    events: {
      read: async ({ sagas, position }) => {
        if (sagas.length === 0) return '';
        texts += 1;
        return eventText({ id: textOf(position), event: 'saga', data: { ids: sagas, padding: LARGE } });
      },
    },
    log: new RecordingLog(),
    most: 3,
    pingEveryMs,
    maxAgeMs,
  });
  server = createServer((request, response) => {
    try {
      streams.assertRoom();
    } catch (error) {
      response.writeHead((error as Problem).getStatus()).end(JSON.stringify(error));
      return;
    }
    const query = Object.assign(new StreamQuery(), { events: [...STREAM_EVENTS] });
    streams.follow(query, request.headers['last-event-id'] as string | undefined, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

afterEach(() => close());

async function close(): Promise<void> {
  for (const client of clients) client.leave();
  await streams.beforeApplicationShutdown();
  server.close();
  await once(server, 'close');
}

async function follow(options?: FollowOptions): Promise<(typeof clients)[number]> {
  const { port } = server.address() as AddressInfo;
  const client: (typeof clients)[number] = await EventStreamClient.follow(`http://127.0.0.1:${port}`, options);
  clients.push(client);
  return client;
}

const hasSeen = (client: (typeof clients)[number], ...ids: string[]): Promise<unknown> =>
  waitUntil(`the changes ${ids.join(', ')}`, () => {
    const seen = new Set(client.events.flatMap(({ data }) => data.ids ?? []));
    return ids.every((id) => seen.has(id));
  });

const hasBegun = (client: (typeof clients)[number]): Promise<unknown> =>
  waitUntil('the first ping', () => client.lastEventId !== undefined);

it('reads once for all clients, and nothing while nobody listens', async () => {
  const [one, other] = [await follow(), await follow()];
  await Promise.all([hasBegun(one), hasBegun(other)]);
  const id = changes.change();
  await Promise.all([hasSeen(one, id), hasSeen(other, id)]);
  expect(texts).toBe(1);
  one.leave();
  other.leave();
  await waitUntil('nothing is read', () => !streams.isReading);
  changes.change();
  const later = await follow();
  await hasBegun(later);
  expect(later.events.map(({ event }) => event)).toEqual(['ping']);
});

it('refuses a client over the limit, and has room again when one leaves', async () => {
  const first = await follow();
  await follow();
  await follow();
  expect((await follow()).status).toBe(503);
  first.leave();
  await waitUntil('room', () => streams.count === 2);
  expect((await follow()).status).toBe(200);
});

it('tells a client that does not read that it is dropped, and what it missed when it reconnects', async () => {
  await close();
  await listen(20);
  const slow = await follow({ reads: false });
  const quick = await follow();
  await hasBegun(quick);
  const ids: string[] = [];
  // Until more than the connection takes has been sent.
  await waitUntil('the slow client is disconnected', async () => {
    const id = changes.change();
    ids.push(id);
    await hasSeen(quick, id);
    return streams.count === 1;
  });
  expect(quick.ended).toBe(false);
  slow.read();
  await slow.hasEnded();
  const again = await follow({ lastEventId: slow.lastEventId });
  const missed = ids.filter((id) => !slow.events.some(({ data }) => data.ids?.includes(id)));
  expect(missed.length).toBeGreaterThan(0);
  await hasSeen(again, ...missed);
});

it('tells a client that was behind for a while what it missed, and cuts nobody off who reads on', async () => {
  const slow = await follow({ reads: false });
  const quick = await follow();
  await hasBegun(quick);
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const id = changes.change();
    ids.push(id);
    await hasSeen(quick, id);
  }
  slow.read();
  await hasSeen(slow, ...ids);
  const later = changes.change();
  await hasSeen(slow, later);
});

it('ends streams with the reason when the instance stops, and accepts no further ones', async () => {
  const client = await follow();
  await hasBegun(client);
  await streams.beforeApplicationShutdown();
  await client.hasEnded();
  expect(client.events.at(-1)).toMatchObject({ event: 'dropped', data: { reason: 'stopping' } });
  expect((await follow()).status).toBe(503);
});

it('tells a client with an id of another stream to load everything anew, and then what changes', async () => {
  const client = await follow({ lastEventId: '17' });
  await hasBegun(client);
  expect(client.events[0]).toMatchObject({ event: 'reset', data: { reason: 'unknown-position' } });
  await hasSeen(client, changes.change());
});

it('ends a stream at its maximum age, so that its client shows again that it has access', async () => {
  await close();
  await listen(20, 100);
  const client = await follow();
  await client.hasEnded();
  expect(client.events.at(-1)).toMatchObject({ event: 'dropped', data: { reason: 'aged' } });
});
