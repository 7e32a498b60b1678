import { OF_THIS_DATABASE } from '@palinode/test-support/postgres/shared-postgres';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { refuse, type Command, type Reply } from '../contract';
import { Gate } from '../../test/gate';
import { aCommand, undoing } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import {
  actAlone,
  actTogether,
  behave,
  EFFECTS,
  Shop,
  shopCommands,
  undoAlone,
  undoTogether,
} from '../../test/sample-participant';
import { participantMigrations } from './migrations';
import { Retention } from './retention';
import { once } from './third-party-calls';

let servers: RealServers;
let shop: ParticipantUnderTest;
let other: ParticipantUnderTest;

beforeAll(async () => {
  servers = await RealServers.start();
  const databaseUrl = await servers.database(participantMigrations);
  const start = (): Promise<ParticipantUnderTest> =>
    ParticipantUnderTest.start({ databaseUrl, commands: shopCommands, controllers: [Shop] });
  shop = await start();
  other = await start();
  await shop.sql(EFFECTS);
});

afterAll(async () => {
  await Promise.all([shop?.stop(), other?.stop()]);
  await servers?.stop();
});

/** The idempotency keys of the calls to the third party, in order. */
let calls: string[];
let outOfOrder: boolean;

beforeEach(() => {
  calls = [];
  outOfOrder = false;
});

async function answer<T>(key: string, value: T): Promise<T> {
  calls.push(key);
  return value;
}

/** Refunds in two parts, of which the second fails while the third party is out of order. */
const paysTwice = behave('pays twice', async (tx) => {
  await once(tx, 'first', (key) => answer(key, { paid: 1 }));
  await once(tx, 'second', async (key) => {
    if (outOfOrder) throw new Error('out of order');
    return answer(key, { paid: 2 });
  });
});
const throws = behave('throws at once', () => {
  throw new Error('before any call');
});
const throwsInCall = behave('throws in its call', (tx) =>
  once(tx, 'only', async () => {
    throw new Error('out of order');
  }),
);

const command = (as: string, attributes: Partial<Command> = {}): Command =>
  aCommand(actAlone, { item: 'lamp', as }, attributes);
const nextAttempt = ({ sagaid, data }: Command, as?: string): Command =>
  aCommand(actAlone, as === undefined ? data : { item: 'lamp', as }, { sagaid, sagaattempt: 2 });
const keysOf = ({ sagaid }: Command, ...names: string[]): string[] =>
  names.map((name) => `${sagaid}/step/action/${name}`);
const journalOf = async ({ sagaid }: Command): Promise<string[]> =>
  (await shop.sql<{ name: string }>('SELECT name FROM third_party_call WHERE saga_id = $1 ORDER BY at', [sagaid])).map(
    ({ name }) => name,
  );

async function someoneWaitsForALock(): Promise<boolean> {
  const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND ${OF_THIS_DATABASE}`;
  return (await shop.sql(waiting)).length > 0;
}

async function handle(order: Command): Promise<Reply | undefined> {
  const [reply] = await shop.deliver(order);
  return reply;
}

/** An order whose first part is paid, and which failed then. */
async function halfPaid(): Promise<Command> {
  outOfOrder = true;
  const order = command(paysTwice);
  expect(await handle(order)).toMatchObject({ outcome: 'failure', data: { unfinished: true } });
  outOfOrder = false;
  return order;
}

describe('a call of a third party', () => {
  it('does not repeat a call in the next attempt, which has another command id', async () => {
    const order = await halfPaid();
    expect(await handle(nextAttempt(order))).toMatchObject({ outcome: 'success' });
    expect(calls).toEqual(keysOf(order, 'first', 'second'));
  });

  it('gives the first attempt and later ones the same result of a call', async () => {
    const results: unknown[] = [];
    const looks = behave('looks at its results', async (tx) => {
      results.push(await once(tx, 'nothing', (key) => answer(key, undefined)));
      results.push(await once(tx, 'some', (key) => answer(key, { left: undefined, items: [1] })));
      throw new Error('again');
    });
    const order = command(looks);
    await handle(order);
    await handle(nextAttempt(order));
    expect(results).toStrictEqual([undefined, { items: [1] }, undefined, { items: [1] }]);
    expect(calls).toHaveLength(2);
  });

  it('stores nothing when a call throws, so the failure says that nothing happened', async () => {
    const order = command(throwsInCall);
    const reply = await handle(order);
    expect(reply).toMatchObject({ outcome: 'failure', data: { detail: 'out of order' } });
    expect(reply?.data).not.toHaveProperty('unfinished');
    expect(await journalOf(order)).toEqual([]);
  });

  it('reports a stored call in the failure of a later attempt that did not reach the call', async () => {
    const order = await halfPaid();
    expect(await handle(nextAttempt(order, throws))).toMatchObject({ outcome: 'failure', data: { unfinished: true } });
  });

  it('stores a call until the step succeeds, then deletes it', async () => {
    const order = await halfPaid();
    expect(await journalOf(order)).toEqual(['first']);
    await handle(nextAttempt(order));
    expect(await journalOf(order)).toEqual([]);
  });

  it('deletes a call when the step is refused', async () => {
    const asksThenRefuses = behave('asks, then refuses', async (tx) => {
      await once(tx, 'only', (key) => answer(key, 'no'));
      return refuse('sold-out');
    });
    const order = command(asksThenRefuses);
    expect(await handle(order)).toMatchObject({ outcome: 'refusal' });
    expect(await journalOf(order)).toEqual([]);
  });

  it('stores a call although the handler failed without awaiting it', async () => {
    const slow = new Gate();
    const leaves = behave('leaves a call behind', async (tx) => {
      void once(tx, 'left behind', async (key) => {
        await slow.opened;
        return answer(key, 1);
      });
      setImmediate(() => slow.open());
      throw new Error('gone');
    });
    const order = command(leaves);
    expect(await handle(order)).toMatchObject({ outcome: 'failure', data: { unfinished: true } });
    expect(await journalOf(order)).toEqual(['left behind']);
  });

  it('repeats a call with the same idempotency key, and does not answer the command, when its result could not be stored', async () => {
    const as = behave('asks once', (tx) => once(tx, 'only', (key) => answer(key, 1)).then(() => undefined));
    const order = command(as);
    await shop.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no disk'; END $$`);
    await shop.sql('CREATE TRIGGER refuse BEFORE INSERT ON third_party_call EXECUTE FUNCTION refuse()');
    await expect(shop.deliver(order)).rejects.toThrow(`The result of once('only') could not be kept`);
    expect(shop.repliesTo(order)).toEqual([]);
    await shop.sql('DROP FUNCTION refuse CASCADE');
    expect(await handle(order)).toMatchObject({ outcome: 'success' });
    expect(calls).toEqual(keysOf(order, 'only', 'only'));
  });

  it('does not repeat a call in a second process that runs the command because the lock of the first is lost', async () => {
    const called = new Gate();
    const answered = new Gate();
    const slow = behave('waits in its call', (tx) =>
      once(tx, 'only', async (key) => {
        calls.push(key);
        called.open();
        await answered.opened;
        return 1;
      }).then(() => undefined),
    );
    const order = command(slow);
    const first = shop.deliver(order).catch(() => undefined);
    await called.opened;
    await shop.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid IN (
         SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%FROM inbox WHERE day = ANY%')`,
    );
    const second = other.deliver(order);
    await waitUntil('the second waits for the first', someoneWaitsForALock);
    answered.open();
    await Promise.all([first, second]);
    expect(calls).toHaveLength(1);
    expect(await shop.effectsOf(order)).toEqual(['lamp']);
    expect(other.repliesTo(order)).toMatchObject([{ outcome: 'success' }]);
  });
});

describe('a result that cannot be stored', () => {
  it.each([
    ['is too large', 'x'.repeat(70_000), 'it has 70002 bytes, and may have 65536'],
    ['is no plain JSON', { at: new Date(0) }, 'it.at is an instance of Date'],
  ])('fails the command with the reason when it %s, and the third party is called again', async (what, value, why) => {
    const as = behave(`gets what ${what}`, (tx) => once(tx, 'only', (key) => answer(key, value as unknown)));
    const order = command(as);
    expect(await handle(order)).toMatchObject({
      outcome: 'failure',
      data: {
        reason: 'UnusableResultError',
        detail: `The result of once('only') cannot be kept: ${why}. Return only what the handler needs of it, as plain JSON.`,
        unfinished: true,
      },
    });
    const recovers = behave(`makes do without what ${what}`, (tx) =>
      once(tx, 'only', (key) => answer(key, 'ok')).then(() => undefined),
    );
    expect(await handle(nextAttempt(order, recovers))).toMatchObject({ outcome: 'success' });
    expect(calls).toEqual(keysOf(order, 'only', 'only'));
  });
});

describe('once', () => {
  const failureOf = async (order: Command): Promise<unknown> => {
    const [reply] = await shop.deliver(order);
    return reply?.data;
  };
  const callsNamed = (...names: string[]): string =>
    behave('calls by these names', async (tx) => {
      for (const name of names) await once(tx, name, (key) => answer(key, 1));
    });

  it('rejects once() in a shared transaction, with the remedy', async () => {
    const order = aCommand(actTogether, { item: 'lamp', as: callsNamed('one') });
    expect(await failureOf(order)).toMatchObject({
      reason: 'ConfigurationError',
      detail: `once('one') needs a transaction for its command alone; remove \`transaction: 'per-batch'\` from the handler of shop.act-together.v1.`,
    });
    expect(calls).toEqual([]);
  });

  it('rejects once() with a name that the handler has used before', async () => {
    expect(await failureOf(command(callsNamed('one', 'one')))).toMatchObject({
      detail: `once('one') is used twice by one handler. Give each call its own name.`,
    });
  });

  it.each(['', 'n'.repeat(201), 'a\0b'])('rejects once() with the name %j', async (name) => {
    expect(await failureOf(command(callsNamed(name)))).toMatchObject({
      detail: expect.stringContaining('needs a name of 1 to 200 characters, without NUL.'),
    });
  });
});

describe.each([
  ['with transaction: per-command', undoAlone],
  ['with transaction: per-batch', undoTogether],
])('a compensation %s', (_which, undo) => {
  const takeBack = (action: Command): Command => undoing(action, undo, { item: 'back' });

  it('undoes an action whose last attempt failed after a third party had acted', async () => {
    const action = await halfPaid();
    const compensation = takeBack(action);
    expect(await handle(compensation)).toMatchObject({ outcome: 'success' });
    expect(await shop.effectsOf(compensation)).toEqual(['back']);
    expect(await journalOf(action)).toEqual([]);
  });

  it('undoes an action whose last attempt never arrived, when a third party had acted for an earlier one', async () => {
    const last = nextAttempt(await halfPaid());
    const compensation = takeBack(last);
    expect(await handle(compensation)).toMatchObject({ outcome: 'success' });
    expect(await shop.effectsOf(compensation)).toEqual(['back']);
    await shop.deliver(last);
    expect(shop.repliesTo(last)).toEqual([]);
  });

  it('waits for an action that is calling a third party', async () => {
    const called = new Gate();
    const answered = new Gate();
    const slow = behave('is slow, then fails', async (tx) => {
      await once(tx, 'only', async (key) => {
        called.open();
        await answered.opened;
        return answer(key, 1);
      });
      throw new Error('after the call');
    });
    const action = command(slow);
    const acting = shop.deliver(action);
    await called.opened;
    const compensation = takeBack(action);
    const undone = other.deliver(compensation);
    await waitUntil('the compensation waits', someoneWaitsForALock);
    answered.open();
    await Promise.all([acting, undone]);
    expect(await shop.effectsOf(compensation)).toEqual(['back']);
  });
});

it('deletes a call whose step was never settled after the configured number of days', async () => {
  const [old, young] = [await halfPaid(), await halfPaid()];
  await shop.sql(`UPDATE third_party_call SET at = now() - interval '31 days' WHERE saga_id = $1`, [old.sagaid]);
  const retention = new Retention(shop.source, { thirdPartyCallDays: 30 }, new RecordingLog());
  await retention.start();
  await retention.stop();
  expect([await journalOf(old), await journalOf(young)]).toEqual([[], ['first']]);
});
