/* When one command of a batch fails, the other commands of the batch lose nothing and take effect once. */
import { OF_THIS_DATABASE } from '@palinode/test-support/postgres/shared-postgres';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { refuse, type Command, type Reply } from '../contract';
import { otherInstance } from '../../test/dying/other-instance';
import { Gate } from '../../test/gate';
import { aCommand, undoing } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import {
  actAlone,
  actTogether,
  behave,
  calls,
  EFFECTS,
  Shop,
  shopCommands,
  undoAlone,
  undoTogether,
} from '../../test/sample-participant';
import { participantMigrations } from './migrations';

let servers: RealServers;
let databaseUrl: string;
let shop: ParticipantUnderTest;
let other: ParticipantUnderTest;

beforeAll(async () => {
  servers = await RealServers.start();
  databaseUrl = await servers.database(participantMigrations);
  const start = (): Promise<ParticipantUnderTest> =>
    ParticipantUnderTest.start({ databaseUrl, commands: shopCommands, controllers: [Shop] });
  shop = await start();
  other = await start();
  await shop.sql(EFFECTS);
  await shop.sql('CREATE TABLE stock (id int PRIMARY KEY, units int NOT NULL)');
});

beforeEach(() => shop.sql('TRUNCATE stock; INSERT INTO stock VALUES (1, 0), (2, 0), (3, 0)'));

afterAll(async () => {
  await Promise.all([shop?.stop(), other?.stop()]);
  await servers?.stop();
});

const ADD = 'UPDATE stock SET units = units + 1 WHERE id = $1';
const counts = behave('counts', (tx) => tx.query(ADD, [3]).then(() => undefined));
const refuses = behave('refuses in company', () => refuse('sold-out', 'none left'));
const throws = behave('throws in company', () => {
  throw new TypeError('the shelf fell over');
});

const timesCalled = ({ id }: Command): number => calls.filter((each) => each === id).length;
const outcomes = (replies: readonly Reply[]): string[] => replies.map(({ outcome }) => outcome);

/** How often each article was counted. */
async function stock(): Promise<number[]> {
  const rows = await shop.sql<{ units: number }>('SELECT units FROM stock ORDER BY id');
  return rows.map(({ units }) => units);
}

/** Every one of them has one answer, success, and one effect, at both instances together. */
async function expectOnceEach(others: readonly Command[]): Promise<void> {
  for (const command of others) {
    const replies = new Set([...shop.rawRepliesTo(command), ...other.rawRepliesTo(command)]);
    expect([...replies]).toEqual([expect.stringContaining('"outcome":"success"')]);
    expect(await shop.effectsOf(command)).toEqual(['lamp']);
  }
}

async function expectCountedOnceEach(others: readonly Command[]): Promise<void> {
  await expectOnceEach(others);
  expect((await stock())[2]).toBe(others.length);
}

describe.each([
  ['a transaction per batch', actTogether, undoTogether],
  ['a transaction per command', actAlone, undoAlone],
])('a batch of commands with %s', (_kind, act, undo) => {
  const command = (as: string): Command => aCommand(act, { item: 'lamp', as });
  const some = (): Command[] => Array.from({ length: 3 }, () => command(counts));

  it.each([
    ['throws', throws, 'failure', []],
    ['refuses', refuses, 'refusal', ['lamp']],
  ])('lets the other commands take effect once each when one command %s', async (_what, as, outcome, effects) => {
    const [before, member, after] = [some(), command(as), some()];
    await shop.deliver(...before, member, ...after);
    await expectCountedOnceEach([...before, ...after]);
    expect(outcomes(shop.repliesTo(member))).toEqual([outcome]);
    expect(await shop.effectsOf(member)).toEqual(effects);
  });

  it('lets the other commands take effect once each when one command has a tombstone and never runs', async () => {
    const [before, member, after] = [some(), command(counts), some()];
    await other.deliver(undoing(member, undo, { item: 'back' }));
    await shop.deliver(...before, member, ...after);
    await expectCountedOnceEach([...before, ...after]);
    expect(shop.repliesTo(member)).toEqual([]);
    expect(await shop.effectsOf(member)).toEqual([]);
  });

  it('lets all commands take effect once each when another instance handles a copy of one of them', async () => {
    const [running, mayEnd] = [new Gate(), new Gate()];
    const late = behave(`is late (${act.name})`, async (tx) => {
      running.open();
      await mayEnd.opened;
      await tx.query(ADD, [3]);
    });
    const [before, member, after] = [some(), command(late), some()];
    const batch = shop.deliver(...before, member, ...after);
    await running.opened;
    const copy = other.deliver(member);
    // In a per-command transaction it waits for the command lock; in a shared one both run until the key decides.
    const isUnderWay = act === actAlone ? waitsForTheLock : () => timesCalled(member) === 2;
    await waitUntil('the other copy is running', isUnderWay);
    mayEnd.open();
    await Promise.all([batch, copy]);
    await expectCountedOnceEach([...before, member, ...after]);
  });

  it('lets all commands take effect once each when one of them deadlocks with a command of another instance', async () => {
    const gates = [new Gate(), new Gate()];
    const taking = (first: number, then: number): string =>
      behave(`takes ${first}, then ${then} (${act.name})`, async (tx) => {
        // First of its batch: after a command that waits for a row, this could not be sent.
        await tx.query(ADD, [first]);
        gates[first - 1]?.open();
        await gates[then - 1]?.opened;
        await tx.query(ADD, [then]);
      });
    const [ups, downs] = [command(taking(1, 2)), command(taking(2, 1))];
    const [mine, theirs] = [some(), some()];
    const before = await deadlocks();
    const instances = [shop.deliver(ups, ...mine), other.deliver(downs, ...theirs)];
    await Promise.all(instances);
    await waitUntil('the deadlock is counted', async () => (await deadlocks()) > before);
    await expectCountedOnceEach([...mine, ...theirs]);
    expect(outcomes([...shop.repliesTo(ups), ...other.repliesTo(downs)])).toEqual(['success', 'success']);
    expect(await stock()).toEqual([2, 2, mine.length + theirs.length]);
  });

  it('lets all commands take effect once each when their process dies between the handlers and the commit', async () => {
    const held = Array.from({ length: 6 }, () => aCommand(act, { item: 'lamp' }));
    const dying = await otherInstance(databaseUrl, held);
    const batch = shop.deliver(...held);
    if (act === actAlone) await waitUntil('the batch waits for the command lock', waitsForTheLock);
    await dying.kill();
    await batch;
    await expectOnceEach(held);
  });
});

async function deadlocks(): Promise<number> {
  const [row] = await shop.sql<{ deadlocks: string }>(
    'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(row?.deadlocks);
}

async function waitsForTheLock(): Promise<boolean> {
  const rows = await shop.sql(
    `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND ${OF_THIS_DATABASE} AND NOT granted`,
  );
  return rows.length > 0;
}
