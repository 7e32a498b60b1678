import * as fc from 'fast-check';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { DEAD_LETTERS, type Command, type Reply, type StartSaga } from '../contract';
import { constant, defineSaga } from '../definition';
import { aCommand, aStart, incoming, incomingReply, incomingStart } from '../../test/messages';
import { OrchestratorUnderTest } from '../../test/orchestrator-under-test';
import { RealServers } from '../../test/real-servers';
import {
  anOrder,
  authorized,
  authorizePayment,
  commitStock,
  Order,
  placeOrder,
  releaseStock,
  reserved,
  reserveStock,
  voidPayment,
} from '../../test/sample-saga';
import { orchestratorMigrations } from '../store/migrations';

const FAST = { timeout: '40ms', retry: { attempts: 3, backoff: constant('20ms') } } as const;
const orderOf = ({ input }: { input: Order }): Order => ({ orderId: input.orderId });

/** Gives up after three sends, within an eighth of a second. */
const fast = defineSaga({ name: 'fast', version: 1, input: Order })
  .compensatable('stock', {
    invoke: reserveStock,
    payload: orderOf,
    compensation: { invoke: releaseStock, payload: orderOf, ...FAST, timeout: '1h' },
    ...FAST,
  })
  .compensatable('payment', {
    invoke: authorizePayment,
    payload: orderOf,
    compensation: { invoke: voidPayment, payload: orderOf },
    timeout: '1h',
  })
  .build();

/** The least time for which a timer is armed that waits for `timeout: '1h'`, and not for a claim of ten seconds. */
const MINUTE_MS = 60_000;

/** Both steps wait for an hour, so that nothing is due during a test. */
const slow = defineSaga({ name: 'slow', version: 1, input: Order })
  .parallel((branch) => ({
    stock: branch.compensatable({
      invoke: reserveStock,
      payload: orderOf,
      compensation: { invoke: releaseStock, payload: orderOf },
      timeout: '1h',
    }),
    payment: branch.compensatable({
      invoke: authorizePayment,
      payload: orderOf,
      compensation: { invoke: voidPayment, payload: orderOf },
      timeout: '2h',
    }),
  }))
  .retriable('commit', { invoke: commitStock, payload: orderOf, timeout: '3h' })
  .build();

/** Its mapper returns what JSON cannot represent. */
const brokenMapper = defineSaga({ name: 'broken-mapper', version: 1, input: Order })
  .retriable('stock', { invoke: commitStock, payload: () => ({ orderId: 'o-1', amount: 10n }) as { orderId: string } })
  .build();

let servers: RealServers;
let databaseUrl: string;
let orchestrator: OrchestratorUnderTest;
const others: OrchestratorUnderTest[] = [];

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

beforeEach(async () => {
  databaseUrl = await servers.database(orchestratorMigrations);
  orchestrator = another();
});

afterEach(async () => {
  await Promise.all(others.splice(0).map((each) => each.stop()));
});

function another(): OrchestratorUnderTest {
  const started = new OrchestratorUnderTest(databaseUrl, [placeOrder, fast, slow, brokenMapper]);
  others.push(started);
  return started;
}

const order = (saga = 'place-order'): StartSaga => aStart(saga, anOrder(), { subject: 'o-1' });

async function started(saga?: string): Promise<string> {
  const start = order(saga);
  await orchestrator.start(start);
  return start.sagaid;
}

function commandTo(service: string, sagaId: string): Command {
  const command = orchestrator.commands(service, sagaId).at(-1);
  if (command === undefined) throw new Error(`No command was sent to ${service}.`);
  return command;
}

const succeed = (command: Command): ReturnType<typeof incomingReply> =>
  incomingReply(command, 'success', command.sagastep === 'stock' ? reserved : authorized);

describe('the saga runner', () => {
  it('starts a saga and sends its first commands', async () => {
    const sagaId = await started();
    const command = commandTo('inventory', sagaId);
    expect(command).toMatchObject({
      type: 'inventory.reserve-stock.v1',
      subject: 'o-1',
      sagastep: 'stock',
      sagadirection: 'action',
      sagaattempt: 1,
      replyto: 'orchestrator.replies.inventory',
      data: anOrder(),
    });
    expect((await orchestrator.find(sagaId)).state.status).toBe('RUNNING');
  });

  // MassTransit issue 4990, and Eventuate Tram Sagas under load: the reply arrived before the saga was visible.
  it('sends no command before its saga is committed', async () => {
    orchestrator.transport.disconnect();
    const start = order();
    const started = orchestrator.start(start);
    await waitUntil('the first command is being published', () => orchestrator.transport.waiting > 0);
    expect(orchestrator.transport.published).toEqual([]);
    const { state } = await another().find(start.sagaid);
    expect(state).toMatchObject({ status: 'RUNNING', steps: { stock: { status: 'INVOKED' } } });
    orchestrator.transport.reconnect();
    await started;
  });

  it('starts a saga once although several orchestrators receive its start several times', async () => {
    const start = order();
    const other = another();
    await Promise.all([orchestrator.start(start, start), other.start(start)]);
    await orchestrator.start(start);
    const { history } = await orchestrator.find(start.sagaid);
    expect(history.map(({ ignored }) => ignored)).toEqual([undefined, ...Array(3).fill('already-started')]);
    const sent = [...orchestrator.commands('inventory', start.sagaid), ...other.commands('inventory', start.sagaid)];
    expect(sent).toHaveLength(1);
  });

  it('applies all replies of a batch to a saga in one step', async () => {
    const sagaId = await started();
    const replies = [succeed(commandTo('inventory', sagaId)), succeed(commandTo('payment', sagaId))];
    await orchestrator.runner.handleBatch(replies);
    expect(commandTo('payment', sagaId).type).toBe('payment.capture.v1');
    expect((await orchestrator.find(sagaId)).history).toHaveLength(3);
  });

  it('processes many starts and a reply in one batch', async () => {
    const sagaId = await started();
    const starts = Array.from({ length: 150 }, () => order());
    await orchestrator.runner.handleBatch([...starts.map(incomingStart), succeed(commandTo('inventory', sagaId))]);
    expect(orchestrator.commands('inventory')).toHaveLength(151);
    expect((await orchestrator.find(starts[149]!.sagaid)).history).toHaveLength(1);
  });

  it('records a duplicate and a late reply without acting on them', async () => {
    const sagaId = await started();
    const reply = succeed(commandTo('inventory', sagaId));
    await orchestrator.runner.handleBatch([reply, reply]);
    await orchestrator.runner.handleBatch([reply]);
    const { history } = await orchestrator.find(sagaId);
    expect(history.slice(2)).toMatchObject([{ ignored: 'not-awaited' }, { ignored: 'not-awaited' }]);
  });

  it('dead-letters unreadable messages and replies to unknown sagas, and processes the rest of the batch', async () => {
    const sagaId = await started();
    const foreign = aCommand(reserveStock, anOrder());
    await orchestrator.runner.handleBatch([
      succeed(foreign),
      incoming('orchestrator.replies.inventory', '{'),
      succeed(commandTo('inventory', sagaId)),
    ]);
    const deadLetters = orchestrator.transport.published.filter(({ topic }) => topic === 'saga.dead-letters');
    expect(deadLetters.map(({ headers }) => headers?.['reason'])).toEqual(['no-json', 'unknown-saga']);
    expect((await orchestrator.find(sagaId)).state.steps['stock']?.status).toBe('DONE');
  });

  it('pauses sagas with an invalid input or a faulty mapper, and processes the rest of the batch', async () => {
    const bad = [
      aStart('broken-mapper', anOrder()),
      aStart('place-order', { orderId: 7 }),
      aStart('place-order', null),
    ];
    const good = order();
    await orchestrator.start(...bad, good);
    const reasons = await Promise.all(
      bad.map(async ({ sagaid }) => (await orchestrator.find(sagaid)).state.pause?.reason),
    );
    expect(reasons).toEqual(['engine-fault', 'invalid-input', 'invalid-input']);
    expect((await orchestrator.find(good.sagaid)).state.status).toBe('RUNNING');
    expect(orchestrator.commands('inventory')).toHaveLength(1);
  });

  it('stores a saga as paused when only another instance has its definition', async () => {
    await orchestrator.knows('ship-order');
    const sagaId = await started('ship-order');
    const { state } = await orchestrator.find(sagaId);
    expect(state).toMatchObject({ status: 'PAUSED', pause: { reason: 'definition-missing' } });
    expect(await orchestrator.timerOf(sagaId)).toBeUndefined();
  });

  it('dead-letters the start of a saga whose definition no instance has ever had', async () => {
    await started('ship-order');
    const [letter] = orchestrator.transport.published.filter(({ topic }) => topic === DEAD_LETTERS);
    expect(letter?.headers).toMatchObject({
      reason: 'foreign-saga',
      detail: expect.stringContaining('has never had a definition of ship-order'),
    });
    expect(await orchestrator.sql('SELECT id FROM saga')).toEqual([]);
  });

  it('applies each reply once when several instances update one saga concurrently', async () => {
    const sagaId = await started();
    const runners = [orchestrator, another(), another(), another()];
    const replies = [succeed(commandTo('inventory', sagaId)), succeed(commandTo('payment', sagaId))];
    await Promise.all(runners.flatMap(({ runner }) => replies.map((reply) => runner.handleBatch([reply]))));
    const { state, history } = await orchestrator.find(sagaId);
    expect(state.steps['capture']?.status).toBe('INVOKED');
    expect(history).toHaveLength(9);
    const captures = runners
      .flatMap((each) => each.commands('payment', sagaId))
      .filter(({ sagastep }) => sagastep === 'capture');
    expect(captures).toHaveLength(1);
  });

  it('leaves unpublished commands to the sweeper, and does not apply the event again', async () => {
    const start = order();
    orchestrator.transport.disconnect();
    const batch = orchestrator.start(start);
    await waitUntil('the runner waits for the broker', () => orchestrator.transport.waiting === 1);
    await orchestrator.transport.close();
    await expect(batch).rejects.toThrow();
    const other = another();
    await other.start(start);
    expect(other.commands('inventory', start.sagaid)).toEqual([]);
    const rows = await other.sql('SELECT 1 FROM outbox WHERE key = $1', [start.sagaid]);
    expect(rows).toHaveLength(2);
  });

  it('saves a batch of many sagas in several transactions, and sends the commands of each', async () => {
    const starts = Array.from({ length: 100 }, () => order());
    await orchestrator.start(...starts);
    expect(await orchestrator.sql('SELECT count(*)::int AS sagas FROM saga GROUP BY xmin::text ORDER BY 1')).toEqual([
      { sagas: 32 },
      { sagas: 34 },
      { sagas: 34 },
    ]);
    for (const { sagaid } of starts) expect(orchestrator.commands('inventory', sagaid)).toHaveLength(1);
  });

  it('does not apply events again in a part that was saved when another part failed', async () => {
    const starts = Array.from({ length: 64 }, () => order());
    const ids = starts.map(({ sagaid }) => sagaid);
    await orchestrator.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                            BEGIN IF new.id = '${ids.at(-1)}' THEN RAISE 'no'; END IF; RETURN new; END $$`);
    await orchestrator.sql('CREATE TRIGGER refuse BEFORE INSERT ON saga FOR EACH ROW EXECUTE FUNCTION refuse()');
    await expect(orchestrator.start(...starts)).rejects.toThrow('no');
    const unsent = await orchestrator.sql<{ key: string }>('SELECT DISTINCT key FROM outbox');
    expect(unsent).toHaveLength(32);
    expect(orchestrator.transport.published).toEqual([]);
    await orchestrator.sql('DROP TRIGGER refuse ON saga');
    await orchestrator.start(...starts);
    expect(await orchestrator.sql('SELECT count(*)::int AS sagas FROM saga')).toEqual([{ sagas: 64 }]);
    const left = new Set(unsent.map(({ key }) => key));
    for (const id of ids) expect(orchestrator.commands('inventory', id)).toHaveLength(left.has(id) ? 0 : 1);
    const stillUnsent = 'SELECT DISTINCT key FROM outbox WHERE key = ANY ($1)';
    expect(await orchestrator.sql(stillUnsent, [[...left]])).toHaveLength(32);
  });

  it('deletes commands from the outbox once the broker has acknowledged them', async () => {
    await started();
    await waitUntil('the outbox is empty', async () => (await orchestrator.sql('SELECT 1 FROM outbox')).length === 0);
  });
});

describe('the timer of a saga', () => {
  const moveTimer = (sagaId: string): Promise<unknown> =>
    orchestrator.sql(`UPDATE saga_timer SET fire_at = clock_timestamp() WHERE saga_id = $1`, [sagaId]);

  it('resends an unanswered command, then compensates the saga', async () => {
    orchestrator.startTimers();
    const sagaId = await started('fast');
    await waitUntil('the stock is released', () => commandTo('inventory', sagaId).type.includes('release'));
    const commands = orchestrator.commands('inventory', sagaId);
    const actions = commands.filter(({ sagadirection }) => sagadirection === 'action');
    expect(actions).toHaveLength(3);
    expect(new Set(actions.map(({ id }) => id))).toHaveProperty('size', 1);
    expect(commands.at(-1)).toMatchObject({ undoes: actions[0]?.id });
    expect((await orchestrator.find(sagaId)).state).toMatchObject({
      status: 'COMPENSATING',
      cause: { kind: 'no-answer' },
    });
  });

  it('retries a failed command under a new id', async () => {
    orchestrator.startTimers();
    const sagaId = await started('fast');
    const first = commandTo('inventory', sagaId);
    await orchestrator.runner.handleBatch([incomingReply(first, 'failure', { reason: 'deadlock' })]);
    await waitUntil('there is another attempt', () => commandTo('inventory', sagaId).sagaattempt === 2);
    expect(commandTo('inventory', sagaId).id).not.toBe(first.id);
  });

  it('is claimed by exactly one of several orchestrators, for ten seconds', async () => {
    const sagaIds = await Promise.all(Array.from({ length: 30 }, () => started('fast')));
    for (const each of [orchestrator, another(), another()]) each.startTimers();
    await waitUntil('all are released', async () => {
      const rows = await orchestrator.sql(`SELECT 1 FROM saga WHERE status = 'COMPENSATING'`);
      return rows.length === sagaIds.length;
    });
    for (const sagaId of sagaIds) {
      const { history } = await orchestrator.find(sagaId);
      expect(history.map(({ event }) => event.kind)).toEqual(['started', ...Array(3).fill('time-passed')]);
    }
  });

  it('fires again when the process that claimed it has died', async () => {
    const sagaId = await started('fast');
    // The state that a process leaves which dies between claiming the timer and applying it.
    await orchestrator.sql(`UPDATE saga_timer SET fire_at = clock_timestamp() + interval '10 s' WHERE saga_id = $1`, [
      sagaId,
    ]);
    orchestrator.startTimers();
    await moveTimer(sagaId);
    await waitUntil('the command to be sent again', () => orchestrator.commands('inventory', sagaId).length > 1);
  });

  it('is armed for the first wake-up, does not move when that becomes later, and moves when it fires too early', async () => {
    const sagaId = await started('slow');
    const first = await orchestrator.timerOf(sagaId);
    expect(first).toBeGreaterThan(30 * MINUTE_MS);
    expect(first).toBeLessThanOrEqual(60 * MINUTE_MS);
    await orchestrator.runner.handleBatch([
      succeed(commandTo('inventory', sagaId)),
      succeed(commandTo('payment', sagaId)),
    ]);
    expect(await orchestrator.timerOf(sagaId)).toBeLessThanOrEqual(first!);
    await moveTimer(sagaId);
    orchestrator.startTimers();
    await waitUntil(
      'the timer is armed again',
      async () => ((await orchestrator.timerOf(sagaId)) ?? 0) > 60 * MINUTE_MS,
    );
    const { history } = await orchestrator.find(sagaId);
    expect(history.some(({ event }) => event.kind === 'time-passed')).toBe(false);
  });

  it('moves earlier when something becomes due before it', async () => {
    const sagaId = await started('fast');
    await orchestrator.runner.handleBatch([succeed(commandTo('inventory', sagaId))]);
    // The payment waits for an hour, but the timer is armed for the stock's 40 ms. Let it fire and be moved.
    orchestrator.startTimers();
    await waitUntil('the timer is moved', async () => ((await orchestrator.timerOf(sagaId)) ?? 0) > MINUTE_MS);
    // Otherwise it might fire again, 200 ms later, before the assertion.
    await orchestrator.stopTimers();
    await orchestrator.runner.handleBatch([
      incomingReply(commandTo('payment', sagaId), 'failure', { reason: 'deadlock' }),
    ]);
    expect(await orchestrator.timerOf(sagaId)).toBeLessThan(1_000);
  });

  it.each(['paused', 'ended'])('is deleted when it fires for a saga that has %s', async (what) => {
    const sagaId = await started('fast');
    if (what === 'paused') await orchestrator.operate(sagaId, 'pause');
    else
      await orchestrator.runner.handleBatch([
        incomingReply(commandTo('inventory', sagaId), 'refusal', { reason: 'no' }),
      ]);
    orchestrator.startTimers();
    await waitUntil('the timer is deleted', async () => (await orchestrator.timerOf(sagaId)) === undefined);
    const { state } = await orchestrator.find(sagaId);
    expect(state.status).toBe(what === 'paused' ? 'PAUSED' : 'COMPENSATED');
  });

  it('is armed again when the saga is resumed', async () => {
    const sagaId = await started('fast');
    await orchestrator.operate(sagaId, 'pause');
    orchestrator.startTimers();
    await waitUntil('the timer is deleted', async () => (await orchestrator.timerOf(sagaId)) === undefined);
    await orchestrator.operate(sagaId, 'resume');
    await waitUntil('the saga is compensated', () => commandTo('inventory', sagaId).type.includes('release'));
  });

  it('is kept when the saga is paused and resumed while it fires', async () => {
    const sagaId = await started('fast');
    orchestrator.startTimers();
    another().startTimers();
    for (let times = 0; times < 15; times += 1) {
      await orchestrator.operate(sagaId, 'pause');
      await orchestrator.operate(sagaId, 'resume');
    }
    await waitUntil('the saga is compensated', () =>
      others.some((each) => each.commands('inventory', sagaId).some(({ type }) => type.includes('release'))),
    );
    await orchestrator.find(sagaId);
  });
});

/** What a participant, or the network, does with a command; `wait` postpones it. */
const moves = [
  'succeed',
  'succeed',
  'succeed',
  'refuse',
  'fail',
  'duplicate',
  'wait',
  'retry',
  'pause',
  'resume',
  'cancel',
] as const;

describe('the orchestrator, under random events in random order', () => {
  it('stores a state that equals the fold of the stored history', async () => {
    const other = another();
    const schedule = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...moves), fc.boolean()), {
      minLength: 20,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(schedule, async (choices) => {
        const starts = [order(), order('fast'), order()];
        await orchestrator.start(...starts);
        await Promise.all(choices.map(([which, move, mine]) => play(mine ? orchestrator : other, starts, which, move)));
        for (const { sagaid } of starts) await orchestrator.find(sagaid);
      }),
      { numRuns: 8 },
    );
  });

  async function play(
    at: OrchestratorUnderTest,
    starts: readonly StartSaga[],
    which: number,
    move: (typeof moves)[number],
  ): Promise<void> {
    const { sagaid } = starts[which % starts.length]!;
    if (move === 'retry' || move === 'pause' || move === 'resume' || move === 'cancel') return at.operate(sagaid, move);
    const sent = others.flatMap((each) => [...each.commands('inventory', sagaid), ...each.commands('payment', sagaid)]);
    const command = sent[which % Math.max(1, sent.length)];
    if (command === undefined || move === 'wait') return;
    const answers = answersOf(command)[move];
    await at.runner.handleBatch(answers);
  }

  function answersOf(
    command: Command,
  ): Record<'succeed' | 'refuse' | 'fail' | 'duplicate', ReturnType<typeof incoming>[]> {
    const outcome = (kind: Reply['outcome']): ReturnType<typeof incoming> =>
      incomingReply(command, kind, { reason: 'no' });
    return {
      succeed: [succeed(command)],
      refuse: [outcome('refusal')],
      fail: [outcome('failure')],
      duplicate: [succeed(command), succeed(command), outcome('failure')],
    };
  }

  it('deletes the timer of a saga that does not exist', async () => {
    const sagaId = uuidV7();
    await orchestrator.sql('INSERT INTO saga_timer VALUES ($1, clock_timestamp())', [sagaId]);
    orchestrator.startTimers();
    await waitUntil('the timer is deleted', async () => (await orchestrator.timerOf(sagaId)) === undefined);
  });
});
