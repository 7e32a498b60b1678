import { waitUntil } from '@palinode/testing-support/wait-until';
import { Controller } from '@nestjs/common';
import type { Client } from 'pg';
import type { EntityManager } from 'typeorm';
import { defineCommand, type Command, type Reply } from '../contract';
import { Gate } from '../../test/gate';
import { aCommand, undoing } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import { Act, actAlone, actTogether, behave, calls, EFFECTS, Shop, shopCommands } from '../../test/sample-participant';
import { connectionConfig } from '../messaging';
import { HandleCommand } from './handle-command';
import { commandOf, onCommitted, signalOf } from '../handlers/handler-context';
import { HandlerTimeoutError, SharedTransactionSlowError } from './handler-watch';
import { participantMigrations } from './migrations';
import { prepared } from './prepared';
import { once } from './third-party-calls';

let servers: RealServers;

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

describe.each([
  ['a transaction per command', actAlone],
  ['a transaction per batch', actTogether],
])('a handler with %s that is slower than idle_in_transaction_session_timeout', (_how, contract) => {
  let shop: ParticipantUnderTest;

  beforeEach(async () => {
    const databaseUrl = await servers.database(participantMigrations);
    const connection = connectionConfig(databaseUrl);
    shop = await ParticipantUnderTest.start({ databaseUrl, connection, commands: shopCommands, controllers: [Shop] });
    await shop.sql(EFFECTS);
  });

  afterEach(() => shop?.stop());

  /**
   * Waits, as for a slow third party, until PostgreSQL has ended the connection of its transaction. The time-out is set
   * only for this transaction, because other handlers may be slower than that on a busy machine.
   */
  async function slow(tx: EntityManager): Promise<undefined> {
    await tx.query("SET LOCAL idle_in_transaction_session_timeout = '200ms'");
    const [{ pid }]: [{ pid: number }] = await tx.query('SELECT pg_backend_pid() AS pid');
    const alive = 'SELECT FROM pg_stat_activity WHERE pid = $1';
    await waitUntil('the connection is ended', async () => (await shop.sql(alive, [pid])).length === 0);
  }

  it.each([1, 12])('fails only its own command, and no other of the batch, when %s are this slow', async (count) => {
    const as = behave('is slow', slow);
    const slowOnes = Array.from({ length: count }, () => aCommand(contract, { item: 'card', as }));
    const others = Array.from({ length: 20 }, (_, n) => aCommand(n % 2 ? actAlone : actTogether, { item: 'lamp' }));
    await shop.deliver(...others.slice(0, 10), ...slowOnes, ...others.slice(10));
    for (const command of others) {
      expect(shop.repliesTo(command).map(({ outcome }) => outcome)).toEqual(['success']);
      expect(await shop.effectsOf(command)).toHaveLength(1);
    }
    for (const command of slowOnes) {
      expect(shop.repliesTo(command)).toMatchObject([
        { outcome: 'failure', data: { reason: 'TransactionTimeoutError' } },
      ]);
      expect(await shop.effectsOf(command)).toEqual([]);
    }
  });
});

/** Handlers with a short time limit, while the shop's others have none. */
const briefAlone = defineCommand('shop.brief-alone', { payload: Act });
const briefTogether = defineCommand('shop.brief-together', { payload: Act });
const undoBrief = defineCommand('shop.undo-brief', { payload: Act });

type Behaviour = (tx: EntityManager, item: string) => Promise<unknown>;
let brief: Behaviour;

const INSERT = `INSERT INTO effect (command, saga, direction, item) VALUES ($1, $2, 'action', 'brief')`;

async function write(tx: EntityManager): Promise<void> {
  const { id, sagaid } = commandOf(tx);
  calls.push(id);
  await tx.query(INSERT, [id, sagaid]);
}

@Controller()
class BriefShop extends Shop {
  @HandleCommand(briefAlone, { handlerTimeout: '200ms' })
  async briefAlone({ item }: Act, tx: EntityManager): Promise<void> {
    await write(tx);
    await brief(tx, item);
  }

  @HandleCommand(briefTogether, { handlerTimeout: '200ms', transaction: 'per-batch' })
  async briefTogether({ item }: Act, tx: EntityManager): Promise<void> {
    await write(tx);
    await brief(tx, item);
  }

  @HandleCommand(undoBrief)
  async undoBrief(_: Act, tx: EntityManager): Promise<void> {
    await write(tx);
  }
}

const never = (): Promise<never> => new Promise(() => undefined);
const outcomesOf = (replies: readonly Reply[]): string[] => replies.map(({ outcome }) => outcome);
const TIMED_OUT = { outcome: 'failure', data: { reason: 'handler-timeout' } };

describe('a participant with handlers that exceed their time limit', () => {
  let shop: ParticipantUnderTest;
  let other: ParticipantUnderTest;

  beforeAll(async () => {
    const databaseUrl = await servers.database(participantMigrations);
    const start = (): Promise<ParticipantUnderTest> =>
      ParticipantUnderTest.start({
        databaseUrl,
        connection: connectionConfig(databaseUrl),
        commands: [...shopCommands, briefAlone, briefTogether, undoBrief],
        controllers: [BriefShop],
      });
    shop = await start();
    other = await start();
    await shop.sql(EFFECTS);
  });

  afterAll(async () => {
    await Promise.all([shop?.stop(), other?.stop()]);
  });

  const someOthers = (): Command[] =>
    Array.from({ length: 8 }, (_, n) => aCommand(n % 2 ? actAlone : actTogether, { item: 'lamp' }));

  async function expectOnceEach(commands: readonly Command[]): Promise<void> {
    for (const command of commands) {
      expect(outcomesOf(shop.repliesTo(command))).toEqual(['success']);
      expect(await shop.effectsOf(command)).toHaveLength(1);
    }
  }

  async function expectTimedOut(command: Command): Promise<void> {
    expect(shop.repliesTo(command)).toMatchObject([TIMED_OUT]);
    expect(await shop.effectsOf(command)).toEqual([]);
  }

  /** The statements that run for the application's handlers, without this query. */
  const busy = async (): Promise<unknown[]> =>
    shop.sql(`SELECT state, query FROM pg_stat_activity WHERE datname = current_database()
      AND pid <> pg_backend_pid() AND state <> 'idle'`);

  describe.each([
    ['a transaction per command', briefAlone],
    ['a transaction per batch', briefTogether],
  ])('with %s', (_kind, contract) => {
    const command = (): Command => aCommand(contract, { item: 'card' });

    it.each<[string, Behaviour]>([
      ['waits for something that never comes', never],
      ['waits for the database', (tx) => tx.query('SELECT pg_sleep(3600)')],
      [
        'queries the database repeatedly',
        async (tx) => {
          for (;;) await tx.query('SELECT pg_sleep(0.01)');
        },
      ],
      [
        'catches the cancellation of its statement and sends another one',
        async (tx) => {
          let error: unknown;
          do error = await tx.query('SELECT pg_sleep(3600)').catch((each: unknown) => each);
          while (!String(error).includes('released'));
        },
      ],
    ])('fails only the command whose handler %s', async (_what, behaviour) => {
      brief = behaviour;
      const [slow, others] = [command(), someOthers()];
      await shop.deliver(...others.slice(0, 4), slow, ...others.slice(4));
      await expectTimedOut(slow);
      await expectOnceEach(others);
      await waitUntil('no statement runs in the database', async () => (await busy()).length === 0);
    });

    it('fails every command whose handler is too slow, when there are more of them than connections', async () => {
      brief = (tx) => tx.query('SELECT pg_sleep(3600)');
      const [slow, others] = [Array.from({ length: 12 }, command), someOthers()];
      await shop.deliver(...slow, ...others);
      for (const each of slow) await expectTimedOut(each);
      await expectOnceEach(others);
    });

    it('commits nothing of a handler that runs on after its time limit, and sends no other reply', async () => {
      const [over, ended] = [new Gate(), new Gate()];
      const committed: string[] = [];
      const refused: unknown[] = [];
      brief = async (tx) => {
        const client = (await tx.queryRunner?.connect()) as Client;
        const { id, sagaid } = commandOf(tx);
        onCommitted(tx, () => committed.push(id));
        await over.opened;
        for (const ask of [
          () => tx.query(INSERT, [id, sagaid]),
          () => prepared(tx, 'late', INSERT, [id, sagaid]),
          async () => client.query(INSERT, [id, sagaid]),
          () => tx.transaction((nested) => nested.query(INSERT, [id, sagaid])),
        ])
          refused.push(await ask().catch((error: unknown) => error));
        ended.open();
      };
      const slow = command();
      await shop.deliver(slow);
      over.open();
      await ended.opened;
      await shop.deliver(...someOthers());
      await expectTimedOut(slow);
      expect(refused).toHaveLength(calls.filter((id) => id === slow.id).length * 4);
      for (const each of refused) expect(String(each)).toMatch(/released|has no savepoints/);
      expect(committed).toEqual([]);
    });

    it('aborts the handler’s signal with the reason', async () => {
      const reasons: unknown[] = [];
      brief = (tx) => {
        const signal = signalOf(tx);
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reasons.push(signal.reason);
            reject(new Error('stopped because the signal was aborted'));
          });
        });
      };
      const slow = command();
      await shop.deliver(slow);
      await expectTimedOut(slow);
      const last = reasons.pop();
      expect(last).toBeInstanceOf(HandlerTimeoutError);
      expect(reasons.every((each) => each instanceof SharedTransactionSlowError)).toBe(true);
      expect(reasons).toHaveLength(contract === briefTogether ? 1 : 0);
    });

    it('answers a redelivered command with its stored failure', async () => {
      brief = never;
      const slow = command();
      await shop.deliver(slow);
      brief = async () => undefined;
      await Promise.all([shop.deliver(slow), other.deliver(slow)]);
      expect(new Set([...shop.rawRepliesTo(slow), ...other.rawRepliesTo(slow)]).size).toBe(1);
      expect(await shop.effectsOf(slow)).toEqual([]);
    });

    it('has nothing to undo for a command whose handler exceeded its time limit', async () => {
      brief = never;
      const slow = command();
      await shop.deliver(slow);
      const undo = undoing(slow, undoBrief, { item: 'card' });
      await shop.deliver(undo);
      expect(outcomesOf(shop.repliesTo(undo))).toEqual(['success']);
      expect(await shop.effectsOf(undo)).toEqual([]);
    });
  });

  it('lets no other attempt call a third party while the call of a timed-out handler is still running', async () => {
    const [calling, answered] = [new Gate(), new Gate()];
    const keys: string[] = [];
    brief = (tx) =>
      once(tx, 'charge', async (key) => {
        keys.push(key);
        calling.open();
        await answered.opened;
        return { charge: keys.length };
      });
    const slow = aCommand(briefAlone, { item: 'card' });
    await shop.deliver(slow);
    expect(shop.repliesTo(slow)).toMatchObject([
      { outcome: 'failure', data: { reason: 'handler-timeout', unfinished: true } },
    ]);
    const journal = (): Promise<{ result: string | null; unusable: string | null }[]> =>
      shop.sql('SELECT result, unusable FROM third_party_call WHERE saga_id = $1', [slow.sagaid]);
    expect(await journal()).toEqual([
      { result: null, unusable: 'it had not ended when the time of its handler was over' },
    ]);
    answered.open();
    await waitUntil('the late result is stored', async () => (await journal())[0]?.result === '{"charge":1}');
    let got: unknown;
    brief = async (tx) => (got = await once(tx, 'charge', async (key) => keys.push(key)));
    const { sagaid } = slow;
    const next = aCommand(briefAlone, { item: 'card' }, { sagaid, sagaattempt: 2 });
    await shop.deliver(next);
    expect([outcomesOf(shop.repliesTo(next)), got, keys]).toEqual([
      ['success'],
      { charge: 1 },
      [`${sagaid}/step/action/charge`],
    ]);
    expect(await journal()).toEqual([]);
  });

  it('stores no result of a third party that answers after the step was settled without it', async () => {
    const [answered, kept] = [new Gate(), new Gate()];
    brief = (tx) =>
      once(tx, 'charge', () => answered.opened)
        .catch(() => undefined)
        .finally(() => kept.open());
    const slow = aCommand(briefAlone, { item: 'card' });
    await shop.deliver(slow);
    brief = (tx) => once(tx, 'charge', async () => 2);
    const next = aCommand(briefAlone, { item: 'card' }, { sagaid: slow.sagaid, sagaattempt: 2 });
    await shop.deliver(next);
    answered.open();
    await kept.opened;
    expect(outcomesOf(shop.repliesTo(next))).toEqual(['success']);
    expect(await shop.sql('SELECT 1 FROM third_party_call WHERE saga_id = $1', [slow.sagaid])).toEqual([]);
  });

  it('rejects calls of third parties after the handler’s time limit', async () => {
    const [over, ended] = [new Gate(), new Gate()];
    const called: string[] = [];
    brief = async (tx) => {
      await once(tx, 'first', async (key) => called.push(key));
      await over.opened;
      await once(tx, 'second', async (key) => called.push(key)).catch(() => ended.open());
    };
    const slow = aCommand(briefAlone, { item: 'card' });
    await shop.deliver(slow);
    over.open();
    await ended.opened;
    expect(called).toEqual([`${slow.sagaid}/step/action/first`]);
    expect(shop.repliesTo(slow)).toMatchObject([{ ...TIMED_OUT, data: { unfinished: true } }]);
  });
});

describe('the other commands of a batch', () => {
  const log = new RecordingLog();
  let shop: ParticipantUnderTest;
  let other: ParticipantUnderTest;

  beforeAll(async () => {
    const databaseUrl = await servers.database(participantMigrations);
    const connection = connectionConfig(databaseUrl);
    const setup = { databaseUrl, connection, commands: shopCommands, controllers: [Shop] };
    other = await ParticipantUnderTest.start(setup);
    shop = await ParticipantUnderTest.start({ ...setup, logger: log });
    await shop.sql(EFFECTS);
  });

  afterAll(async () => {
    await Promise.all([shop?.stop(), other?.stop()]);
  });

  const answered = (commands: readonly Command[]): boolean =>
    commands.every((command) => shop.repliesTo(command).length === 1);

  it.each([
    ['a transaction per command', actAlone],
    ['a transaction per batch', actTogether],
  ])('answers the other commands of a batch while the handler of one, with %s, never ends', async (kind, contract) => {
    const gate = new Gate();
    const as = behave(`waits (${kind})`, () => gate.opened);
    await expectOthersAnswered(aCommand(contract, { item: 'card', as }), async () => gate.open());
  });

  it.each([
    ['a transaction per command', actAlone],
    ['a transaction per batch', actTogether],
  ])(
    'answers the other commands of a batch while the handler of one, with %s, waits for the database without end',
    async (kind, contract) => {
      const holder = shop.source.createQueryRunner();
      await holder.query('SELECT pg_advisory_lock(77)');
      const wait = (tx: EntityManager): Promise<undefined> =>
        tx.query('SELECT pg_advisory_xact_lock(77)').then(() => undefined);
      await expectOthersAnswered(
        aCommand(contract, { item: 'card', as: behave(`locks (${kind})`, wait) }),
        async () => {
          await holder.query('SELECT pg_advisory_unlock(77)');
          await holder.release();
        },
      );
    },
  );

  async function expectOthersAnswered(slow: Command, goOn: () => Promise<void>): Promise<void> {
    const behind = aCommand(actAlone, { item: 'behind' }, { sagaid: slow.sagaid });
    const others = Array.from({ length: 20 }, (_, n) => aCommand(n % 2 ? actAlone : actTogether, { item: 'lamp' }));
    const seconds = others.map(({ sagaid }) => aCommand(actAlone, { item: 'second' }, { sagaid }));
    const throws = aCommand(actAlone, { item: 'lamp', as: behave('throws', () => Promise.reject(new Error('no'))) });
    const batch = shop.deliver(...others.slice(0, 10), slow, behind, throws, ...others.slice(10), ...seconds);
    await waitUntil('all other commands are answered', () => answered([...others, ...seconds, throws]));
    expect([shop.repliesTo(slow), shop.repliesTo(behind)]).toEqual([[], []]);
    await goOn();
    await batch;
    for (const command of [...others, ...seconds, slow, behind]) {
      expect(outcomesOf(shop.repliesTo(command))).toEqual(['success']);
      expect(await shop.effectsOf(command)).toHaveLength(1);
    }
    expect(outcomesOf(shop.repliesTo(throws))).toEqual(['failure']);
  }

  it('gives the other commands the same replies when the batch is redelivered while the slow command runs', async () => {
    const gate = new Gate();
    const as = behave('waits here', () => gate.opened);
    const slow = aCommand(actAlone, { item: 'card', as });
    const others = Array.from({ length: 6 }, (_, n) => aCommand(n % 2 ? actAlone : actTogether, { item: 'lamp' }));
    const batch = shop.deliver(slow, ...others);
    await waitUntil('all other commands are answered', () => answered(others));
    const again = other.deliver(slow, ...others);
    await waitUntil('all other commands are answered again', () =>
      others.every((each) => other.repliesTo(each).length === 1),
    );
    expect(other.repliesTo(slow)).toEqual([]);
    gate.open();
    await Promise.all([batch, again]);
    for (const command of [slow, ...others]) {
      expect(new Set([...shop.rawRepliesTo(command), ...other.rawRepliesTo(command)]).size).toBe(1);
      expect(await shop.effectsOf(command)).toHaveLength(1);
    }
  });

  it('logs the slow command and its saga, and how many other commands wait', async () => {
    const gate = new Gate();
    const slow = aCommand(actAlone, { item: 'card', as: behave('is slow', () => gate.opened) }, { subject: 'o-1' });
    const behind = aCommand(actAlone, { item: 'behind' }, { sagaid: slow.sagaid });
    const batch = shop.deliver(slow, behind, aCommand(actAlone, { item: 'lamp' }));
    // Nest logs the errors of handlers unchanged.
    const lines = (): string[] => log.lines.map(String).filter((line) => line.includes(slow.sagaid));
    await waitUntil('the log names it twice', () => lines().length === 2);
    gate.open();
    await batch;
    const [first = '', second = ''] = lines().map((line) => / has taken ([\d.]+) s /.exec(line)?.[1]);
    expect(Number(first)).toBeGreaterThanOrEqual(1);
    expect(Number(second)).toBeGreaterThanOrEqual(2);
    expect(lines()[0]).toMatch(
      new RegExp(
        `^batch-slow: a batch of 3 commands has taken [\\d.]+ s and waits for shop.act-alone of saga ${slow.sagaid}, ` +
          'whose handler has run for [\\d.]+ s; unanswered with it: 1$',
      ),
    );
    expect(log.named('batch-slow').at(-1)).toMatchObject({
      level: 'warn',
      command: actAlone.name,
      saga: slow.sagaid,
      messageId: slow.id,
      subject: 'o-1',
      step: 'step',
      attempt: 1,
      ranMs: expect.any(Number) as number,
      tookMs: expect.any(Number) as number,
      commands: 3,
      waiting: 1,
    });
  });

  it('logs a command that failed, with its message and the stack of the error', async () => {
    const throws = behave('throws', () => {
      throw new TypeError('the shelf fell over');
    });
    const failed = aCommand(actAlone, { item: 'lamp', as: throws }, { subject: 'o-1', sagaattempt: 2 });
    await shop.deliver(failed);
    expect(log.named('command-failed').at(-1)).toMatchObject({
      level: 'warn',
      text: `command-failed: TypeError, shop.act-alone: saga ${failed.sagaid}: the shelf fell over`,
      reason: 'TypeError',
      command: 'shop.act-alone',
      saga: failed.sagaid,
      messageId: failed.id,
      subject: 'o-1',
      step: 'step',
      attempt: 2,
      err: { stack: expect.stringContaining('slow-handlers.int-spec') as string },
    });
  });
});
