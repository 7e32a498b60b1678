/* Deadlines follow the database's clock; the clock of a process must not matter. */
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { constant, defineSaga } from '../definition';
import { Sweeper } from '../messaging';
import { aStart } from '../../test/messages';
import { OrchestratorUnderTest } from '../../test/orchestrator-under-test';
import { RealServers } from '../../test/real-servers';
import { anOrder, Order, placeOrder, releaseStock, reserveStock } from '../../test/sample-saga';
import { orchestratorMigrations } from '../store/migrations';

const HOUR = 3_600_000;
const FAST = { timeout: '40ms', retry: { attempts: 3, backoff: constant('20ms') } } as const;
const orderOf = ({ input }: { input: Order }): Order => ({ orderId: input.orderId });

/** Gives up after three sends, long before its deadline. */
const fast = defineSaga({ name: 'fast', version: 1, input: Order, deadline: '15m' })
  .compensatable('stock', {
    invoke: reserveStock,
    payload: orderOf,
    compensation: { invoke: releaseStock, payload: orderOf, timeout: '1h' },
    ...FAST,
  })
  .build();

let servers: RealServers;
let orchestrator: OrchestratorUnderTest;

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

describe.each([
  ['an hour ahead', HOUR],
  ['an hour behind', -HOUR],
])('an orchestrator beside a process whose clock is %s', (_which, shiftMs) => {
  const realNow = Date.now;

  beforeEach(async () => {
    jest.spyOn(Date, 'now').mockImplementation(() => realNow() + shiftMs);
    orchestrator = new OrchestratorUnderTest(await servers.database(orchestratorMigrations), [placeOrder, fast]);
  });

  afterEach(async () => {
    await orchestrator?.stop();
    jest.restoreAllMocks();
  });

  async function started(saga: string): Promise<string> {
    const start = aStart(saga, anOrder());
    await orchestrator.start(start);
    return start.sagaid;
  }

  it('arms a timer for its instant', async () => {
    const sagaId = await started('place-order');
    const inMs = await orchestrator.timerOf(sagaId);
    expect(inMs).toBeGreaterThan(0);
    expect(inMs).toBeLessThanOrEqual(5_000);
  });

  it('resends an unanswered command and then gives it up for the missing answer, not for the deadline', async () => {
    orchestrator.startTimers();
    const sagaId = await started('fast');
    await waitUntil('the stock is released', () =>
      orchestrator.commands('inventory', sagaId).some(({ type }) => type.includes('release')),
    );
    const { state, history } = await orchestrator.find(sagaId);
    expect(state.cause?.kind).toBe('no-answer');
    expect(history.map(({ event }) => event.kind)).toEqual(['started', ...Array(3).fill('time-passed')]);
  });

  it('sweeps what a dead process left in the outbox, whatever time its id carries', async () => {
    await orchestrator.sql(`INSERT INTO outbox (id, topic, key, payload) VALUES ($1, 'left.behind', 'k', '{}')`, [
      uuidV7(),
    ]);
    const sweeper = new Sweeper(orchestrator.store.pool, orchestrator.transport, orchestrator.log, { everyMs: 50 });
    sweeper.start();
    try {
      await waitUntil('the message is sent', () => orchestrator.transport.sent('left.behind').length === 1);
    } finally {
      await sweeper.stop();
    }
  });
});
