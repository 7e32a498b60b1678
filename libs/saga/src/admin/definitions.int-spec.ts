import { defineSaga } from '../definition';
import { AdminUnderTest } from '../../test/admin-under-test';
import { anOrder, capturePayment, commitStock, Order, placeOrder } from '../../test/sample-saga';
import { bookHotel, bookTrip } from '../../test/sample-shapes';
import type { DefinitionDetail, DefinitionList } from './definition.view';
import { flowchartOf } from './flowchart';

const newer = defineSaga({ name: 'place-order', version: 2, input: Order })
  .pivot('capture', { invoke: capturePayment, payload: () => ({ authorizationId: 'a-1' }), timeout: '90s' })
  .retriable('commit', { invoke: commitStock, payload: anOrder })
  .build();

let admin: AdminUnderTest;

beforeAll(async () => {
  admin = await AdminUnderTest.start([newer, placeOrder, bookTrip, bookHotel]);
});

afterAll(() => admin?.stop());

async function get<Body>(path: string, status = 200): Promise<Body> {
  const response = await admin.get(path);
  expect(response.status).toBe(status);
  return response.body as Body;
}

describe('GET /v1/definitions', () => {
  it('lists all versions of the definitions with their stages', async () => {
    const { items } = await get<DefinitionList>('definitions');
    expect(items.map(({ name, version }) => [name, version])).toEqual([
      ['place-order', 2],
      ['place-order', 1],
      ['book-trip', 1],
      ['book-hotel', 1],
    ]);
    expect(items[1]).toMatchObject({ deadlineMs: 900_000 });
    expect(items[1]?.stages.map(({ steps }) => steps.map(({ name }) => name))).toEqual([
      ['order'],
      ['stock', 'payment'],
      ['capture'],
      ['confirm'],
      ['commit'],
    ]);
  });
});

describe('GET /v1/definitions/:name', () => {
  it('shows the newest version', async () => {
    const definition = await get<DefinitionDetail>('definitions/place-order');
    expect(definition).toMatchObject({ name: 'place-order', version: 2, versions: [1, 2] });
    expect(definition).not.toHaveProperty('deadline');
    expect(definition.mermaid).toBe(flowchartOf(newer));
  });

  it('shows an older version with readable durations', async () => {
    const definition = await get<DefinitionDetail>('definitions/place-order?version=1');
    expect(definition).toMatchObject({ version: 1, deadline: '15m', mermaid: flowchartOf(placeOrder) });
    expect(definition.stages.map(({ steps }) => steps.map(({ name, kind }) => [name, kind]))).toEqual([
      [['order', 'compensation']],
      [
        ['stock', 'compensatable'],
        ['payment', 'compensatable'],
      ],
      [['capture', 'pivot']],
      [['confirm', 'retriable']],
      [['commit', 'retriable']],
    ]);
    const [order, stock] = [definition.stages[0]?.steps[0], definition.stages[1]?.steps[0]];
    expect(order).toEqual({
      name: 'order',
      kind: 'compensation',
      conditional: false,
      compensation: expect.objectContaining({ command: 'order.reject' }),
    });
    expect(stock?.action).toEqual({
      command: 'inventory.reserve-stock',
      service: 'inventory',
      refusals: ['out-of-stock'],
      timeout: '5s',
      attempts: 3,
      backoff: '1s, doubled up to 4s',
    });
    expect(stock?.compensation).toEqual({
      command: 'inventory.release-stock',
      service: 'inventory',
      refusals: [],
      timeout: '5s',
      backoff: '1s, doubled up to 4s',
      attentionAfter: 4,
    });
  });

  it('shows conditions, items, waits and children', async () => {
    const { stages } = await get<DefinitionDetail>('definitions/book-trip');
    const [insurance, seats, consent, hotel] = stages.flatMap(({ steps }) => steps);
    expect(insurance).toMatchObject({ name: 'insurance', conditional: true });
    expect(seats).toMatchObject({ name: 'seats', conditional: false, forEach: { concurrency: 2 } });
    expect(consent).toEqual({
      name: 'consent',
      kind: 'wait',
      conditional: false,
      wait: { signal: 'traveller-consent', timeout: '1d', otherwise: 'default', mayRefuse: true },
    });
    expect(hotel).toMatchObject({ kind: 'compensatable', child: { definition: 'book-hotel', version: 1 } });
    expect(hotel?.action).not.toHaveProperty('attempts');
  });

  it('names the registered definitions and versions when the requested one is unknown', async () => {
    expect(await get('definitions/ship-order', 404)).toMatchObject({
      detail: 'No definition is called ship-order; there are place-order, book-trip, book-hotel.',
    });
    expect(await get('definitions/place-order?version=3', 404)).toMatchObject({
      detail: 'No v3 of place-order is registered; there are v1, v2.',
    });
  });

  it.each(['version=0', 'version=new', 'version=1.5', 'version=', 'v=1'])('refuses %s', async (query) => {
    await get(`definitions/place-order?${query}`, 400);
  });
});
