import { OF_THIS_DATABASE } from '@palinode/test-support/postgres/shared-postgres';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { dayOf, refuse, type Command, type Reply } from '../contract';
import { Gate } from '../../test/gate';
import { aCommand, incoming, incomingCommand, undoing } from '../../test/messages';
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
let shop: ParticipantUnderTest;
let other: ParticipantUnderTest;
/** Of a release that has no handlers yet. */
let older: ParticipantUnderTest;

beforeAll(async () => {
  servers = await RealServers.start();
  const databaseUrl = await servers.database(participantMigrations);
  const start = (): Promise<ParticipantUnderTest> =>
    ParticipantUnderTest.start({ databaseUrl, commands: shopCommands, controllers: [Shop] });
  shop = await start();
  other = await start();
  older = await ParticipantUnderTest.start({ databaseUrl, commands: [], controllers: [] });
  await shop.sql(EFFECTS);
});

afterAll(async () => {
  await Promise.all([shop?.stop(), other?.stop(), older?.stop()]);
  await servers?.stop();
});

const DAY_MS = 86_400_000;

const refuses = behave('refuses', () => refuse('sold-out', 'none left'));
const throws = behave('throws', () => {
  throw new TypeError('the shelf fell over');
});
const swallows = behave('swallows', async (tx) => {
  await tx.query('SELECT 1 / 0').catch(() => undefined);
});
const cannotReach = behave('cannot reach a third party', () => {
  throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
});
const refusesForNothing = behave('refuses for nothing', () => refuse('moon' as 'sold-out'));
const answersNonsense = behave('answers nonsense', () => ({ effect: 'many' }));

const outcomes = (replies: readonly Reply[]): string[] => replies.map(({ outcome }) => outcome);
const timesCalled = ({ id }: Command): number => calls.filter((each) => each === id).length;

describe.each([
  ['a transaction per command', actAlone, undoAlone],
  ['a transaction per batch', actTogether, undoTogether],
])('a handler with %s', (_name, act, undo) => {
  const command = (as?: string): Command => aCommand(act, { item: 'lamp', as });
  const undoOf = (action: Command): Command => undoing(action, undo, { item: 'lamp back' });

  it('takes effect and answers with its reply', async () => {
    const order = command();
    const [reply] = await shop.deliver(order);
    expect(reply).toMatchObject({
      outcome: 'success',
      data: { effect: expect.any(Number) },
      inreplyto: order.id,
      sagaid: order.sagaid,
      sagastep: 'step',
      sagadirection: 'action',
      type: `${act.name}.reply.v1`,
    });
    expect(await shop.effectsOf(order)).toEqual(['lamp']);
  });

  it('takes effect once for a duplicate in the same batch, and answers both alike', async () => {
    const order = command();
    await shop.deliver(order, order);
    expect(await shop.effectsOf(order)).toEqual(['lamp']);
    const [first, second] = shop.rawRepliesTo(order);
    expect(second).toBe(first);
  });

  it('takes effect once for a duplicate in a later batch, and answers byte for byte alike', async () => {
    const order = command();
    await shop.deliver(order);
    await other.deliver(order);
    expect(await shop.effectsOf(order)).toEqual(['lamp']);
    expect(other.rawRepliesTo(order)).toEqual(shop.rawRepliesTo(order));
    expect(timesCalled(order)).toBe(1);
  });

  it('takes effect once when two instances receive the command at the same time', async () => {
    const orders = Array.from({ length: 20 }, () => command());
    await Promise.all([shop.deliver(...orders), other.deliver(...orders.toReversed())]);
    for (const order of orders) {
      expect(await shop.effectsOf(order)).toEqual(['lamp']);
      expect(other.rawRepliesTo(order)).toEqual(shop.rawRepliesTo(order));
    }
  });

  it('runs the commands of one saga one after the other', async () => {
    const first = command();
    const second = aCommand(act, { item: 'shade' }, { sagaid: first.sagaid });
    await shop.deliver(first, command(), second);
    expect(calls.indexOf(second.id)).toBeGreaterThan(calls.indexOf(first.id));
    expect(outcomes(shop.repliesTo(second))).toEqual(['success']);
  });

  it('keeps what it wrote when it refuses, and reports the reason', async () => {
    const order = command(refuses);
    const [reply] = await shop.deliver(order);
    expect(reply).toMatchObject({ outcome: 'refusal', data: { reason: 'sold-out', detail: 'none left' } });
    expect(await shop.effectsOf(order)).toEqual(['lamp']);
  });

  it.each([
    ['throws', throws, { reason: 'TypeError', detail: 'the shelf fell over' }],
    ['cannot reach a third party', cannotReach, { detail: 'connect ECONNREFUSED 127.0.0.1:1' }],
    ['refuses for an undeclared reason', refusesForNothing, { reason: 'UndeclaredRefusalError' }],
    ['violates the contract of its reply', answersNonsense, { reason: 'InvalidDataError' }],
    ['swallows an SQL error', swallows, { detail: expect.stringContaining('transaction is aborted') }],
  ])('leaves no effect and answers with a failure, also to a duplicate, when it %s', async (_what, as, data) => {
    const order = command(as);
    const [reply] = await shop.deliver(order);
    expect(reply).toMatchObject({ outcome: 'failure', data });
    expect(await shop.effectsOf(order)).toEqual([]);
    await other.deliver(order);
    expect(other.rawRepliesTo(order)).toEqual(shop.rawRepliesTo(order));
  });

  it('does not affect the other commands in the batch when it fails', async () => {
    const good = [command(), command(), command()];
    const bad = [command(throws), command(swallows), command(answersNonsense)];
    await shop.deliver(bad[0]!, good[0]!, bad[1]!, good[1]!, bad[2]!, good[2]!);
    for (const order of good) {
      expect(outcomes(shop.repliesTo(order))).toEqual(['success']);
      expect(await shop.effectsOf(order)).toEqual(['lamp']);
    }
    for (const order of bad) expect(outcomes(shop.repliesTo(order))).toEqual(['failure']);
  });

  it('does not undo the writes of another command when it rolls back to a savepoint', async () => {
    const otherStarted = new Gate();
    const wrote = new Gate();
    const nests = behave('nests', async (tx) => {
      await tx
        .transaction(async () => {
          otherStarted.open();
          await wrote.opened;
          throw new Error('only this much');
        })
        .catch(() => otherStarted.open());
    });
    const between = behave('writes in between', async (tx) => {
      await otherStarted.opened;
      await tx.query(
        `INSERT INTO effect SELECT nextval('effect_id_seq'), command, saga, direction, 'shade' FROM effect
                      WHERE command = $1`,
        [second.id],
      );
      wrote.open();
    });
    const [first, second] = [command(nests), command(between)];
    await shop.deliver(first, second);
    expect(outcomes(shop.repliesTo(second))).toEqual(['success']);
    expect(await shop.effectsOf(second)).toEqual(['lamp', 'shade']);
    expect(await shop.effectsOf(first)).toEqual(['lamp']);
  });

  it('runs again when its transaction conflicts with another', async () => {
    let tries = 0;
    const conflicts = behave('conflicts', async (tx) => {
      if ((tries += 1) < 3) await tx.query(`DO $$ BEGIN RAISE SQLSTATE '40001'; END $$`);
    });
    const order = command(conflicts);
    expect(outcomes(await shop.deliver(order))).toEqual(['success']);
    expect(await shop.effectsOf(order)).toEqual(['lamp']);
  });

  it('survives deadlocks with another instance', async () => {
    await shop.sql('CREATE TABLE IF NOT EXISTS stock (id int PRIMARY KEY, units int)');
    await shop.sql('INSERT INTO stock VALUES (1, 0), (2, 0) ON CONFLICT DO NOTHING');
    const take = (...ids: number[]): string =>
      behave(`takes ${ids.join()}`, async (tx) => {
        for (const id of ids) {
          await tx.query('UPDATE stock SET units = units + 1 WHERE id = $1', [id]);
          await tx.query('SELECT pg_sleep(0.02)');
        }
      });
    const [ups, downs] = [command(take(1, 2)), command(take(2, 1))];
    const [up, down] = await Promise.all([shop.deliver(ups), other.deliver(downs)]);
    expect([...outcomes(up), ...outcomes(down)]).toEqual(['success', 'success']);
  });

  describe('the compensation', () => {
    it('undoes the effect of the action', async () => {
      const order = command();
      await shop.deliver(order);
      const undo = undoOf(order);
      expect(await shop.deliver(undo)).toMatchObject([{ outcome: 'success', data: null }]);
      expect(await shop.effectsOf(undo)).toEqual(['lamp back']);
    });

    it('succeeds without being called when it comes first, and the action is dropped for good', async () => {
      const order = command();
      const undo = undoOf(order);
      expect(outcomes(await shop.deliver(undo))).toEqual(['success']);
      await shop.deliver(order);
      await other.deliver(order);
      expect(timesCalled(undo) + timesCalled(order)).toBe(0);
      expect([...shop.repliesTo(order), ...other.repliesTo(order)]).toEqual([]);
    });

    it('causes the action to be dropped when it comes first in the same batch', async () => {
      const order = command();
      const undo = undoOf(order);
      await shop.deliver(undo, order);
      expect(outcomes(shop.repliesTo(undo))).toEqual(['success']);
      expect(timesCalled(order)).toBe(0);
    });

    it('waits for an action in flight, and then undoes it', async () => {
      const [running, mayEnd] = [new Gate(), new Gate()];
      const waits = behave('waits', async () => {
        running.open();
        await mayEnd.opened;
      });
      const order = command(waits);
      const undo = undoOf(order);
      const action = shop.deliver(order);
      await running.opened;
      const compensation = other.deliver(undo);
      if (act === actAlone) await otherWaitsForALock();
      else await compensation;
      mayEnd.open();
      await Promise.all([action, compensation]);
      const [done, undone] = [await shop.effectsOf(order), await shop.effectsOf(undo)];
      expect(outcomes(other.repliesTo(undo))).toEqual(['success']);
      expect(undone).toHaveLength(done.length);
      // What shares a transaction holds no claim while it runs: here the compensation wins, and the action leaves nothing.
      expect(done).toHaveLength(act === actAlone ? 1 : 0);
    });

    it.each([
      ['refused', refuses],
      ['failed', throws],
    ])('succeeds without being called when the action %s', async (_what, as) => {
      const order = command(as);
      await shop.deliver(order);
      const undo = undoOf(order);
      expect(outcomes(await shop.deliver(undo))).toEqual(['success']);
      expect(timesCalled(undo)).toBe(0);
    });

    it('takes effect once, however often and wherever it arrives', async () => {
      const order = command();
      await shop.deliver(order);
      const undo = undoOf(order);
      await Promise.all([shop.deliver(undo, undo), other.deliver(undo)]);
      expect(await shop.effectsOf(undo)).toEqual(['lamp back']);
    });

    it('is parked and fails, without taking anything back, when its action is older than the inbox remembers', async () => {
      const order = { ...command(), id: uuidV7({ msecs: Date.now() - 8 * DAY_MS }) };
      const undo = undoOf(order);
      const [reply] = await shop.deliver(undo);
      expect(reply).toMatchObject({
        outcome: 'failure',
        data: {
          reason: 'action-forgotten',
          detail:
            `${undo.type} ${undo.id} takes back ${order.id}, which is older than the inbox remembers: whether that took ` +
            'effect is not known.',
        },
      });
      expect(shop.transport.published.filter(({ headers }) => headers?.['reason'] === 'action-forgotten')).toEqual([
        expect.objectContaining({ topic: 'saga.dead-letters', value: expect.anything() }),
      ]);
      shop.transport.published.splice(0);
      await other.deliver(undo);
      expect(outcomes(other.repliesTo(undo))).toEqual(['failure']);
      expect(timesCalled(undo)).toBe(0);
      expect(await shop.sql('SELECT FROM inbox WHERE id = $1', [order.id])).toEqual([]);
    });

    it('takes back an old action whose row is still there', async () => {
      const order = command();
      const old = uuidV7({ msecs: Date.now() - 8 * DAY_MS });
      await shop.deliver(order);
      await shop.sql(`UPDATE inbox SET id = $2, day = $3 WHERE id = $1`, [order.id, old, dayOf(old)]);
      const undo = undoOf({ ...order, id: old });
      expect(outcomes(await shop.deliver(undo))).toEqual(['success']);
      expect(await shop.effectsOf(undo)).toEqual(['lamp back']);
    });

    it('leaves one tombstone when two compensations of an action arrive at the same time', async () => {
      // Two compensations with different ids for the same action: an attempt after a failure.
      const order = command();
      const [first, second] = [undoOf(order), undoOf(order)];
      await Promise.all([shop.deliver(first), other.deliver(second)]);
      expect(outcomes([...shop.repliesTo(first), ...other.repliesTo(second)])).toEqual(['success', 'success']);
      const rows = await shop.sql('SELECT outcome FROM inbox WHERE id = $1', [order.id]);
      expect(rows).toEqual([{ outcome: 'tombstone' }]);
    });
  });
});

describe('a handler with a transaction per command', () => {
  const holdUp = (): { order: Command; mayEnd: Gate; running: Gate } => {
    const [running, mayEnd] = [new Gate(), new Gate()];
    const name = behave(`holds up ${uuidV7()}`, async () => {
      running.open();
      await mayEnd.opened;
    });
    return { order: aCommand(actAlone, { item: 'lamp', as: name }), mayEnd, running };
  };

  it('is not started by another instance while it runs', async () => {
    const { order, mayEnd, running } = holdUp();
    const first = shop.deliver(order);
    await running.opened;
    const second = other.deliver(order);
    await otherWaitsForALock();
    expect(timesCalled(order)).toBe(1);
    mayEnd.open();
    await Promise.all([first, second]);
    expect(timesCalled(order)).toBe(1);
    expect(other.rawRepliesTo(order)).toEqual(shop.rawRepliesTo(order));
  });

  it('blocks its own saga and no other', async () => {
    const { order, mayEnd, running } = holdUp();
    const first = shop.deliver(order);
    await running.opened;
    const independent = aCommand(actAlone, { item: 'chair' });
    const second = other.deliver(order, independent);
    await waitUntil(
      'the other command to have its effect',
      async () => (await other.effectsOf(independent)).length === 1,
    );
    mayEnd.open();
    await Promise.all([first, second]);
  });

  it('takes effect once when its command lock is lost, and is answered on redelivery', async () => {
    const { order, mayEnd, running } = holdUp();
    const first = shop.deliver(order).catch((error: unknown) => error);
    await running.opened;
    const cut = await shop.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND ${OF_THIS_DATABASE}`,
    );
    expect(cut).toHaveLength(1);
    const second = other.deliver(order);
    await waitUntil('it is begun a second time', () => timesCalled(order) === 2);
    mayEnd.open();
    await second;
    expect(await first).toMatchObject({ message: expect.stringContaining('connection') as string });
    await shop.deliver(order);
    expect(await shop.effectsOf(order)).toEqual(['lamp']);
    expect(other.rawRepliesTo(order)).toEqual(shop.rawRepliesTo(order));
  });
});

async function otherWaitsForALock(): Promise<void> {
  await waitUntil('somebody waits for a lock', async () => {
    const rows = await shop.sql(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  });
}

describe.each([
  ['a transaction per command', actAlone, undoAlone],
  ['a transaction per batch', actTogether, undoTogether],
])('another command under a known id, of a handler with %s', (_name, act, undo) => {
  const command = (item = 'lamp'): Command => aCommand(act, { item });
  /** As somebody plants it who knows the id, and what the saga will ask. */
  const plantedFor = (genuine: Command): Command => ({ ...genuine, data: { item: 'a cent' } });
  const parked = ({ id }: Command): string[] =>
    [shop, other].flatMap(({ transport }) =>
      transport.published
        .filter(({ topic, value }) => topic === 'saga.dead-letters' && String(value).includes(id))
        .map(({ headers, value }) => `${String(headers?.['reason'])}: ${String(value)}`),
    );

  it.each([
    [
      'in a later batch',
      async (first: Command, second: Command) => (await shop.deliver(first), await other.deliver(second)),
    ],
    ['in the same batch', async (first: Command, second: Command) => shop.deliver(first, second)],
  ])('is not answered from the store but parked, and its outcome is unknown, %s', async (_when, send) => {
    const genuine = command();
    const replies = await send(plantedFor(genuine), genuine);
    expect(replies.at(-1)).toMatchObject({
      outcome: 'unknown',
      inreplyto: genuine.id,
      sagaid: genuine.sagaid,
      data: { reason: 'another-command', detail: expect.stringContaining(genuine.id) },
    });
    expect(await shop.effectsOf(genuine)).toEqual(['a cent']);
    expect(parked(genuine)).toEqual([`another-command: ${JSON.stringify(genuine)}`]);
  });

  it('leaves the answer to the first as it was', async () => {
    const genuine = command();
    await shop.deliver(genuine);
    await other.deliver(plantedFor(genuine));
    await shop.deliver({ ...genuine, time: new Date(0).toISOString(), sagaattempt: 7 });
    expect(outcomes(shop.repliesTo(genuine))).toEqual(['success', 'success']);
    expect(await shop.effectsOf(genuine)).toEqual(['lamp']);
  });

  it('is told apart from one that failed because it could not be read', async () => {
    const genuine = command();
    await shop.deliver({ ...genuine, data: { item: 7 } });
    await shop.deliver(genuine);
    await shop.deliver({ ...genuine, data: { item: 8 } });
    expect(outcomes(shop.repliesTo(genuine))).toEqual(['failure', 'unknown', 'unknown']);
    expect(await shop.effectsOf(genuine)).toEqual([]);
  });

  it('is told apart from one of another saga that fails in the same batch as it', async () => {
    const genuine = aCommand(act, { item: 'lamp', as: throws });
    await shop.deliver({ ...genuine, sagaid: uuidV7() }, genuine);
    const replies = shop.repliesTo(genuine);
    expect(outcomes(replies)).toEqual(['failure', 'unknown']);
    expect(replies.at(-1)?.sagaid).toBe(genuine.sagaid);
  });

  it('is told apart from a compensation whose action is forgotten', async () => {
    const forgotten = { ...command(), id: uuidV7({ msecs: Date.now() - 8 * DAY_MS }) };
    const compensation = undoing(forgotten, undo, { item: 'lamp back' });
    await shop.deliver(compensation);
    await other.deliver(plantedFor(compensation));
    await other.deliver(compensation);
    expect([shop, other].flatMap((each) => outcomes(each.repliesTo(compensation)))).toEqual([
      'failure',
      'unknown',
      'failure',
    ]);
  });

  it('keeps its effect where its saga and its step are others, and the compensation is not answered with success', async () => {
    const genuine = command();
    const planted = { ...plantedFor(genuine), sagaid: uuidV7() };
    await shop.deliver(planted);
    const compensation = undoing(genuine, undo, { item: 'lamp back' });
    const [reply] = await other.deliver(compensation);
    expect(reply).toMatchObject({ outcome: 'unknown', data: { reason: 'another-undone' } });
    expect(timesCalled(compensation)).toBe(0);
    expect(parked(compensation)).toEqual([`another-undone: ${JSON.stringify(compensation)}`]);
  });

  it('is compensated where it was planted in the name of the same step', async () => {
    const genuine = command();
    await shop.deliver(plantedFor(genuine), genuine);
    const compensation = undoing(genuine, undo, { item: 'a cent back' });
    expect(outcomes(await shop.deliver(compensation))).toEqual(['success']);
    expect(await shop.effectsOf(compensation)).toEqual(['a cent back']);
  });

  it('does not keep a compensation from being done that has its id', async () => {
    const genuine = command();
    await shop.deliver(genuine);
    const compensation = undoing(genuine, undo, { item: 'lamp back' });
    await shop.deliver({ ...compensation, undoes: uuidV7() });
    const [reply] = await shop.deliver(compensation);
    expect(reply).toMatchObject({ outcome: 'unknown', data: { reason: 'another-command' } });
    expect(await shop.effectsOf(compensation)).toEqual([]);
    const attempt = undoing(genuine, undo, { item: 'lamp back' });
    expect(outcomes(await shop.deliver(attempt))).toEqual(['success']);
    expect(await shop.effectsOf(attempt)).toEqual(['lamp back']);
  });

  it('is answered as before where a release without digests has kept the answer', async () => {
    const genuine = command();
    await shop.deliver(genuine);
    await shop.sql('UPDATE inbox SET digest = NULL WHERE id = $1', [genuine.id]);
    await other.deliver(plantedFor(genuine));
    expect(other.rawRepliesTo(genuine)).toEqual(shop.rawRepliesTo(genuine));
  });
});

describe('a batch of commands', () => {
  it('may hold commands for both kinds of handlers', async () => {
    const [alone, together] = [aCommand(actAlone, { item: 'lamp' }), aCommand(actTogether, { item: 'lamp' })];
    expect(outcomes(await shop.deliver(alone, together))).toEqual(['success', 'success']);
  });

  it('is answered completely when it holds 200 commands', async () => {
    const orders = Array.from({ length: 200 }, (_, n) => aCommand(n % 2 ? actAlone : actTogether, { item: `${n}` }));
    expect(outcomes(await shop.deliver(...orders))).toEqual(orders.map(() => 'success'));
    expect(await shop.effectsOf(orders[199]!)).toEqual(['199']);
  });

  it('ends only when its replies are acknowledged', async () => {
    const order = aCommand(actAlone, { item: 'lamp' });
    shop.transport.disconnect();
    let ended = false;
    const delivery = shop.deliver(order).then(() => (ended = true));
    await waitUntil('it wants to publish', () => shop.transport.waiting === 1);
    expect(ended).toBe(false);
    expect(await shop.effectsOf(order)).toEqual(['lamp']);
    shop.transport.reconnect();
    await delivery;
  });
});

describe('a poisoned message', () => {
  const deadLetters = (): { reason: string; value: string }[] =>
    shop.transport.published
      .filter(({ topic }) => topic === 'saga.dead-letters')
      .map(({ headers, value }) => ({
        reason: `${String(headers?.['reason'])}: ${String(headers?.['detail'])}`,
        value: String(value),
      }));
  const order = (): Command => aCommand(actAlone, { item: 'lamp' });

  it.each([
    ['invalid JSON', '{', 'no-json: The message is not valid JSON in UTF-8.'],
    ['no id', { ...order(), id: 7 }, 'no-envelope: The attribute id must be a UUIDv7'],
    ['no step', { ...order(), sagastep: undefined }, 'no-command: The attribute sagastep must be a string of'],
    [
      'an id that the inbox has forgotten',
      { ...order(), id: uuidV7({ msecs: Date.now() - 30 * DAY_MS }) },
      'not-remembered',
    ],
    ['an id from the future', { ...order(), id: uuidV7({ msecs: Date.now() + 2 * DAY_MS }) }, 'not-remembered'],
  ])('is parked unchanged when it has %s, and the rest of the batch is processed', async (_what, value, reason) => {
    const good = order();
    const bytes = typeof value === 'string' ? value : JSON.stringify(value);
    await shop.transport.deliver(incoming('shop.commands', bytes), incomingCommand(good));
    expect(deadLetters().at(-1)).toEqual({ reason: expect.stringContaining(reason), value: bytes });
    expect(outcomes(shop.repliesTo(good))).toEqual(['success']);
  });

  it.each([
    ['has an unknown type', { type: 'shop.dance.v1' }, 'unknown-type', 'shop handles no shop.dance.v1.'],
    ['has an invalid payload', { data: { item: 7 } }, 'invalid-payload', 'item must be string'],
    [
      'names a foreign reply topic',
      { replyto: 'x' },
      'foreign-reply-topic',
      'replyto must be orchestrator.replies.shop.',
    ],
    [
      'has another CloudEvents version',
      { specversion: '2.0' },
      'no-envelope',
      expect.stringContaining('specversion must be'),
    ],
    ['has no type', { type: 7 }, 'no-envelope', expect.stringContaining('The attribute type must be')],
    ['has a subject with a NUL', { subject: 'a\0b' }, 'forbidden-text', expect.stringContaining('text with NUL')],
    [
      'undoes an invalid command id',
      { undoes: 'it' },
      'no-command',
      expect.stringContaining('The attribute undoes must be'),
    ],
  ] as const)('is parked and answered with a failure when it %s', async (_what, wrong, reason, detail) => {
    const poisoned = { ...order(), ...wrong } as Command;
    await shop.transport.deliver(incoming('shop.commands', poisoned));
    expect(shop.repliesTo(poisoned)).toMatchObject([{ outcome: 'failure', data: { reason, detail } }]);
    expect(deadLetters().at(-1)).toEqual({
      reason: expect.stringContaining(`${reason}: `),
      value: JSON.stringify(poisoned),
    });
  });

  it('is not answered when the inbox no longer remembers its id, because it may have taken effect', async () => {
    const poisoned = { ...order(), id: uuidV7({ msecs: Date.now() - 30 * DAY_MS }), type: 'shop.dance.v1' };
    expect(await shop.deliver(poisoned)).toEqual([]);
    expect(deadLetters().at(-1)?.reason).toContain('not-remembered: ');
  });

  it('is parked each time it arrives after its handler failed on the last attempt, and not before', async () => {
    const parked = deadLetters().length;
    await shop.deliver(aCommand(actAlone, { item: 'lamp', as: throws }));
    expect(deadLetters()).toHaveLength(parked);
    const last = aCommand(actAlone, { item: 'lamp', as: throws }, { sagalastattempt: true });
    for (const instance of [shop, shop, other]) expect(outcomes(await instance.deliver(last))).toEqual(['failure']);
    expect(timesCalled(last)).toBe(1);
    const letter = { reason: expect.stringContaining('handler-failed: '), value: JSON.stringify(last) };
    expect(deadLetters().slice(parked)).toEqual([letter, letter]);
    expect(deadLetters().at(-1)?.reason).toContain('the shelf fell over');
  });

  it('never runs once it was answered with a failure, even where a newer version could handle it', async () => {
    const poisoned = order();
    const [failure] = await older.deliver(poisoned);
    expect(failure).toMatchObject({ outcome: 'failure', data: { reason: 'unknown-type' } });
    const [again] = await shop.deliver(poisoned);
    expect(again).toEqual(failure);
    expect(timesCalled(poisoned)).toBe(0);
  });

  it('gets the stored answer of a newer version even where it cannot be handled', async () => {
    const handled = order();
    await shop.deliver(handled);
    await older.deliver(handled);
    expect(older.rawRepliesTo(handled)).toEqual(shop.rawRepliesTo(handled));
  });

  it('is not answered when its compensation came first', async () => {
    const action = { ...order(), type: 'shop.dance.v1' };
    await shop.deliver(undoing(action, undoAlone, { item: 'back' }), action);
    expect(shop.repliesTo(action)).toEqual([]);
  });

  it.each([
    ['type', { type: `shop.${'t'.repeat(260_000)}` }],
    ['step', { sagastep: 's'.repeat(260_000) }],
    ['subject', { subject: 's'.repeat(260_000) }],
  ])('does not stop the partition when it has an overlong %s', async (_what, wrong) => {
    const parked = deadLetters().length;
    await shop.deliver({ ...order(), ...wrong });
    expect(deadLetters()).toHaveLength(parked + 1);
  });

  it('fails instead of stopping the partition when its reply is too large for the broker', async () => {
    const boasts = behave('boasts', () => ({ effect: 1, tale: 'x'.repeat(300_000) }));
    const [reply] = await shop.deliver(aCommand(actAlone, { item: 'lamp', as: boasts }));
    expect(reply).toMatchObject({ outcome: 'failure', data: { detail: expect.stringContaining('262144') } });
  });
});

it('handlers with a transaction per command take half of the connections, and the rest of their batch waits', async () => {
  const gate = new Gate();
  let [running, most] = [0, 0];
  const lingers = behave('lingers', async () => {
    most = Math.max(most, (running += 1));
    await gate.opened;
    running -= 1;
  });
  const commands = Array.from({ length: 12 }, () => aCommand(actAlone, { item: 'lamp', as: lingers }));
  const delivery = shop.deliver(...commands);
  await waitUntil('the first of them', () => running === 5);
  gate.open();
  expect(outcomes(await delivery)).toEqual(commands.map(() => 'success'));
  expect(most).toBe(5);
});
