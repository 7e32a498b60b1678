import { waitUntil } from '@palinode/testing-support/wait-until';
import { HoldChanged, holdEnded, holdPlaced, topicsOf, violations, type Command, type DomainEvent } from '../contract';
import { constant, DefinitionRegistry, defineSaga } from '../definition';
import type { SagaState } from '../engine';
import { aStart, incomingReply } from '../../test/messages';
import { OrchestratorUnderTest } from '../../test/orchestrator-under-test';
import { RecordingLog } from '../../test/recording-log';
import { RealServers } from '../../test/real-servers';
import {
  anOrder,
  authorized,
  authorizePayment,
  Order,
  releaseStock,
  reserved,
  reserveStock,
  voidPayment,
} from '../../test/sample-saga';
import { orchestratorMigrations } from '../store/migrations';
import type { Hold, HoldWhere } from './hold';
import { HoldRules, type HoldSettings } from './hold-settings';
import { HoldEventWriter } from './hold-event-writer';
import { HoldStore } from './hold-store';
import { Holds } from './holds';
import { ParticipantHealth } from './participant-health';

const orderOf = ({ input }: { input: Order }): Order => ({ orderId: input.orderId });

/** Gives up on stock after three sends, or three failures, within an eighth of a second. */
const failsFast = defineSaga({ name: 'failsFast', version: 1, input: Order })
  .compensatable('stock', {
    invoke: reserveStock,
    payload: orderOf,
    compensation: { invoke: releaseStock, payload: orderOf, timeout: '1h' },
    timeout: '40ms',
    retry: { attempts: 3, backoff: constant('5ms') },
  })
  .compensatable('payment', {
    invoke: authorizePayment,
    payload: orderOf,
    compensation: { invoke: voidPayment, payload: orderOf },
    timeout: '1h',
  })
  .build();

/** As {@link failsFast}, but nothing is due during a test. */
const calm = defineSaga({ name: 'calm', version: 1, input: Order })
  .compensatable('stock', {
    invoke: reserveStock,
    payload: orderOf,
    compensation: { invoke: releaseStock, payload: orderOf, timeout: '1h' },
    timeout: '1h',
    retry: { attempts: 2, backoff: constant('5ms') },
  })
  .build();

let servers: RealServers;
let databaseUrl: string;
const all: OrchestratorUnderTest[] = [];

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

beforeEach(async () => {
  databaseUrl = await servers.database(orchestratorMigrations);
});

afterEach(async () => {
  await Promise.all(all.splice(0).map((each) => each.stop()));
});

function orchestrator(holdAfter: HoldSettings = {}): OrchestratorUnderTest {
  const one = new OrchestratorUnderTest(databaseUrl, [failsFast, calm], { holdAfter });
  all.push(one);
  return one;
}

/** With timers, and a check of its holds every 20 ms. */
async function busy(holdAfter?: HoldSettings): Promise<OrchestratorUnderTest> {
  const one = orchestrator(holdAfter);
  one.startTimers();
  one.startHolds();
  return one;
}

async function begun(one: OrchestratorUnderTest, saga = 'failsFast'): Promise<string> {
  const start = aStart(saga, anOrder());
  await one.start(start);
  return start.sagaid;
}

const stateOf = async (one: OrchestratorUnderTest, sagaId: string): Promise<SagaState> =>
  (await one.find(sagaId)).state;

const untilHeld = (one: OrchestratorUnderTest, sagaId: string): Promise<unknown> =>
  waitUntil('the saga is held', async () => (await stateOf(one, sagaId)).steps.stock?.held !== undefined);

const untilReleased = (one: OrchestratorUnderTest): Promise<unknown> =>
  waitUntil('the hold has ended', () => one.holds.all.length === 0);

function lastCommand(one: OrchestratorUnderTest, sagaId: string): Command {
  const command = one.commands('inventory', sagaId).at(-1);
  if (command === undefined) throw new Error(`No command was sent for ${sagaId}.`);
  return command;
}

/** The first read waits until the test lets it continue. */
class SlowHoldStore extends HoldStore {
  hasRead = false;
  continue!: () => void;
  private readonly mayContinue = new Promise<void>((resolve) => (this.continue = resolve));

  override async inForce(): Promise<Hold[]> {
    const isFirst = !this.hasRead;
    const found = await super.inForce();
    this.hasRead = true;
    if (isFirst) await this.mayContinue;
    return found;
  }
}

async function byHand(one: OrchestratorUnderTest, where: HoldWhere): Promise<string> {
  const hold = await one.holds.place({ where, cause: 'by-hand', by: 'ada', reason: 'a test' });
  return hold?.id ?? '';
}

const silent = { cause: 'silence', by: 'the orchestrator', reason: 'a test' } as const;

const heldSteps = (one: OrchestratorUnderTest): Promise<unknown[]> => one.sql('SELECT saga_id FROM held_step');

const succeed = (command: Command): ReturnType<typeof incomingReply> =>
  incomingReply(command, 'success', command.sagastep === 'stock' ? reserved : authorized);

const fail = (command: Command, reason = 'handler-failed'): ReturnType<typeof incomingReply> =>
  incomingReply(command, 'failure', { reason });

describe('holds', () => {
  it('places a hold for a saga that would give up without a reply, and ends it when a probe is answered', async () => {
    const one = await busy();
    const sagaId = await begun(one);
    await untilHeld(one, sagaId);
    expect(one.holds.all).toMatchObject([
      { where: { service: 'inventory' }, cause: 'silence', by: 'the orchestrator' },
    ]);
    expect(one.log.named('participant-silent')).toMatchObject([
      { level: 'warn', service: 'inventory', hold: one.holds.all[0]?.id, saga: sagaId, command: reserveStock.name },
    ]);
    const { status, steps } = await stateOf(one, sagaId);
    expect({ status, stock: steps.stock?.status }).toEqual({ status: 'RUNNING', stock: 'INVOKED' });
    await waitUntil('a probe', async () =>
      (await one.find(sagaId)).history.some(({ event }) => event.kind === 'probed'),
    );
    await one.runner.handleBatch([succeed(lastCommand(one, sagaId))]);
    await untilReleased(one);
    expect((await stateOf(one, sagaId)).steps.payment?.status).toBe('INVOKED');
  });

  it('probes repeatedly with the command of one saga, under its id, without using up its attempts', async () => {
    const one = await busy();
    const sagaId = await begun(one);
    await untilHeld(one, sagaId);
    await waitUntil('a probe', async () =>
      (await one.find(sagaId)).history.some(({ event }) => event.kind === 'probed'),
    );
    const sent = one.commands('inventory', sagaId);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    expect((await stateOf(one, sagaId)).steps.stock).toMatchObject({ status: 'INVOKED', exchange: { sends: 3 } });
  });

  it('holds the commands of new sagas, and sends them when the participant is back', async () => {
    const one = await busy();
    const first = await begun(one);
    await untilHeld(one, first);
    const second = await begun(one);
    expect(one.commands('inventory', second)).toEqual([]);
    expect((await stateOf(one, second)).steps.stock).toMatchObject({ status: 'PENDING', held: {} });
    await one.runner.handleBatch([succeed(lastCommand(one, first))]);
    await waitUntil('the command that was held', () => one.commands('inventory', second).length > 0);
    await one.runner.handleBatch([succeed(lastCommand(one, second))]);
    expect((await stateOf(one, second)).steps.stock?.status).toBe('DONE');
  });

  it('places no hold for a failure of only one saga', async () => {
    const one = await busy();
    const sagaId = await begun(one);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await waitUntil('the attempt', () => one.commands('inventory', sagaId).at(-1)?.sagaattempt === attempt);
      await one.runner.handleBatch([fail(lastCommand(one, sagaId))]);
    }
    expect((await stateOf(one, sagaId)).status).toBe('COMPENSATED');
    expect(one.holds.all).toEqual([]);
  });

  it('places no hold for a failure of two sagas while a third succeeds', async () => {
    const one = orchestrator();
    const [first, second, third] = await Promise.all([begun(one, 'calm'), begun(one, 'calm'), begun(one, 'calm')]);
    await one.runner.handleBatch([fail(lastCommand(one, first)), fail(lastCommand(one, second))]);
    await one.runner.handleBatch([succeed(lastCommand(one, third))]);
    await one.operate(first, 'retry');
    await one.runner.handleBatch([fail(lastCommand(one, first))]);
    expect((await stateOf(one, first)).status).toBe('COMPENSATED');
    expect(one.holds.all).toEqual([]);
  });

  it('places a hold when all sagas fail for the same reason, and ends it when the probe succeeds', async () => {
    const one = orchestrator();
    const [first, second] = await Promise.all([begun(one, 'calm'), begun(one, 'calm')]);
    await one.runner.handleBatch([fail(lastCommand(one, first)), fail(lastCommand(one, second))]);
    await one.operate(first, 'retry');
    await one.runner.handleBatch([fail(lastCommand(one, first))]);
    expect(one.holds.all).toMatchObject([
      { where: { service: 'inventory', command: 'inventory.reserve-stock' }, cause: 'failures' },
    ]);
    expect((await stateOf(one, first)).steps.stock?.held).toBeDefined();
    const before = one.commands('inventory', first).length;
    one.startHolds();
    await waitUntil('the probe', () => one.commands('inventory', first).length > before);
    await one.runner.handleBatch([succeed(lastCommand(one, first))]);
    await untilReleased(one);
    expect((await stateOf(one, first)).status).toBe('COMPLETED');
  });

  it('places a hold for a saga that would give up when no saga has succeeded since its previous failure', async () => {
    const one = orchestrator();
    const [first, second, third] = await Promise.all([begun(one, 'calm'), begun(one, 'calm'), begun(one, 'calm')]);
    await one.runner.handleBatch([succeed(lastCommand(one, first))]);
    await one.runner.handleBatch([fail(lastCommand(one, second)), fail(lastCommand(one, third))]);
    await one.operate(second, 'retry');
    await one.runner.handleBatch([fail(lastCommand(one, second))]);
    expect(one.holds.all).toMatchObject([{ cause: 'failures' }]);
    expect((await stateOf(one, second)).steps.stock?.held).toBeDefined();
  });

  it('does not end a hold for failures when a command that was sent before the hold is answered', async () => {
    const one = orchestrator({ failures: { atLeast: 1 } });
    const [first, second] = await Promise.all([begun(one, 'calm'), begun(one, 'calm')]);
    await one.runner.handleBatch([fail(lastCommand(one, first))]);
    expect(one.holds.all).toMatchObject([{ cause: 'failures' }]);
    await one.runner.handleBatch([succeed(lastCommand(one, second))]);
    expect((await stateOf(one, second)).status).toBe('COMPLETED');
    expect(one.holds.all).toHaveLength(1);
  });

  it('does not end a hold for failures when a reply breaks its contract', async () => {
    const one = orchestrator({ failures: { atLeast: 1 } });
    const sagaId = await begun(one, 'calm');
    await one.runner.handleBatch([fail(lastCommand(one, sagaId))]);
    await one.sql('UPDATE hold SET probe_at = clock_timestamp()');
    await one.runHoldMonitor();
    expect(one.commands('inventory', sagaId)).toHaveLength(2);
    await one.runner.handleBatch([incomingReply(lastCommand(one, sagaId), 'success', { reservationId: 7 })]);
    expect(one.holds.all).toMatchObject([{ cause: 'failures' }]);
  });

  it('never places a hold automatically when the settings of the service or definition say so', async () => {
    for (const settings of [
      'never',
      { services: { inventory: 'never' } },
      { definitions: { failsFast: 'never' } },
    ] as const) {
      const one = await busy(settings);
      const sagaId = await begun(one);
      await waitUntil('the saga to give up', async () => (await stateOf(one, sagaId)).status !== 'RUNNING');
      expect(one.holds.all).toEqual([]);
      expect(one.log.named('participant-silent')[0]).toMatchObject({
        level: 'warn',
        text: expect.stringMatching(/has not replied to any command .*; nothing is held$/) as string,
        service: 'inventory',
        saga: sagaId,
        step: 'stock',
        sends: 3,
      });
      await one.stopTimers();
    }
  });

  it('applies a hold that an operator has placed at other instances, and after a restart', async () => {
    const one = orchestrator();
    const where = { definition: 'calm', step: 'stock' };
    const hold = await one.holds.place({ where, cause: 'by-hand', by: 'ada', reason: 'stocktaking' });
    expect(await one.holds.place({ where, cause: 'by-hand', by: 'bob', reason: 'again' })).toBeUndefined();
    const next = orchestrator();
    await next.holds.refresh();
    const [held, free] = await Promise.all([begun(next, 'calm'), begun(next, 'failsFast')]);
    expect(next.commands('inventory', held)).toEqual([]);
    expect(next.commands('inventory', free)).toHaveLength(1);
    expect(await one.holds.end(hold?.id ?? '', { by: 'ada', reason: 'counted' })).toMatchObject({ where, by: 'ada' });
    next.startHolds();
    await waitUntil('the command that was held', () => next.commands('inventory', held).length === 1);
  });

  it('publishes an event when a hold is placed and one when it ends, also without lifecycle events', async () => {
    const one = orchestrator();
    const where = { service: 'inventory', command: 'inventory.reserve-stock' };
    const hold = await one.holds.place({ where, cause: 'by-hand', by: 'ada', reason: 'stocktaking' });
    await one.holds.place({ where, cause: 'by-hand', by: 'bob', reason: 'again' });
    const [first, second] = [
      { by: 'ada', reason: 'counted' },
      { by: 'bob', reason: 'too late' },
    ];
    const ends = [await one.holds.end(hold?.id ?? '', first), await one.holds.end(hold?.id ?? '', second)];
    expect(ends).toEqual([expect.objectContaining({ id: hold?.id }), undefined]);
    const rows = await one.sql<{ topic: string; key: string; payload: string }>(
      'SELECT topic, key, payload FROM event_outbox ORDER BY seq',
    );
    const events = rows.map(({ payload }) => JSON.parse(payload) as DomainEvent<HoldChanged>);
    expect(rows).toMatchObject(Array.from({ length: 2 }, () => ({ topic: 'saga.events', key: hold?.id })));
    expect(events.map(({ type }) => type)).toEqual([holdPlaced.type, holdEnded.type]);
    const since = new Date(hold?.at ?? 0).toISOString();
    const data = { holdId: hold?.id, ...where, cause: 'by-hand', reason: 'stocktaking', since };
    expect(events.map((event) => event.data)).toEqual([data, data]);
    expect(events.flatMap((event) => violations(HoldChanged, event.data))).toEqual([]);
  });

  it('does not drop a hold when an earlier read takes longer', async () => {
    const { store } = orchestrator();
    const slow = new SlowHoldStore(store.pool, new HoldEventWriter(topicsOf(), () => undefined));
    const registry = new DefinitionRegistry([calm]);
    const holds = new Holds({
      registry,
      store: slow,
      rules: new HoldRules(),
      health: new ParticipantHealth(1),
      log: new RecordingLog(),
    });
    const slowRead = holds.refresh();
    await waitUntil('the first read', () => slow.hasRead);
    await holds.place({ where: { service: 'inventory' }, cause: 'by-hand', by: 'ada', reason: 'a test' });
    slow.continue();
    await slowRead;
    expect(holds.all).toHaveLength(1);
  });

  it('ends a hold when it expires', async () => {
    const one = await busy();
    await one.holds.place({
      where: { service: 'inventory' },
      cause: 'by-hand',
      by: 'ada',
      reason: 'a minute',
      ttlMs: 1,
    });
    const sagaId = await begun(one, 'calm');
    await untilReleased(one);
    await waitUntil('the command', () => one.commands('inventory', sagaId).length === 1);
  });

  it('releases each saga once, however many instances release them', async () => {
    const one = orchestrator();
    const hold = await one.holds.place({
      where: { service: 'inventory' },
      cause: 'by-hand',
      by: 'ada',
      reason: 'a test',
    });
    const sagaIds = await Promise.all(Array.from({ length: 15 }, () => begun(one, 'calm')));
    const others = [orchestrator(), orchestrator()];
    await Promise.all(others.map((other) => other.holds.refresh()));
    for (const each of [one, ...others]) each.startHolds();
    await one.holds.end(hold?.id ?? '', { by: 'ada', reason: 'enough' });
    const sent = (): readonly Command[] => [one, ...others].flatMap((each) => each.commands('inventory'));
    await waitUntil('all commands', () => sent().length >= sagaIds.length);
    expect(new Set(sent().map(({ sagaid }) => sagaid))).toEqual(new Set(sagaIds));
    for (const sagaId of sagaIds) {
      const { history } = await one.find(sagaId);
      expect(history.filter(({ event }) => event.kind === 'released')).toHaveLength(1);
    }
  });

  it('releases only as many sagas as are answered, the longest held first', async () => {
    const one = orchestrator();
    const hold = await one.holds.place({
      where: { service: 'inventory' },
      cause: 'by-hand',
      by: 'ada',
      reason: 'a test',
    });
    const sagaIds: string[] = [];
    for (let n = 0; n < 30; n += 1) sagaIds.push(await begun(one, 'calm'));
    one.startHolds();
    await one.holds.end(hold?.id ?? '', { by: 'ada', reason: 'enough' });
    const sent = (): readonly Command[] => one.commands('inventory');
    await waitUntil('the first commands', () => sent().length > 0);
    expect(new Set(sent().map(({ sagaid }) => sagaid))).toEqual(new Set(sagaIds.slice(0, 20)));
    await one.runner.handleBatch(sent().slice(0, 5).map(succeed));
    await waitUntil('as many more as were answered', () => sent().length === 25);
    await one.runner.handleBatch(sent().slice(5).map(succeed));
    await waitUntil('all of them', () => sent().length === 30);
  });

  it('releases the sagas of a hold at the rate with which it ended, and no others', async () => {
    const one = orchestrator();
    const slow = await byHand(one, { definition: 'calm', step: 'stock' });
    const quick = await byHand(one, { definition: 'failsFast', step: 'stock' });
    const waiting = { calm: [] as string[], failsFast: [] as string[] };
    for (let n = 0; n < 3; n += 1)
      for (const saga of ['calm', 'failsFast'] as const) waiting[saga].push(await begun(one, saga));
    const sentOf = (saga: 'calm' | 'failsFast'): number =>
      waiting[saga].filter((sagaId) => one.commands('inventory', sagaId).length > 0).length;
    await one.holds.end(slow, { by: 'ada', reason: 'slowly', rate: 1 });
    await one.holds.end(quick, { by: 'ada', reason: 'a test' });
    for (let runs = 1; runs <= 3; runs += 1) {
      await one.runHoldMonitor();
      expect({ calm: sentOf('calm'), failsFast: sentOf('failsFast') }).toEqual({ calm: runs, failsFast: 3 });
      // The saga that was held longest comes first.
      expect(one.commands('inventory', waiting.calm[runs - 1])).toHaveLength(1);
    }
  });

  it('never probes a silent service with a command that an operator holds', async () => {
    const one = orchestrator();
    await byHand(one, { definition: 'calm', step: 'stock' });
    const { id = '' } = { ...(await one.holds.place({ ...silent, where: { service: 'inventory' } })) };
    const [calmly, failing] = [await begun(one, 'calm'), await begun(one, 'failsFast')];
    for (let probes = 1; probes <= 2; probes += 1) {
      await one.sql('UPDATE hold SET probe_at = clock_timestamp() WHERE id = $1', [id]);
      await one.runHoldMonitor();
      expect(one.commands('inventory', failing)).toHaveLength(probes);
    }
    expect(one.commands('inventory', calmly)).toEqual([]);
  });

  it('never probes with a command of a PAUSED saga', async () => {
    const one = orchestrator();
    const { id = '' } = { ...(await one.holds.place({ ...silent, where: { service: 'inventory' } })) };
    const [paused, other] = [await begun(one, 'calm'), await begun(one, 'calm')];
    await one.operate(paused, 'pause');
    await one.sql('UPDATE hold SET probe_at = clock_timestamp() WHERE id = $1', [id]);
    await one.runHoldMonitor();
    expect(one.commands('inventory', other)).toHaveLength(1);
  });

  it('releases no PAUSED saga before it is resumed', async () => {
    const one = orchestrator();
    const hold = await byHand(one, { service: 'inventory' });
    const sagaId = await begun(one, 'calm');
    await one.operate(sagaId, 'pause');
    await one.holds.end(hold, { by: 'ada', reason: 'a test' });
    await one.runHoldMonitor();
    expect(await heldSteps(one)).toEqual([{ saga_id: sagaId }]);
    await one.operate(sagaId, 'resume');
    expect(one.commands('inventory', sagaId)).toHaveLength(1);
    expect(await heldSteps(one)).toEqual([]);
  });

  it('places no hold for silence on a command that an operator holds already', async () => {
    const one = orchestrator({ silence: '1ms' });
    const sagaId = await begun(one);
    await byHand(one, { definition: 'failsFast', step: 'stock' });
    one.startTimers();
    await untilHeld(one, sagaId);
    expect(one.holds.all).toMatchObject([{ cause: 'by-hand' }]);
  });

  it('records a held step, and its release, in the transaction that saves its saga', async () => {
    const one = orchestrator();
    const hold = await byHand(one, { service: 'inventory' });
    const sagaId = await begun(one, 'calm');
    const atOnce = `SELECT held_step.xmin = saga.xmin AS "atOnce", released_at IS NOT NULL AS released
      FROM held_step JOIN saga ON saga_id = id`;
    expect(await one.sql(atOnce)).toEqual([{ atOnce: true, released: false }]);
    await one.holds.end(hold, { by: 'ada', reason: 'a test' });
    await one.runHoldMonitor();
    expect(await one.sql(atOnce)).toEqual([{ atOnce: true, released: true }]);
    await one.runner.handleBatch([succeed(lastCommand(one, sagaId))]);
    expect(await heldSteps(one)).toEqual([]);
  });

  it('releases, after ten seconds, the sagas that a dead instance had claimed', async () => {
    const one = orchestrator();
    const hold = await byHand(one, { service: 'inventory' });
    const sagaId = await begun(one, 'calm');
    await one.holds.end(hold, { by: 'ada', reason: 'a test' });
    const definitions = [{ name: 'calm', version: 1, held: [] }];
    expect(await one.holdStore.claimReleased(10, definitions)).toMatchObject([{ sagaId }]);
    await one.runHoldMonitor();
    expect(one.commands('inventory', sagaId)).toEqual([]);
    await one.sql(`UPDATE held_step SET claimed_at = claimed_at - interval '10 s'`);
    await one.runHoldMonitor();
    expect(one.commands('inventory', sagaId)).toHaveLength(1);
  });

  it('compensates a held saga at its deadline', async () => {
    const one = orchestrator();
    await one.holds.place({ where: { service: 'payment' }, cause: 'by-hand', by: 'ada', reason: 'a test' });
    const sagaId = await begun(one, 'failsFast');
    await one.runner.handleBatch([succeed(lastCommand(one, sagaId))]);
    expect((await stateOf(one, sagaId)).steps.payment).toMatchObject({ status: 'PENDING', held: {} });
    await one.operate(sagaId, 'cancel');
    await one.runner.handleBatch([incomingReply(lastCommand(one, sagaId), 'success')]);
    expect((await stateOf(one, sagaId)).status).toBe('COMPENSATED');
  });
});
