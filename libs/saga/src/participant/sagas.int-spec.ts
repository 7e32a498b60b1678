import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import {
  ACKNOWLEDGEMENTS,
  anAcknowledgement,
  defineStart,
  InvalidDataError,
  MessageTooLargeError,
  ConfigurationError,
  type Acknowledgement,
  type StartSaga,
} from '../contract';
import { aCommand, incoming } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { actAlone, actTogether, behave, EFFECTS, Shop, shopCommands } from '../../test/sample-participant';
import { commandOf, onCommitted } from '../handlers/handler-context';
import { CommandLock } from './inbox';
import { participantMigrations } from './migrations';
import { Sagas } from './sagas';

class Order {
  @IsString() orderId!: string;
  @IsOptional() @IsString() note?: string;
}

const placeOrder = defineStart('place-order', { input: Order, subject: ({ orderId }) => orderId });

let servers: RealServers;
let shop: ParticipantUnderTest;
let sagas: Sagas;

let databaseUrl: string;

beforeAll(async () => {
  servers = await RealServers.start();
  databaseUrl = await servers.database(participantMigrations);
  shop = await ParticipantUnderTest.start({ databaseUrl, commands: shopCommands, controllers: [Shop] });
  await shop.sql(EFFECTS);
  sagas = shop.app.get(Sagas);
});

afterAll(async () => {
  await shop?.stop();
  await servers?.stop();
});

const starts = (): StartSaga[] => shop.transport.sent<StartSaga>('orchestrator.commands');
const started = (): string[] => starts().map(({ sagaid }) => sagaid);

const ids = (): string[] => starts().map(({ id }) => id);
const acknowledging = (to: string, those: readonly string[]): Acknowledgement =>
  anAcknowledgement(uuidV7(), new Date(), '/palinode/orchestrator', to, those);

/** The ids of the starts that would be resent. */
async function kept(): Promise<ReadonlySet<string>> {
  const rows = await shop.sql<{ id: string }>('SELECT id FROM outbox UNION SELECT id FROM unacknowledged');
  return new Set(rows.map(({ id }) => id));
}

/** Starts one more saga and waits until the start is published: all earlier ones have been published by then. */
async function everythingIsPublished(): Promise<void> {
  const last = await sagas.start(shop.source.manager, placeOrder, { orderId: 'last' });
  await waitUntil('the last start is published', () => started().includes(last), { everyMs: 5 });
}

describe('a saga started in a transaction', () => {
  it('is published after the commit with its name, input and business key', async () => {
    let sagaId = '';
    await shop.source.transaction(async (tx) => {
      sagaId = await sagas.start(tx, placeOrder, { orderId: 'o-1' });
      await everythingIsPublished();
      expect(started()).not.toContain(sagaId);
    });
    await everythingIsPublished();
    expect(starts().filter(({ sagaid }) => sagaid === sagaId)).toMatchObject([
      { type: 'orchestrator.start-saga.v1', subject: 'o-1', data: { saga: 'place-order', input: { orderId: 'o-1' } } },
    ]);
  });

  it('carries nothing along when nothing is hooked in', async () => {
    const carried = { traceparent: '00-1-2-01', sagafault: 'payment.capture=fail' };
    expect(sagas.acceptCarried(carried)).toBeUndefined();
    const sagaId = await sagas.start(shop.source.manager, placeOrder, { orderId: 'o-0' }, { carried });
    await everythingIsPublished();
    const [start] = starts().filter(({ sagaid }) => sagaid === sagaId);
    expect(start).toMatchObject({ subject: 'o-0' });
    expect(start).not.toHaveProperty('traceparent');
    expect(start).not.toHaveProperty('sagafault');
  });

  it('is not started when the transaction rolls back', async () => {
    let sagaId = '';
    const failing = shop.source.transaction(async (tx) => {
      sagaId = await sagas.start(tx, placeOrder, { orderId: 'o-2' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await everythingIsPublished();
    expect(started()).not.toContain(sagaId);
  });

  it('is not started when its savepoint is rolled back, while others are', async () => {
    const ids = { kept: '', lost: '' };
    await shop.source.transaction(async (tx) => {
      ids.kept = await sagas.start(tx, placeOrder, { orderId: 'o-3' });
      const nested = tx.transaction(async (inner) => {
        ids.lost = await sagas.start(inner, placeOrder, { orderId: 'o-4' });
        throw new Error('only this');
      });
      await expect(nested).rejects.toThrow('only this');
    });
    await everythingIsPublished();
    expect(started()).toContain(ids.kept);
    expect(started()).not.toContain(ids.lost);
  });

  it('is rejected when its input is invalid, and the transaction may continue', async () => {
    await shop.source.transaction(async (tx) => {
      const invalid = { orderId: 7 } as unknown as Order;
      await expect(sagas.start(tx, placeOrder, invalid)).rejects.toThrow(InvalidDataError);
      const large = { orderId: 'o-5', note: 'x'.repeat(300_000) };
      const nameless = { ...placeOrder, attributes: () => ({ sku: '' }) };
      await expect(sagas.start(tx, nameless, { orderId: 'o-5' })).rejects.toThrow(
        'A search attribute of place-order is not valid: sku must be a number, a boolean, or a text of 1 to 200 characters',
      );
      await expect(sagas.start(tx, placeOrder, large)).rejects.toThrow(MessageTooLargeError);
      await tx.query('SELECT 1');
    });
  });

  it('is started with a null in an optional field, which is left out of the message', async () => {
    const input = { orderId: 'o-6', note: null } as unknown as Order;
    const sagaId = await sagas.start(shop.source.manager, placeOrder, input);
    await everythingIsPublished();
    expect(starts().find(({ sagaid }) => sagaid === sagaId)?.data.input).toEqual({ orderId: 'o-6' });
  });

  it('is kept until the orchestrator acknowledges it, even after the broker has acknowledged it', async () => {
    await everythingIsPublished();
    expect(await kept()).toEqual(new Set(ids()));
    await shop.transport.deliver(incoming(ACKNOWLEDGEMENTS, acknowledging('/palinode/shop', ids())));
    await waitUntil('nothing is kept', async () => (await kept()).size === 0);
  });

  it('is acknowledged only by a readable message to this service', async () => {
    await everythingIsPublished();
    await shop.transport.deliver(
      incoming(ACKNOWLEDGEMENTS, acknowledging('/palinode/other', ids())),
      incoming(ACKNOWLEDGEMENTS, 'no json'),
      incoming(ACKNOWLEDGEMENTS, { ...acknowledging('/palinode/shop', ids()), type: 'orchestrator.rumour.v1' }),
      incoming(ACKNOWLEDGEMENTS, {
        ...acknowledging('/palinode/shop', []),
        data: { to: '/palinode/shop', ids: 'all' },
      }),
      incoming(ACKNOWLEDGEMENTS, acknowledging('/palinode/shop', ids().slice(0, -1))),
    );
    await waitUntil('one is kept', async () => (await kept()).size === 1);
    expect(await kept()).toEqual(new Set(ids().slice(-1)));
  });
});

describe.each([
  ['a transaction per command', actAlone],
  ['a transaction per batch', actTogether],
])('a handler with %s', (_name, act) => {
  const handling = async (work: (tx: EntityManager) => unknown): Promise<string | undefined> => {
    const as = behave('works', async (tx) => void (await work(tx)));
    const [reply] = await shop.deliver(aCommand(act, { item: 'lamp', as }));
    return reply?.outcome;
  };

  it('may start a saga, which begins after the commit', async () => {
    let sagaId = '';
    const outcome = await handling(async (tx) => {
      sagaId = await sagas.start(tx, placeOrder, { orderId: 'o-6' });
    });
    expect(outcome).toBe('success');
    await everythingIsPublished();
    expect(started().filter((id) => id === sagaId)).toHaveLength(1);
  });

  it('starts no saga when it fails', async () => {
    let sagaId = '';
    const outcome = await handling(async (tx) => {
      sagaId = await sagas.start(tx, placeOrder, { orderId: 'o-7' });
      throw new Error('no');
    });
    expect(outcome).toBe('failure');
    await everythingIsPublished();
    expect(started()).not.toContain(sagaId);
  });

  it('calls onCommitted once after its commit, when its effect is visible', async () => {
    const called: Promise<unknown>[] = [];
    await handling((tx) => {
      const { id } = commandOf(tx);
      onCommitted(tx, () => void called.push(shop.sql('SELECT 1 FROM effect WHERE command = $1', [id])));
    });
    expect(called).toHaveLength(1);
    expect(await called[0]).toHaveLength(1);
  });

  it('does not call onCommitted when it has not committed', async () => {
    let called = 0;
    await handling((tx) => {
      onCommitted(tx, () => (called += 1));
      throw new Error('no');
    });
    expect(called).toBe(0);
  });

  it('succeeds even when its onCommitted callback throws', async () => {
    const outcome = await handling((tx) =>
      onCommitted(tx, () => {
        throw new Error('too late');
      }),
    );
    expect(outcome).toBe('success');
  });
});

it('a handler with a transaction per command calls onCommitted only after the WAL flush of its commit', async () => {
  const order: string[] = [];
  let sagaId = '';
  const starts = behave(`starts one ${uuidV7()}`, async (tx) => {
    sagaId = await sagas.start(tx, placeOrder, { orderId: 'o-8' });
    order.push('handled');
    onCommitted(tx, () => void order.push(started().includes(sagaId) ? 'called too late' : 'called'));
  });
  const flushed = noteFlushes(() => order.push('on disk'));
  await shop.deliver(aCommand(actAlone, { item: 'lamp', as: starts }));
  flushed.mockRestore();
  expect(order).toEqual(['handled', 'on disk', 'called']);
  await everythingIsPublished();
  expect(started()).toContain(sagaId);
});

/** Calls back whenever the commits of a batch have come to the disk, which the end of their lock waits for. */
function noteFlushes(note: () => void): jest.SpyInstance {
  const { end } = CommandLock.prototype;
  return jest.spyOn(CommandLock.prototype, 'end').mockImplementation(async function (this: CommandLock) {
    await end.call(this);
    note();
  });
}

it('only the EntityManager of a handler knows its command', () => {
  expect(() => commandOf(shop.source.manager)).toThrow(ConfigurationError);
  expect(() => onCommitted(shop.source.manager, () => undefined)).toThrow(ConfigurationError);
});

@Injectable()
class LastRequest implements OnApplicationShutdown {
  constructor(
    private readonly source: DataSource,
    private readonly begun: Sagas,
  ) {}

  /** The state of a service after its last HTTP request has ended. */
  async onApplicationShutdown(): Promise<void> {
    await this.source.transaction((tx) => this.begun.start(tx, placeOrder, { orderId: 'the last of all' }));
  }
}

describe('a service that stops', () => {
  it('publishes what its last request has committed', async () => {
    const setup = { databaseUrl, commands: shopCommands, controllers: [Shop], providers: [LastRequest] };
    const { app, transport } = await ParticipantUnderTest.start(setup);
    await app.close();
    expect(transport.sent<StartSaga>('orchestrator.commands')).toMatchObject([{ subject: 'the last of all' }]);
  });
});
