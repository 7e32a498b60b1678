import { v7 as uuidV7 } from 'uuid';
import type { Command } from '../contract';
import { SagaRunner } from '../runner/saga-runner';
import { AdminUnderTest } from '../../test/admin-under-test';
import { aStart, incomingReply } from '../../test/messages';
import { anOrder, placeOrder, reserved } from '../../test/sample-saga';
import type { SagaDetail, SagaPage } from './saga.view';

let admin: AdminUnderTest;
/** Oldest first: seven running, one paused, one with an unknown definition. */
const ids = Array.from({ length: 9 }, () => uuidV7());

beforeAll(async () => {
  admin = await AdminUnderTest.start([placeOrder]);
  await startSagas();
});

afterAll(() => admin?.stop());

async function startSagas(): Promise<void> {
  const starts = ids.map((sagaid, n) =>
    aStart(n === 8 ? 'ship-order' : 'place-order', anOrder(), { sagaid, subject: `shop/${n}` }),
  );
  await admin.knows('ship-order');
  await admin.begin(...starts);
  const event = { kind: 'pause', by: 'ada', reason: 'to look' } as const;
  await admin.app.get(SagaRunner).advance([{ sagaId: ids[7]!, event }]);
}

async function get<Body>(path: string, status = 200): Promise<Body> {
  const response = await admin.get(path);
  expect(response.status).toBe(status);
  return response.body as Body;
}

const list = async (query: string): Promise<string[]> => {
  const { items } = await get<SagaPage>(`sagas?${query}`);
  return items.map(({ id }) => id);
};

describe('GET /v1/sagas', () => {
  it('lists sagas, newest first', async () => {
    expect(await list('')).toEqual(ids.toReversed());
  });

  it('shows the state of each saga', async () => {
    const invoked = { direction: 'action', waitsFor: 'reply', attempt: 1, attempts: 3, sends: 1 };
    const { items } = await get<SagaPage>('sagas?status=PAUSED&definition=place-order');
    expect(items).toEqual([
      {
        id: ids[7],
        definition: 'place-order',
        version: 1,
        status: 'PAUSED',
        subject: 'shop/7',
        revision: 2,
        startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        pause: { reason: 'operator', detail: 'ada: to look', since: expect.stringMatching(/Z$/) },
        diagnosis: { code: 'paused-by-operator', summary: 'An operator paused it, ada: to look' },
        held: false,
        deadline: expect.stringMatching(/Z$/),
        pastPivot: false,
        standsAt: [
          { name: 'stock', command: 'inventory.reserve-stock', service: 'inventory', ...invoked },
          { name: 'payment', command: 'payment.authorize', service: 'payment', ...invoked },
        ],
        attributes: [],
      },
    ]);
  });

  it.each([
    ['status=PAUSED', [8, 7]],
    ['definition=ship-order', [8]],
    ['definition=place-order&limit=3', [7, 6, 5]],
    ['definition=place-order&status=PAUSED', [7]],
    ['subject=shop%2F3', [3]],
    ['subject=shop%2F3&status=PAUSED', []],
    ['status=RUNNING&limit=2', [6, 5]],
    ['subject=%27%3B%20DROP%20TABLE%20saga', []],
    ['q=shop%2F4', [4]],
    ['q=shop%2F4&status=PAUSED', []],
    ['q=shop%25', []],
    ['q=shop_', []],
  ])('filters by %s', async (query, expected) => {
    expect(await list(query)).toEqual(expected.map((n) => ids[n]));
  });

  it.each([8, 13, 20, 36])('finds a saga by the first %i characters of its id', async (length) => {
    const first = ids[0]!.slice(0, length);
    expect(await list(`q=${first.toUpperCase()}`)).toEqual(ids.filter((id) => id.startsWith(first)).toReversed());
  });

  it('pages to the end while new sagas start', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page: SagaPage = await get(`sagas?limit=4${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      if (seen.length === 4) await admin.begin(aStart('place-order', anOrder(), { subject: 'later' }));
    } while (cursor !== undefined);
    expect(seen).toEqual(ids.toReversed());
  });

  it('returns no cursor after the last page, even when the page is full', async () => {
    expect(await get<SagaPage>('sagas?limit=7&status=RUNNING&subject=shop%2F1')).not.toHaveProperty('nextCursor');
    expect(await get<SagaPage>('sagas?limit=1&definition=ship-order')).not.toHaveProperty('nextCursor');
  });

  it.each([
    ['status=DANCING', 'status'],
    ['status=', 'status'],
    ['limit=0', 'limit'],
    ['limit=1000', 'limit'],
    ['limit=many', 'limit'],
    ['limit=1.5', 'limit'],
    ['cursor=nonsense', 'cursor'],
    [`cursor=${'A'.repeat(22)}`, 'cursor'],
    ['definition=', 'definition'],
    ['definition=%00', 'definition'],
    ['subject=a%00b', 'subject'],
    ['subject=a&subject=b', 'subject'],
    [`subject=${'a'.repeat(600)}`, 'subject'],
    ['q=abc', 'q'],
    ['colour=red', 'colour'],
  ])('rejects %s and names the field', async (query, field) => {
    const { errors } = await get<{ errors: { field: string; problem: string }[] }>(`sagas?${query}`, 400);
    expect(errors.map((error) => error.field)).toContain(field);
  });
});

describe('GET /v1/sagas/:id', () => {
  it('shows the steps and the whole history of a saga', async () => {
    const id = ids[0]!;
    const command = admin.transport.sent<Command>('inventory.commands').find(({ sagaid }) => sagaid === id)!;
    await admin.transport.deliver(incomingReply(command, 'success', reserved));
    await admin.transport.deliver(incomingReply(command, 'success', reserved));
    const saga = await get<SagaDetail>(`sagas/${id}`);
    expect(saga).toMatchObject({ id, status: 'RUNNING', revision: 3, subject: 'shop/0', input: anOrder() });
    expect(saga.steps.map(({ name, kind, stage, status }) => [name, kind, stage, status])).toEqual([
      ['order', 'compensation', 0, 'DONE'],
      ['stock', 'compensatable', 1, 'DONE'],
      ['payment', 'compensatable', 1, 'INVOKED'],
      ['capture', 'pivot', 2, 'PENDING'],
      ['confirm', 'retriable', 3, 'PENDING'],
      ['commit', 'retriable', 4, 'PENDING'],
    ]);
    expect(saga.steps[1]).toMatchObject({ command: 'inventory.reserve-stock', commandId: command.id, reply: reserved });
    expect(saga.history.map(({ seq, ignored }) => [seq, ignored])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 'not-awaited'],
    ]);
    expect(saga.history[0]?.sent).toMatchObject([
      { command: 'inventory.reserve-stock' },
      { command: 'payment.authorize' },
    ]);
  });

  it('shows a saga whose definition is unknown', async () => {
    const saga = await get<SagaDetail>(`sagas/${ids[8]}`);
    expect(saga).toMatchObject({ status: 'PAUSED', pause: { reason: 'definition-missing' }, steps: [] });
  });

  it('answers 404 for an unknown id', async () => {
    const id = uuidV7();
    expect(await get(`sagas/${id}`, 404)).toMatchObject({ detail: `No saga has the id ${id}.` });
  });

  it('answers 400 for an id that is not a UUID', async () => {
    expect(await get('sagas/first', 400)).toMatchObject({ errors: [{ field: 'id', problem: 'must be a UUID' }] });
  });
});
