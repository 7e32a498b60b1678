import { OF_THIS_DATABASE } from '@palinode/test-support/postgres/shared-postgres';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/test-support/wait-until';
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
    const [reply] = await shop.flush(order);
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
    await shop.flush(order, order);
    expect(await shop.effectsOf(order)).toEqual(['lamp']);
    const [first, second] = shop.rawRepliesTo(order);
    expect(second).toBe(first);
  });

  it('takes effect once for a duplicate in a later batch, and answers byte for byte alike', async () => {
    const order = command();
    await shop.flush(order);
    await other.flush(order);
    expect(await shop.effectsOf(order)).toEqual(['lamp']);
    expect(other.rawRepliesTo(order)).toEqual(shop.rawRepliesTo(order));
    expect(timesCalled(order)).toBe(1);
  });

  it('takes effect once when two instances receive the command at the same time', async () => {
    const orders = Array.from({ length: 20 }, () => command());
    await Promise.all([shop.flush(...orders), other.flush(...orders.toReversed())]);
    for (const order of orders) {
      expect(await shop.effectsOf(order)).toEqual(['lamp']);
      expect(other.rawRepliesTo(order)).toEqual(shop.rawRepliesTo(order));
    }
  });

  it('runs the commands of one saga one after the other', async () => {
    const first = command();
    const second = aCommand(act, { item: 'shade' }, { sagaid: first.sagaid });
    await shop.flush(first, command(), second);
    expect(calls.indexOf(second.id)).toBeGreaterThan(calls.indexOf(first.id));
    expect(outcomes(shop.repliesTo(second))).toEqual(['success']);
  });

  it('keeps what it wrote when it refuses, and reports the reason', async () => {
    const order = command(refuses);
    const [reply] = await shop.flush(order);
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
    const [reply] = await shop.flush(order);
    expect(reply).toMatchObject({ outcome: 'failure', data });
    expect(await shop.effectsOf(order)).toEqual([]);
    await other.flush(order);
    expect(other.rawRepliesTo(order)).toEqual(shop.rawRepliesTo(order));
  });

  it('does not affect the other commands in the batch when it fails', async () => {
    const good = [command(), command(), command()];
    const bad = [command(throws), command(swallows), command(answersNonsense)];
    await shop.flush(bad[0]!, good[0]!, bad[1]!, good[1]!, bad[2]!, good[2]!);
    for (const order of good) {
      expect(outcomes(shop.repliesTo(order))).toEqual(['success']);
      expect(await shop.effectsOf(order)).toEqual(['lamp']);
    }
    for (const order of bad) expect(outcomes(shop.repliesTo(order))).toEqual(['failure']);
  });

  it('does not undo the writes of another command when it rolls back to a savepoint', async () => {
    const neighbour = new Gate();
    const wrote = new Gate();
    const nests = behave('nests', async (tx) => {
      await tx
        .transaction(async () => {
          neighbour.open();
          await wrote.opened;
          throw new Error('only this much');
        })
        .catch(() => neighbour.open());
    });
    const between = behave('writes in between', async (tx) => {
      await neighbour.opened;
      await tx.query(
        `INSERT INTO effect SELECT nextval('effect_id_seq'), command, saga, direction, 'shade' FROM effect
                      WHERE command = $1`,
        [second.id],
      );
      wrote.open();
    });
    const [first, second] = [command(nests), command(between)];
    await shop.flush(first, second);
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
    expect(outcomes(await shop.flush(order))).toEqual(['success']);
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
    const [up, down] = await Promise.all([shop.flush(ups), other.flush(downs)]);
    expect([...outcomes(up), ...outcomes(down)]).toEqual(['success', 'success']);
  });

  describe('the compensation', () => {
    it('undoes the effect of the action', async () => {
      const order = command();
      await shop.flush(order);
      const undo = undoOf(order);
      expect(await shop.flush(undo)).toMatchObject([{ outcome: 'success', data: null }]);
      expect(await shop.effectsOf(undo)).toEqual(['lamp back']);
    });

    it('succeeds without being called when it comes first, and the action is dropped for good', async () => {
      const order = command();
      const undo = undoOf(order);
      expect(outcomes(await shop.flush(undo))).toEqual(['success']);
      await shop.flush(order);
      await other.flush(order);
      expect(timesCalled(undo) + timesCalled(order)).toBe(0);
      expect([...shop.repliesTo(order), ...other.repliesTo(order)]).toEqual([]);
    });

    it('causes the action to be dropped when it comes first in the same batch', async () => {
      const order = command();
      const undo = undoOf(order);
      await shop.flush(undo, order);
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
      const action = shop.flush(order);
      await running.opened;
      const compensation = other.flush(undo);
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
      await shop.flush(order);
      const undo = undoOf(order);
      expect(outcomes(await shop.flush(undo))).toEqual(['success']);
      expect(timesCalled(undo)).toBe(0);
    });

    it('takes effect once, however often and wherever it arrives', async () => {
      const order = command();
      await shop.flush(order);
      const undo = undoOf(order);
      await Promise.all([shop.flush(undo, undo), other.flush(undo)]);
      expect(await shop.effectsOf(undo)).toEqual(['lamp back']);
    });

    it('is parked and fails, without taking anything back, when its action is older than the inbox remembers', async () => {
      const order = { ...command(), id: uuidV7({ msecs: Date.now() - 8 * DAY_MS }) };
      const undo = undoOf(order);
      const [reply] = await shop.flush(undo);
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
      await other.flush(undo);
      expect(outcomes(other.repliesTo(undo))).toEqual(['failure']);
      expect(timesCalled(undo)).toBe(0);
      expect(await shop.sql('SELECT FROM inbox WHERE id = $1', [order.id])).toEqual([]);
    });

    it('takes back an old action whose row is still there', async () => {
      const order = command();
      const old = uuidV7({ msecs: Date.now() - 8 * DAY_MS });
      await shop.flush(order);
      await shop.sql(`UPDATE inbox SET id = $2, day = $3 WHERE id = $1`, [order.id, old, dayOf(old)]);
      const undo = undoOf({ ...order, id: old });
      expect(outcomes(await shop.flush(undo))).toEqual(['success']);
      expect(await shop.effectsOf(undo)).toEqual(['lamp back']);
    });

    it('leaves one tombstone when two compensations of an action arrive at the same time', async () => {
      // Two compensations with different ids for the same action: an attempt after a failure.
      const order = command();
      const [first, second] = [undoOf(order), undoOf(order)];
      await Promise.all([shop.flush(first), other.flush(second)]);
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
    const first = shop.flush(order);
    await running.opened;
    const second = other.flush(order);
    await otherWaitsForALock();
    expect(timesCalled(order)).toBe(1);
    mayEnd.open();
    await Promise.all([first, second]);
    expect(timesCalled(order)).toBe(1);
    expect(other.rawRepliesTo(order)).toEqual(shop.rawRepliesTo(order));
  });

  it('blocks its own saga and no other', async () => {
    const { order, mayEnd, running } = holdUp();
    const first = shop.flush(order);
    await running.opened;
    const neighbour = aCommand(actAlone, { item: 'chair' });
    const second = other.flush(order, neighbour);
    await waitUntil('the neighbour has its effect', async () => (await other.effectsOf(neighbour)).length === 1);
    mayEnd.open();
    await Promise.all([first, second]);
  });

  it('takes effect once when its command lock is lost, and is answered on redelivery', async () => {
    const { order, mayEnd, running } = holdUp();
    const first = shop.flush(order).catch((error: unknown) => error);
    await running.opened;
    const cut = await shop.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND ${OF_THIS_DATABASE}`,
    );
    expect(cut).toHaveLength(1);
    const second = other.flush(order);
    await waitUntil('it is begun a second time', () => timesCalled(order) === 2);
    mayEnd.open();
    await second;
    expect(await first).toMatchObject({ message: expect.stringContaining('connection') as string });
    await shop.flush(order);
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

describe('a batch of commands', () => {
  it('may hold commands for both kinds of handlers', async () => {
    const [alone, together] = [aCommand(actAlone, { item: 'lamp' }), aCommand(actTogether, { item: 'lamp' })];
    expect(outcomes(await shop.flush(alone, together))).toEqual(['success', 'success']);
  });

  it('is answered completely when it holds 200 commands', async () => {
    const orders = Array.from({ length: 200 }, (_, n) => aCommand(n % 2 ? actAlone : actTogether, { item: `${n}` }));
    expect(outcomes(await shop.flush(...orders))).toEqual(orders.map(() => 'success'));
    expect(await shop.effectsOf(orders[199]!)).toEqual(['199']);
  });

  it('ends only when its replies are acknowledged', async () => {
    const order = aCommand(actAlone, { item: 'lamp' });
    shop.transport.goAway();
    let ended = false;
    const flush = shop.flush(order).then(() => (ended = true));
    await waitUntil('it wants to publish', () => shop.transport.waiting === 1);
    expect(ended).toBe(false);
    expect(await shop.effectsOf(order)).toEqual(['lamp']);
    shop.transport.comeBack();
    await flush;
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
    await shop.transport.flush(incoming('shop.commands', bytes), incomingCommand(good));
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
    await shop.transport.flush(incoming('shop.commands', poisoned));
    expect(shop.repliesTo(poisoned)).toMatchObject([{ outcome: 'failure', data: { reason, detail } }]);
    expect(deadLetters().at(-1)).toEqual({
      reason: expect.stringContaining(`${reason}: `),
      value: JSON.stringify(poisoned),
    });
  });

  it('is not answered when the inbox no longer remembers its id, because it may have taken effect', async () => {
    const poisoned = { ...order(), id: uuidV7({ msecs: Date.now() - 30 * DAY_MS }), type: 'shop.dance.v1' };
    expect(await shop.flush(poisoned)).toEqual([]);
    expect(deadLetters().at(-1)?.reason).toContain('not-remembered: ');
  });

  it('is parked each time it arrives after its handler failed on the last attempt, and not before', async () => {
    const parked = deadLetters().length;
    await shop.flush(aCommand(actAlone, { item: 'lamp', as: throws }));
    expect(deadLetters()).toHaveLength(parked);
    const last = aCommand(actAlone, { item: 'lamp', as: throws }, { sagalastattempt: true });
    for (const instance of [shop, shop, other]) expect(outcomes(await instance.flush(last))).toEqual(['failure']);
    expect(timesCalled(last)).toBe(1);
    const letter = { reason: expect.stringContaining('handler-failed: '), value: JSON.stringify(last) };
    expect(deadLetters().slice(parked)).toEqual([letter, letter]);
    expect(deadLetters().at(-1)?.reason).toContain('the shelf fell over');
  });

  it('never runs once it was answered with a failure, even where a newer version could handle it', async () => {
    const poisoned = { ...order(), type: 'shop.dance.v1' };
    const [failure] = await shop.flush(poisoned);
    const [again] = await other.flush({ ...poisoned, type: actAlone.type });
    expect(again).toEqual(failure);
    expect(timesCalled(poisoned)).toBe(0);
  });

  it('gets the stored answer of a newer version even where it cannot be handled', async () => {
    const handled = order();
    await shop.flush(handled);
    await other.flush({ ...handled, type: 'shop.dance.v1' });
    expect(other.rawRepliesTo(handled)).toEqual(shop.rawRepliesTo(handled));
  });

  it('is not answered when its compensation came first', async () => {
    const action = { ...order(), type: 'shop.dance.v1' };
    await shop.flush(undoing(action, undoAlone, { item: 'back' }), action);
    expect(shop.repliesTo(action)).toEqual([]);
  });

  it.each([
    ['type', { type: `shop.${'t'.repeat(260_000)}` }],
    ['step', { sagastep: 's'.repeat(260_000) }],
    ['subject', { subject: 's'.repeat(260_000) }],
  ])('does not stop the partition when it has an overlong %s', async (_what, wrong) => {
    const parked = deadLetters().length;
    await shop.flush({ ...order(), ...wrong });
    expect(deadLetters()).toHaveLength(parked + 1);
  });

  it('fails instead of stopping the partition when its reply is too large for the broker', async () => {
    const boasts = behave('boasts', () => ({ effect: 1, tale: 'x'.repeat(300_000) }));
    const [reply] = await shop.flush(aCommand(actAlone, { item: 'lamp', as: boasts }));
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
  const flush = shop.flush(...commands);
  await waitUntil('the first of them', () => running === 5);
  gate.open();
  expect(outcomes(await flush)).toEqual(commands.map(() => 'success'));
  expect(most).toBe(5);
});
