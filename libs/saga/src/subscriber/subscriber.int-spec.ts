import { Controller } from '@nestjs/common';
import { EmbeddedKafka } from '@palinode/embedded-kafka';
import { IsInt, IsOptional, IsString } from 'class-validator';
import type { EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { defineEvent, ConfigurationError, type DomainEvent } from '../contract';
import { envelopeMessage, KafkaOffsets, KafkaTransport, type OutgoingMessage } from '../messaging';
import { Gate } from '../../test/gate';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import { anEvent, incomingEvent, SubscriberUnderTest } from '../../test/subscriber-under-test';
import { eventOf, HandleEvent, onCommitted, SubscriberModule, subscriberMigrations, subscriberOf } from '.';

class Moved {
  @IsString() key!: string;
  @IsInt() n!: number;
  /** What the handler does after its write. */
  @IsOptional() @IsString() as?: string;
}
const subject = ({ key }: Moved): string => key;
const moved = defineEvent('shop.moved', { payload: Moved, subject });
const gone = defineEvent('shop.gone', { payload: Moved, subject });
const unheard = defineEvent('shop.unheard', { payload: Moved, subject });

const behaviours = new Map<string, (tx: EntityManager) => unknown>();

async function note({ key, n, as }: Moved, tx: EntityManager): Promise<void> {
  await tx.query('INSERT INTO noted (subscriber, event, key, n) VALUES ($1, $2, $3, $4)', [
    subscriberOf(tx),
    eventOf(tx).id,
    key,
    n,
  ]);
  await behaviours.get(as ?? '')?.(tx);
}

@Controller()
class Reader {
  @HandleEvent(moved)
  moved(event: Moved, tx: EntityManager): Promise<void> {
    return note(event, tx);
  }

  @HandleEvent(gone)
  gone(event: Moved, tx: EntityManager): Promise<void> {
    return note(event, tx);
  }
}

@Controller()
class Twice {
  @HandleEvent(moved)
  async again(): Promise<void> {}
}

let servers: RealServers;
let databaseUrl: string;

beforeAll(async () => {
  servers = await RealServers.start({ kafka: true });
});

afterAll(() => servers?.stop());

const open: SubscriberUnderTest[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.stop()));
});

async function start(
  setup: Partial<Parameters<typeof SubscriberUnderTest.start>[0]> = {},
): Promise<SubscriberUnderTest> {
  const started = await SubscriberUnderTest.start({ databaseUrl, controllers: [Reader], ...setup });
  open.push(started);
  await started.sql('CREATE TABLE IF NOT EXISTS noted (at serial, subscriber text, event uuid, key text, n int)');
  return started;
}

const numbersOf = async (reader: SubscriberUnderTest, key: string): Promise<number[]> =>
  (await reader.sql<{ n: number }>('SELECT n FROM noted WHERE key = $1 ORDER BY at', [key])).map(({ n }) => n);
const letters = (reader: SubscriberUnderTest): OutgoingMessage[] =>
  reader.transport.published.filter(({ topic }) => topic === 'saga.dead-letters');
const daysAgo = (days: number): string => uuidV7({ msecs: Date.now() - days * 86_400_000 });

describe.each(['per-event', 'per-batch'] as const)('a subscriber with the transaction setting %s', (transaction) => {
  let reader: SubscriberUnderTest;

  beforeEach(async () => {
    databaseUrl = await servers.database(subscriberMigrations);
    reader = await start({ transaction });
  });

  const take = (...events: DomainEvent[]): Promise<void> =>
    reader.transport.deliver(...events.map((e) => incomingEvent(e)));

  it('applies an event once, however often it arrives', async () => {
    const event = anEvent(moved, { key: 'cup', n: 1 });
    await take(event, event);
    await take(event);
    expect(await numbersOf(reader, 'cup')).toEqual([1]);
  });

  it('handles the events of a key in their order, whatever their types', async () => {
    await take(...[1, 2, 3, 4, 5, 6].map((n) => anEvent(n % 2 ? moved : gone, { key: 'cup', n })));
    expect(await numbersOf(reader, 'cup')).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('handles an event as an event, even if it has attributes of commands', async () => {
    const attributes = { sagaid: uuidV7(), sagastep: 'payment', sagadirection: 'action' };
    await take({ ...anEvent(moved, { key: 'cup', n: 1 }), ...attributes });
    expect(await numbersOf(reader, 'cup')).toEqual([1]);
    expect(letters(reader)).toEqual([]);
  });

  it('accepts an event with an additional field', async () => {
    const richer = { key: 'cup', n: 1, colour: 'blue' };
    await take(anEvent(moved, richer, { comment: 'new' } as Partial<DomainEvent>));
    expect(await numbersOf(reader, 'cup')).toEqual([1]);
    expect(letters(reader)).toEqual([]);
  });

  it('skips an event that it has no handler for, and continues', async () => {
    await take(anEvent(unheard, { key: 'cup', n: 1 }), anEvent(moved, { key: 'cup', n: 2 }));
    expect(await numbersOf(reader, 'cup')).toEqual([2]);
    expect(letters(reader)).toEqual([]);
  });

  it('skips the messages of other publishers, and counts them by type', async () => {
    const foreign = { specversion: '1.0', id: 'A234-1234', type: 'com.example.parcel', source: '/parcels' };
    const strange = { type: 'parcel', text: '\u0000' };
    await reader.transport.deliver(
      ...[foreign, foreign, strange].map((each) =>
        incomingEvent(anEvent(unheard, { key: 'cup', n: 1 }), { value: Buffer.from(JSON.stringify(each)) }),
      ),
    );
    await take(anEvent(moved, { key: 'cup', n: 2 }));
    expect(await numbersOf(reader, 'cup')).toEqual([2]);
    expect(letters(reader)).toEqual([]);
    const types = [
      { type: 'com.example.parcel', events: 2 },
      { type: 'parcel', events: 1 },
    ];
    expect(reader.subscriber.passedBy()).toEqual({ types, others: 0 });
  });

  it('dead-letters an unreadable or invalid event, and continues', async () => {
    const wrong = { key: 'cup', n: 'one' } as unknown as Moved;
    await reader.transport.deliver(
      incomingEvent(anEvent(moved, { key: 'cup', n: 1 }), { value: Buffer.from('{') }),
      incomingEvent(anEvent(moved, wrong)),
      incomingEvent(anEvent(moved, { key: 'cup', n: 2 })),
    );
    expect(letters(reader).map(({ headers }) => [headers?.['reason'], headers?.['service']])).toEqual([
      ['no-json', 'readers'],
      ['invalid-payload', 'readers'],
    ]);
    expect(await numbersOf(reader, 'cup')).toEqual([2]);
  });

  it('dead-letters an event whose handler keeps throwing, rolls back its writes, and continues', async () => {
    behaviours.set('throws', () => {
      throw new Error('no way');
    });
    const poison = anEvent(moved, { key: 'cup', n: 2, as: 'throws' });
    await take(anEvent(moved, { key: 'cup', n: 1 }), poison, anEvent(moved, { key: 'cup', n: 3 }));
    expect(await numbersOf(reader, 'cup')).toEqual([1, 3]);
    expect(letters(reader).map(({ headers }) => [headers?.['reason'], headers?.['detail']])).toEqual([
      ['handler-failed', 'Error: no way'],
    ]);
  });

  it('handles a dead-lettered event when it is redriven', async () => {
    behaviours.set('throws', () => {
      throw new Error('not yet');
    });
    const event = anEvent(moved, { key: 'cup', n: 1, as: 'throws' });
    await take(event, anEvent(moved, { key: 'cup', n: 2 }));
    behaviours.delete('throws');
    await take(event);
    expect(await numbersOf(reader, 'cup')).toEqual([2, 1]);
  });

  it('retries an event that failed once', async () => {
    let failures = 1;
    behaviours.set('fails once', () => {
      if ((failures -= 1) >= 0) throw new Error('not now');
    });
    await take(anEvent(moved, { key: 'cup', n: 1, as: 'fails once' }));
    expect(await numbersOf(reader, 'cup')).toEqual([1]);
    expect(letters(reader)).toEqual([]);
  });

  it('does not count an event as handled when its handler swallowed a database error', async () => {
    behaviours.set('swallows', (tx) => tx.query('SELECT 1 / 0').catch(() => undefined));
    await take(anEvent(moved, { key: 'cup', n: 1, as: 'swallows' }));
    expect(await numbersOf(reader, 'cup')).toEqual([]);
    expect(letters(reader)).toHaveLength(1);
  });

  it('calls onCommitted after a handler has committed', async () => {
    const results: Promise<number[]>[] = [];
    behaviours.set('waits', (tx) => onCommitted(tx, () => void results.push(numbersOf(reader, 'cup'))));
    await take(anEvent(moved, { key: 'cup', n: 1, as: 'waits' }));
    expect(await Promise.all(results)).toEqual([[1]]);
  });

  it('begins at the start of a topic, however old its events are', async () => {
    const old = anEvent(moved, { key: 'cup', n: 1 }, { id: daysAgo(100) });
    await reader.transport.deliver(incomingEvent(old, { offset: '0' }));
    expect(await numbersOf(reader, 'cup')).toEqual([1]);
  });

  it('recognizes an old event, whose inbox row was deleted, by its offset', async () => {
    const old = anEvent(moved, { key: 'cup', n: 1 }, { id: daysAgo(100) });
    const young = anEvent(moved, { key: 'cup', n: 2 });
    const place = { partition: 1, offset: '7' };
    await reader.transport.deliver(incomingEvent(old, place), incomingEvent(young, { partition: 1, offset: '8' }));
    await reader.sql('DELETE FROM event_inbox');
    await reader.transport.deliver(incomingEvent(old, place));
    expect(await numbersOf(reader, 'cup')).toEqual([1, 2]);
  });

  it('accepts new events of a recreated topic at offsets that it has seen before', async () => {
    await reader.transport.deliver(incomingEvent(anEvent(moved, { key: 'cup', n: 1 }), { offset: '500' }));
    await reader.transport.deliver(incomingEvent(anEvent(moved, { key: 'cup', n: 2 }), { offset: '0' }));
    expect(await numbersOf(reader, 'cup')).toEqual([1, 2]);
    expect(await reader.sql('SELECT position FROM event_position')).toEqual([{ position: '1' }]);
  });
});

describe('a subscriber whose database is away', () => {
  beforeEach(async () => {
    databaseUrl = await servers.database(subscriberMigrations);
  });

  it('retries an event and dead-letters nothing until the database is back', async () => {
    const reader = await start({ transaction: 'per-batch' });
    const event = anEvent(moved, { key: 'cup', n: 1 });
    const take = (): Promise<void> => reader.transport.deliver(incomingEvent(event));
    const database = new URL(databaseUrl).pathname.slice(1);
    await servers.administrate(`ALTER DATABASE ${database} ALLOW_CONNECTIONS false`);
    await servers.administrate(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`);
    await expect(take()).rejects.toThrow();
    expect(letters(reader)).toEqual([]);
    await servers.administrate(`ALTER DATABASE ${database} ALLOW_CONNECTIONS true`);
    await waitUntil('the event is handled', () => take().then(() => true));
    expect(await numbersOf(reader, 'cup')).toEqual([1]);
    expect(letters(reader)).toEqual([]);
  });
});

describe.each(['per-event', 'per-batch'] as const)(
  'a subscriber with the setting %s whose database takes no writes',
  (transaction) => {
    let reader: SubscriberUnderTest;
    const event = anEvent(moved, { key: 'cup', n: 1 });
    const take = (): Promise<void> => reader.transport.deliver(incomingEvent(event));

    beforeEach(async () => {
      databaseUrl = await servers.database(subscriberMigrations);
      reader = await start({ transaction });
    });

    async function expectHandledLater(): Promise<void> {
      expect(letters(reader)).toEqual([]);
      await waitUntil('the event is handled', () => take().then(() => true));
      expect(await numbersOf(reader, 'cup')).toEqual([1]);
      expect(letters(reader)).toEqual([]);
    }

    it('gives up no event while the database is read-only, as during a failover', async () => {
      const database = new URL(databaseUrl).pathname.slice(1);
      const restart = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`;
      await servers.administrate(`ALTER DATABASE ${database} SET default_transaction_read_only = on`);
      await servers.administrate(restart);
      await waitUntil('the database is read-only', () =>
        take().catch((error: unknown) => /read-only/.test(String(error))),
      );
      await expect(take()).rejects.toThrow(/read-only/);
      await servers.administrate(`ALTER DATABASE ${database} RESET default_transaction_read_only`);
      // Nothing ends the connections: those that answered "read-only" are not used again.
      await expectHandledLater();
    });

    it.each(['08006', '25006', '53100', '53200', '53300', '57P03', '58030'])(
      'gives up no event while writes fail with SQLSTATE %s although reads succeed',
      async (code) => {
        await reader.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${code}'; END $$`);
        await reader.sql('CREATE TRIGGER refuse BEFORE INSERT ON noted FOR EACH ROW EXECUTE FUNCTION refuse()');
        for (let tries = 0; tries < 4; tries += 1) await expect(take()).rejects.toThrow('no');
        await reader.sql('DROP TRIGGER refuse ON noted');
        await expectHandledLater();
      },
    );
  },
);

describe('the configuration of a subscriber', () => {
  beforeEach(async () => {
    databaseUrl = await servers.database(subscriberMigrations);
  });

  it('rejects two handlers for one event', async () => {
    await expect(start({ controllers: [Reader, Twice] })).rejects.toThrow('shop.moved has two handlers');
  });

  it('rejects a subscriber without handlers', async () => {
    await expect(start({ controllers: [] })).rejects.toThrow(ConfigurationError);
  });

  it('rejects a handler that is in no controller', async () => {
    const starting = start({ controllers: [Twice], providers: [Reader] });
    await expect(starting).rejects.toThrow(/Reader\.moved has @HandleEvent and is in no controller/);
  });

  it('rejects a database without its tables', async () => {
    databaseUrl = await servers.database();
    await expect(start({ controllers: [Reader] })).rejects.toThrow(
      /has no table event_inbox, event_position; run subscriberMigrations on it/,
    );
  });

  it('rejects an application that has not connected it', async () => {
    await expect(start({ controllers: [Reader], connects: false })).rejects.toThrow(
      /Nothing connects readers with its events; call connectSubscriber\(app\)/,
    );
  });

  it.each([
    ['no name', { group: '' }, /needs a name of its own: the `group`/],
    ['no attempt', { attempts: 0 }, /attempts must be 1 or more/],
  ])('rejects a subscriber with %s', (_what, options, message) => {
    expect(() => SubscriberModule.forRoot({ group: 'g', kafka: { brokers: ['kafka:9092'] }, ...options })).toThrow(
      message,
    );
  });
});

describe('several subscribers over a broker', () => {
  const transports: KafkaTransport[] = [];
  let gate: Gate;
  let kafka: EmbeddedKafka;

  beforeAll(() => {
    ({ kafka } = servers);
  });

  beforeEach(async () => {
    gate = new Gate();
    databaseUrl = await servers.database(subscriberMigrations);
  });

  afterEach(async () => {
    gate.open();
    await Promise.all(open.splice(0).map((each) => each.stop()));
    await Promise.all(transports.splice(0).map((each) => each.close()));
  });

  function connect(): KafkaTransport {
    const connected = new KafkaTransport({ brokers: [kafka.address] }, new RecordingLog());
    transports.push(connected);
    return connected;
  }

  const member = (group: string): Promise<SubscriberUnderTest> =>
    start({
      group,
      transport: connect(),
      transaction: 'per-batch',
      offsets: new KafkaOffsets({ brokers: [kafka.address] }),
    });

  async function publish(events: readonly DomainEvent[]): Promise<void> {
    const transport = connect();
    await transport.ensureTopics(['shop.events']);
    await transport.publish(events.map((e) => envelopeMessage('shop.events', e.subject, JSON.stringify(e))));
  }

  const hasNoted = (reader: SubscriberUnderTest, subscriber: string, count: number): Promise<true> =>
    waitUntil(`${count} noted by ${subscriber}`, async () => {
      const rows = await reader.sql('SELECT 1 FROM noted WHERE subscriber = $1', [subscriber]);
      return rows.length >= count;
    });

  it('keep the order of each key while instances join, leave and share the work', async () => {
    const group = `group-${uuidV7()}`;
    const run = uuidV7();
    const keys = Array.from({ length: 8 }, (_, k) => `${run}-${k}`);
    const burst = (from: number): DomainEvent[] =>
      Array.from({ length: 25 }, (_, i) => i + from).flatMap((n) => keys.map((key) => anEvent(moved, { key, n })));
    await publish(burst(1));
    const first = await member(group);
    const second = await member(group);
    await publish(burst(26));
    await first.stop();
    await publish(burst(51));
    const third = await member(group);
    await publish(burst(76));
    await hasNoted(third, group, 100 * keys.length);
    for (const key of keys) expect(await numbersOf(second, key)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
  });

  it('do not delay one another', async () => {
    const key = uuidV7();
    const [slow, quick] = [`slow-${key}`, `quick-${key}`];
    behaviours.set('lingers', (tx) => (subscriberOf(tx) === slow ? gate.opened : undefined));
    const lingering = await member(slow);
    const passing = await member(quick);
    await publish([1, 2, 3].map((n) => anEvent(moved, { key, n, as: 'lingers' })));
    await waitUntil('the quick one is done', async () => {
      const rows = await passing.sql('SELECT 1 FROM noted WHERE subscriber = $1 AND key = $2', [quick, key]);
      return rows.length === 3;
    });
    expect(await passing.sql('SELECT 1 FROM noted WHERE subscriber = $1 AND key = $2', [slow, key])).toEqual([]);
    gate.open();
    await waitUntil('the slow one is done', async () => {
      const rows = await lingering.sql('SELECT 1 FROM noted WHERE subscriber = $1 AND key = $2', [slow, key]);
      return rows.length === 3;
    });
  });

  it('catch up on events that were published while they were down, and report their lag', async () => {
    const group = `group-${uuidV7()}`;
    const key = uuidV7();
    const before = await member(group);
    await publish([anEvent(moved, { key, n: 1 })]);
    await waitUntil('the subscriber is up to date', async () => (await numbersOf(before, key)).length === 1);
    await before.stop();
    open.splice(open.indexOf(before), 1);
    await publish([2, 3, 4].map((n) => anEvent(moved, { key, n })));
    const after = await member(group);
    await waitUntil('the subscriber has caught up', async () => (await numbersOf(after, key)).length === 4);
    expect(await numbersOf(after, key)).toEqual([1, 2, 3, 4]);
    await waitUntil('nothing is left', async () => (await after.subscriber.lag(group)).every(({ lag }) => lag === 0));
    const behind = await after.subscriber.lag('nobody');
    expect(behind.reduce((sum, { lag }) => sum + lag, 0)).toBeGreaterThanOrEqual(4);
  });
});
