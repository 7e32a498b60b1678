import { waitUntil } from '@palinode/testing-support/wait-until';
import { AdminUnderTest } from '../../../test/admin-under-test';
import { aStart } from '../../../test/messages';
import {
  anOrder,
  authorized,
  authorizePayment,
  Order,
  releaseStock,
  reserved,
  reserveStock,
} from '../../../test/sample-saga';
import { defineSaga } from '../../definition';
import type { OverviewView } from './overview.view';
import type { StatisticsView } from './statistics.view';

const orderOf = ({ input }: { input: Order }): Order => ({ orderId: input.orderId });
const OPERATOR = { 'x-operator': 'ada' };
const PATIENT = { timeout: '10h' } as const;

const placeOrder = defineSaga({ name: 'place-order', version: 1, input: Order })
  .compensatable('stock', {
    invoke: reserveStock,
    payload: orderOf,
    compensation: { invoke: releaseStock, payload: orderOf, ...PATIENT },
    ...PATIENT,
  })
  .pivot('payment', { invoke: authorizePayment, payload: orderOf, ...PATIENT })
  .build();

let admin: AdminUnderTest;

beforeAll(async () => {
  admin = await AdminUnderTest.start([placeOrder], { holdAfter: 'never' });
});

afterAll(() => admin?.stop());

async function begin(): Promise<string> {
  const start = aStart('place-order', anOrder());
  await admin.begin(start);
  return start.sagaid;
}

async function overview(): Promise<OverviewView> {
  const { status, body } = await admin.get('overview');
  expect(status).toBe(200);
  return body as OverviewView;
}

/** Waits until what happened is rolled up. */
async function overviewWhen(what: string, isSo: (seen: OverviewView) => boolean): Promise<OverviewView> {
  let seen = await overview();
  await waitUntil(what, async () => {
    seen = await overview();
    return isSo(seen);
  });
  return seen;
}

it('shows how sagas, services, broker and database are', async () => {
  const [completed, paused] = [await begin(), await begin()];
  await admin.answer(completed, { inventory: reserved });
  await admin.answer(completed, { payment: authorized });
  const { status } = await admin.post(
    `sagas/${paused}/pause`,
    { reason: 'a test' },
    {
      ...OPERATOR,
      'if-match': '"1"',
    },
  );
  expect(status).toBe(200);
  const seen = await overviewWhen('the sagas are counted', ({ definitions: [first] }) => {
    // The sagas that have not ended are read before what happened in the last hour.
    return first?.lastHour.paused === 1 && first.inFlight === 1;
  });

  const [definition] = seen.definitions;
  expect(definition).toMatchObject({
    definition: 'place-order',
    inFlight: 1,
    versions: [{ version: 1, registered: true, open: 1 }],
    lastHour: { started: 2, completed: 1, compensated: 0, paused: 1, compensatedBy: [] },
  });
  expect(Date.parse(definition!.oldestStartedAt!) % 60_000).toBe(0);
  expect(definition!.lastHour.slowestStep).toMatchObject({ p99: expect.any(Number) as number });
  expect(seen.incidents).toEqual({ incidents: 1, sagas: 1 });
  expect(seen.orchestrator).toMatchObject({ status: 'ok', lag: 0 });
  expect(seen.broker.status).toBe('up');
  expect(seen.database.version).toMatch(/^\d+/);
  expect(seen.deadLetters).toEqual({ count: 0 });
  expect(seen.overdueTimers).toEqual({ count: 0 });
  const payment = seen.services.find(({ service }) => service === 'payment');
  expect(payment).toMatchObject({ lag: 0, holds: [], slowestHandler: { command: 'payment.authorize' } });
  expect(Date.parse(payment!.lastReplyAt!)).toBeGreaterThan(0);
});

it('shows the instances of the orchestrator and what they run', async () => {
  const { orchestrator } = await overviewWhen('it has reported', (seen) => seen.orchestrator.instances.length > 0);
  const [instance] = orchestrator.instances;
  expect(instance!.name).toMatch(new RegExp(`-${process.pid}$`));
  expect(instance!.definitions).toEqual([
    { definition: 'place-order', version: 1, fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) as string },
  ]);
});

it('shows a hold at its service', async () => {
  const placed = await admin.post('holds', { where: { service: 'payment' }, reason: 'they are away' }, OPERATOR);
  expect(placed.status).toBe(201);
  const seen = await overviewWhen('it is in force', ({ holds }) => holds.length === 1);
  const held = seen.services.flatMap(({ service, holds }) => (holds.length > 0 ? service : []));
  expect(held).toEqual(['payment']);
  await admin.delete(`holds/${(placed.body as { id: string }).id}?reason=done`, OPERATOR);
});

it('says that the broker is away, and how everything else is', async () => {
  admin.transport.progressOf = async () => Promise.reject(new Error('no broker'));
  const seen = await overviewWhen('the broker is away', ({ broker }) => broker.status === 'down');
  expect(seen.broker.problem).toContain('no broker');
  expect(seen.services.map(({ lag }) => lag)).toEqual(seen.services.map(() => undefined));
  expect(seen.definitions).toHaveLength(1);
});

describe('the statistics', () => {
  const statistics = async (query = ''): Promise<StatisticsView> => {
    const { status, body } = await admin.get(`statistics${query}`);
    expect(status).toBe(200);
    return body as StatisticsView;
  };

  it('count what happened in each interval, and how the steps did', async () => {
    const sagaId = await begin();
    await admin.answer(sagaId, { inventory: reserved });
    await waitUntil('the saga is counted', async () => {
      const { series } = await statistics('?definition=place-order');
      return series.reduce((sum, { started }) => sum + started, 0) === 3;
    });
    const seen = await statistics('?definition=place-order&window=15m');
    expect(seen).toMatchObject({ definition: 'place-order', window: '15m', intervalSeconds: 60 });
    expect(seen.series).toHaveLength(15);
    expect(seen.series[0]!.at).toBe(seen.from);
    const step = seen.steps.find(({ step: name }) => name === 'stock');
    expect(step).toMatchObject({
      direction: 'action',
      command: 'inventory.reserve-stock',
      answered: 2,
    });
    const { failed, unanswered, failureShare, p50, p99 } = step!;
    expect({ failed, unanswered, failureShare }).toEqual({ failed: 0, unanswered: 0, failureShare: 0 });
    expect(p50!).toBeLessThanOrEqual(p99!);
  });

  it.each([
    ['1h', 60],
    ['3h', 180],
    ['24h', 144],
    ['7d', 168],
  ])('cover %s in %s intervals, also empty ones', async (window, intervals) => {
    const { series, to } = await statistics(`?window=${window}`);
    expect(series).toHaveLength(intervals);
    const gaps = series.slice(1).map(({ at }, index) => Date.parse(at) - Date.parse(series[index]!.at));
    expect(new Set(gaps).size).toBe(1);
    expect(Date.parse(to) - Date.parse(series.at(-1)!.at)).toBeLessThan(gaps[0]!);
    expect(series.reduce((sum, { started }) => sum + started, 0)).toBe(3);
  });

  it('refuse what they do not know', async () => {
    expect((await admin.get('statistics?window=2h')).status).toBe(400);
    expect((await admin.get('statistics?definition=no-such')).status).toBe(404);
    expect((await admin.get('statistics?since=1h')).status).toBe(400);
  });
});

it('counts a saga that waits for two holds once', async () => {
  const ids: string[] = [];
  for (const where of [{ service: 'inventory' }, { definition: 'place-order', step: 'stock' }]) {
    const placed = await admin.post('holds', { where, reason: 'stocktaking' }, OPERATOR);
    ids.push((placed.body as { id: string }).id);
  }
  await overviewWhen('both are in force', ({ holds }) => holds.length === 2);
  await begin();
  const { holds } = await overviewWhen('the saga waits', ({ heldSagas }) => heldSagas > 0);
  const { heldSagas } = await overview();
  expect([heldSagas, ...holds.map(({ waiting }) => waiting.sagas)]).toEqual([1, 1, 1]);
  for (const id of ids) await admin.delete(`holds/${id}?reason=done`, OPERATOR);
});
