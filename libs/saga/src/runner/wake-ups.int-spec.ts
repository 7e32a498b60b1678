/*
 * Rule 6 in the database: every live saga has a wake-up and a timer that brings it, whatever fails. And the statistics: they
 * say what the histories say.
 */
import * as fc from 'fast-check';
import type { Command } from '../contract';
import { SagaReader } from '../admin/saga-reader';
import { constant, defineSaga, DefinitionRegistry } from '../definition';
import { TABLES } from '../messaging';
import { StatisticsStore } from '../statistics';
import { aStart, incomingReply } from '../../test/messages';
import { OrchestratorUnderTest } from '../../test/orchestrator-under-test';
import { RealServers } from '../../test/real-servers';
import { countsByDefinition, openByVersion, openOf, recount } from '../../test/recount';
import {
  anOrder,
  authorized,
  authorizePayment,
  Order,
  placeOrder,
  releaseStock,
  reserved,
  reserveStock,
  voidPayment,
} from '../../test/sample-saga';
import { orchestratorMigrations } from '../store/migrations';

const orderOf = ({ input }: { input: Order }): Order => ({ orderId: input.orderId });
const FAST = { timeout: '30ms', retry: { attempts: 4, backoff: constant('20ms'), attentionAfter: 3 } } as const;

/** Wakes up often, and pauses soon when no reply arrives. */
const fast = defineSaga({ name: 'fast', version: 1, input: Order, deadline: '2s' })
  .compensatable('stock', {
    invoke: reserveStock,
    payload: orderOf,
    compensation: { invoke: releaseStock, payload: orderOf, ...FAST },
    ...FAST,
  })
  .compensatable('payment', {
    invoke: authorizePayment,
    payload: orderOf,
    compensation: { invoke: voidPayment, payload: orderOf, ...FAST },
    ...FAST,
  })
  .build();

/**
 * Live sagas that no timer would wake in time. A claimed timer fires again within ten seconds, however late it is then.
 * The ten seconds count from the query's own clock, because a timer may be claimed after the statement has begun and
 * before it reads the row.
 */
const WITHOUT_TIMER = `
  SELECT id, status, wake_at, fire_at FROM saga LEFT JOIN saga_timer ON saga_id = id
  WHERE status IN ('RUNNING', 'COMPENSATING')
    AND (fire_at <= greatest(wake_at, clock_timestamp() + interval '10 s')) IS NOT TRUE`;

/** Sagas whose columns name another wake-up than their state. */
const CONTRADICTING = `
  SELECT id FROM saga
  WHERE (status IN ('RUNNING', 'COMPENSATING')) <> (wake_at IS NOT NULL)
     OR wake_at IS DISTINCT FROM to_timestamp((state::json->>'wakeAt')::float8 / 1000)`;

const moves = [
  'succeed',
  'succeed',
  'fail',
  'refuse',
  'pause',
  'resume',
  'retry',
  'cancel',
  'start',
  'cut',
  'crash',
] as const;
type Move = (typeof moves)[number];

const schedules = fc.array(fc.tuple(fc.constantFrom(...moves), fc.nat()), { minLength: 150, maxLength: 250 });

let servers: RealServers;

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

it('leaves no live saga without a timer and counts every event once while connections are cut and orchestrators crash between any two statements', async () => {
  await fc.assert(
    fc.asyncProperty(schedules, async (schedule) => {
      const load = new Load(await servers.database(orchestratorMigrations));
      try {
        await load.run(schedule);
        await load.expectTrueStatistics();
      } finally {
        await load.stop();
      }
    }),
    { numRuns: 3, endOnFailure: true },
  );
});

/** Two orchestrators on the same sagas, and an observer whose connection is never cut. */
class Load {
  private readonly observer: OrchestratorUnderTest;
  private readonly orchestrators: OrchestratorUnderTest[] = [];
  private readonly gone: OrchestratorUnderTest[] = [];
  private readonly sagas: string[] = [];
  private readonly played: Promise<void>[] = [];

  constructor(private readonly databaseUrl: string) {
    this.observer = new OrchestratorUnderTest(`${databaseUrl}?application_name=observer`, []);
    for (let n = 0; n < 2; n += 1) this.deploy();
  }

  async run(schedule: readonly (readonly [Move, number])[]): Promise<void> {
    await Promise.all([this.start(), this.start(), this.start()]);
    for (const [move, n] of schedule) {
      // The broker redelivers what a broken connection rejects; here another move takes its place.
      const done = this.play(move, n).catch(() => undefined);
      this.played.push(done);
      if (n % 3 === 0) await done;
      await this.expectNobodyForgotten();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(
      [...this.orchestrators, ...this.gone, this.observer].map((each) => each.stop().catch(() => undefined)),
    );
  }

  private deploy(): void {
    const deployed = new OrchestratorUnderTest(this.databaseUrl, [placeOrder, fast]);
    deployed.startTimers();
    this.orchestrators.push(deployed);
  }

  private async expectNobodyForgotten(): Promise<void> {
    expect(await this.observer.sql(WITHOUT_TIMER)).toEqual([]);
    expect(await this.observer.sql(CONTRADICTING)).toEqual([]);
  }

  /** Of all sagas, once nothing happens any more. */
  async expectTrueStatistics(): Promise<void> {
    await Promise.all(this.played);
    await Promise.all([...this.orchestrators, ...this.gone].map((each) => each.stop().catch(() => undefined)));
    const statistics = new StatisticsStore(this.observer.store.pool, TABLES);
    while (await statistics.rollUp());
    const stored = await this.observer.sql<{ id: string; definition: string; status: string }>(
      'SELECT id, definition, status FROM saga',
    );
    const told = await Promise.all(
      stored.map(async ({ id, definition }) => {
        const history = (await new SagaReader(this.observer.store).find(id))?.history ?? [];
        return { definition: definition === 'fast' ? fast : placeOrder, history };
      }),
    );
    const deltas = recount(new DefinitionRegistry([placeOrder, fast]), told);
    expect(countsByDefinition(await statistics.read(60, 0))).toEqual(countsByDefinition(deltas));
    expect(openByVersion(await statistics.open())).toEqual(openOf(deltas));
    const open = stored.filter(({ status }) => status !== 'COMPLETED' && status !== 'COMPENSATED');
    expect((await statistics.open()).reduce((sum, each) => sum + each.open, 0)).toBe(open.length);
    expect(await statistics.repairOpen()).toBe(false);
  }

  private async play(move: Move, n: number): Promise<void> {
    const orchestrator = this.orchestrators[n % this.orchestrators.length]!;
    const sagaId = this.sagas[n % this.sagas.length]!;
    switch (move) {
      case 'start':
        return this.start();
      case 'cut':
        return this.cut();
      case 'crash':
        return this.crash(orchestrator);
      case 'succeed':
      case 'fail':
      case 'refuse':
        return this.answer(orchestrator, sagaId, move, n);
      default:
        return orchestrator.operate(sagaId, move);
    }
  }

  private async start(): Promise<void> {
    const start = aStart(this.sagas.length % 3 === 0 ? 'place-order' : 'fast', anOrder());
    this.sagas.push(start.sagaid);
    await this.orchestrators[0]!.start(start);
  }

  private async answer(
    orchestrator: OrchestratorUnderTest,
    sagaId: string,
    move: 'succeed' | 'fail' | 'refuse',
    n: number,
  ): Promise<void> {
    const all = [...this.orchestrators, ...this.gone];
    const sent = all.flatMap((each) => ['inventory', 'payment'].flatMap((service) => each.commands(service, sagaId)));
    const command = sent[sent.length - 1 - (n % Math.max(1, sent.length))];
    if (command) await orchestrator.runner.handleBatch([replyTo(command, move)]);
  }

  /** Ends every connection of the orchestrators. */
  private async cut(): Promise<void> {
    await this.observer.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name <> 'observer'`,
    );
  }

  /** An orchestrator whose writes and messages no longer take effect; another one takes its place. */
  private async crash(orchestrator: OrchestratorUnderTest): Promise<void> {
    this.orchestrators.splice(this.orchestrators.indexOf(orchestrator), 1);
    this.gone.push(orchestrator);
    this.deploy();
    await orchestrator.crash();
  }
}

function replyTo(command: Command, move: 'succeed' | 'fail' | 'refuse'): ReturnType<typeof incomingReply> {
  if (move === 'fail') return incomingReply(command, 'failure', { reason: 'deadlock' });
  if (move === 'refuse') return incomingReply(command, 'refusal', { reason: 'no' });
  return incomingReply(command, 'success', command.sagastep === 'stock' ? reserved : authorized);
}
