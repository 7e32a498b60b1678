import { OF_THIS_DATABASE } from '@palinode/test-support/postgres/shared-postgres';
import { IsOptional, IsString } from 'class-validator';
import type { EntityManager } from 'typeorm';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { defineEvent, InvalidDataError, MessageTooLargeError, ConfigurationError, type DomainEvent } from '../contract';
import { ADVISORY_LOCKS } from '../messaging';
import { aCommand } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { actAlone, actTogether, behave, EFFECTS, Shop, shopCommands } from '../../test/sample-participant';
import { Events } from './events';
import { participantMigrations } from './migrations';

class Sold {
  @IsString() item!: string;
  @IsOptional() @IsString() note?: string;
}

const subject = ({ item }: Sold): string => item;
const sold = defineEvent('shop.sold', { payload: Sold, subject });
const undeclared = defineEvent('shop.returned', { payload: Sold, subject });
const foreign = defineEvent('bank.paid', { payload: Sold, subject });

let servers: RealServers;
let databaseUrl: string;
let shop: ParticipantUnderTest;
let events: Events;

beforeAll(async () => {
  servers = await RealServers.start();
  databaseUrl = await servers.database(participantMigrations);
  shop = await start();
  await shop.sql(EFFECTS);
  events = shop.app.get(Events);
});

afterAll(async () => {
  await shop?.stop();
  await servers?.stop();
});

const start = (): Promise<ParticipantUnderTest> =>
  ParticipantUnderTest.start({ databaseUrl, commands: shopCommands, events: [sold], controllers: [Shop] });
const published = (item?: string): DomainEvent<Sold>[] =>
  shop.transport.sent<DomainEvent<Sold>>('shop.events').filter(({ data }) => item === undefined || data.item === item);

/** Publishes one more event and waits for it: all earlier ones have been published by then. */
async function everythingIsPublished(): Promise<void> {
  const before = published('last').length;
  await events.publish(shop.source.manager, sold, { item: 'last' });
  await waitUntil('the last event is published', () => published('last').length > before, { everyMs: 5 });
}

describe('an event published in a transaction', () => {
  it('is a CloudEvent of its type, keyed by its subject', async () => {
    await shop.source.transaction((tx) => events.publish(tx, sold, { item: 'lamp' }));
    await everythingIsPublished();
    expect(published('lamp')).toMatchObject([
      { specversion: '1.0', type: 'shop.sold.v1', source: '/palinode/shop', subject: 'lamp', data: { item: 'lamp' } },
    ]);
    const [message] = shop.transport.published.filter(({ key }) => key === 'lamp');
    expect(message?.headers).toEqual({ 'content-type': 'application/cloudevents+json' });
  });

  it('is published only after the commit', async () => {
    await shop.source.transaction(async (tx) => {
      await events.publish(tx, sold, { item: 'vase' });
      await everythingIsPublished();
      expect(published('vase')).toEqual([]);
    });
    await everythingIsPublished();
    expect(published('vase')).toHaveLength(1);
  });

  it('is not published when the transaction rolls back', async () => {
    const failing = shop.source.transaction(async (tx) => {
      await events.publish(tx, sold, { item: 'rug' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await everythingIsPublished();
    expect(published('rug')).toEqual([]);
  });

  it('keeps its position among many that are written concurrently', async () => {
    const notes = ['a', 'b', 'c', 'd'];
    await shop.source.transaction((tx) => events.publish(tx, sold, ...notes.map((note) => ({ item: 'desk', note }))));
    await everythingIsPublished();
    expect(published('desk').map(({ data }) => data.note)).toEqual(notes);
  });

  it('is rejected when it is invalid, and the transaction may continue', async () => {
    await shop.source.transaction(async (tx) => {
      await expect(events.publish(tx, sold, { item: 7 } as unknown as Sold)).rejects.toThrow(InvalidDataError);
      await expect(events.publish(tx, sold, { item: 'x'.repeat(600) })).rejects.toThrow(InvalidDataError);
      const large = { item: 'safe', note: 'x'.repeat(300_000) };
      await expect(events.publish(tx, sold, large)).rejects.toThrow(MessageTooLargeError);
      await tx.query('SELECT 1');
    });
  });

  it('is rejected when the service does not declare it', async () => {
    await expect(events.publish(shop.source.manager, undeclared, { item: 'lamp' })).rejects.toThrow(
      'shop does not declare shop.returned; add it to the events of ParticipantModule.forRoot.',
    );
  });

  it('prevents the start of a service that does not own it', async () => {
    const starting = ParticipantUnderTest.start({ databaseUrl, commands: [], events: [foreign], controllers: [] });
    await expect(starting).rejects.toThrow(
      new ConfigurationError('bank.paid belongs to bank; shop cannot publish it.'),
    );
  });
});

describe.each([
  ['a transaction per command', actAlone],
  ['a transaction per batch', actTogether],
])('a handler with %s', (name, act) => {
  const handling = async (...works: ((tx: EntityManager) => Promise<void>)[]): Promise<(string | undefined)[]> => {
    const commands = works.map((work, n) => {
      const as = behave(`publishes ${n}`, work);
      return aCommand(act, { item: 'lamp', as }, { traceparent: 'trace-1' });
    });
    return (await shop.deliver(...commands)).map(({ outcome }) => outcome);
  };

  it('publishes after its commit, within the trace of its command', async () => {
    const item = `in ${name}`;
    await handling((tx) => events.publish(tx, sold, { item }));
    await everythingIsPublished();
    expect(published(item)).toMatchObject([{ traceparent: 'trace-1' }]);
  });

  it('publishes nothing when it fails, while the other commands of its batch publish once', async () => {
    const [lost, kept] = [`lost in ${name}`, `kept in ${name}`];
    const outcomes = await handling(
      async (tx) => {
        await events.publish(tx, sold, { item: lost });
        throw new Error('no');
      },
      (tx) => events.publish(tx, sold, { item: kept }),
    );
    expect(outcomes).toEqual(['failure', 'success']);
    await everythingIsPublished();
    expect([published(lost).length, published(kept).length]).toEqual([0, 1]);
  });
});

it('the events of an instance that died are published by the next', async () => {
  const dying = await start();
  dying.transport.disconnect();
  const item = 'orphan';
  await dying.app.get(Events).publish(dying.source.manager, sold, { item });
  await dying.stop();
  await waitUntil('the other instance publishes it', () => published(item).length === 1);
});

it('a service that publishes no events never leads the event relay', async () => {
  await shop.stop();
  const silent = await ParticipantUnderTest.start({ databaseUrl, commands: shopCommands, controllers: [Shop] });
  try {
    const [row] = await silent.sql<{ count: number }>(
      `SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND ${OF_THIS_DATABASE} AND objid = ${ADVISORY_LOCKS.eventPublisher}`,
    );
    expect(row?.count).toBe(0);
    expect([...silent.transport.topics]).not.toContain('shop.events');
  } finally {
    await silent.stop();
    shop = await start();
  }
});
