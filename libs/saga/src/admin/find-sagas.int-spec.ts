import { isDeepStrictEqual } from 'node:util';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Command } from '../contract';
import { DefinitionRegistry, type CommandSpec } from '../definition';
import { SagaRunner } from '../runner/saga-runner';
import { SagaSearch, SearchRepair } from '../store';
import { AdminUnderTest } from '../../test/admin-under-test';
import { aStart, incomingReply } from '../../test/messages';
import { RecordingLog } from '../../test/recording-log';
import { authorized, placeOrder, reserved, type Order } from '../../test/sample-saga';
import type { SagaDetail, SagaPage } from './saga.view';

const unhurried = (spec: CommandSpec | undefined): CommandSpec | undefined => spec && { ...spec, timeoutMs: 3_600_000 };

/** Nothing is sent again during the test. The customer is the part of the order's id before the dash. */
const findable = {
  ...placeOrder,
  stages: placeOrder.stages.map(({ steps }) => ({
    steps: steps.map((step) => ({
      ...step,
      action: unhurried(step.action),
      compensation: unhurried(step.compensation),
    })),
  })),
  attributes: ({ orderId }: Order) => ({
    customer: orderId.split('-')[0],
    sku: ['cup', `cup-of-${orderId}`],
    card: { sensitive: `card-4242-${orderId}` },
    nothing: undefined,
  }),
};

const NAMES = [
  'running',
  'capturing',
  'compensating',
  'compensated',
  'paused',
  'completed',
  'compensatingPaused',
] as const;
type Name = (typeof NAMES)[number];

let admin: AdminUnderTest;
const ids = Object.fromEntries(NAMES.map((name) => [name, uuidV7()])) as Record<Name, string>;
const orders: Record<Name, string> = {
  running: 'ada-1',
  capturing: 'ada-2',
  compensating: 'ada-3',
  compensated: 'bob-4',
  paused: 'bob-5',
  completed: 'eve-6',
  compensatingPaused: 'eve-7',
};

beforeAll(async () => {
  admin = await AdminUnderTest.start([findable]);
  for (const name of NAMES)
    await admin.begin(
      aStart('place-order', { orderId: orders[name] }, { sagaid: ids[name], subject: `order/${orders[name]}` }),
    );
  await admin.answer(ids.capturing, { inventory: reserved, payment: authorized });
  for (const id of [ids.compensating, ids.compensated, ids.compensatingPaused]) await turnBack(id);
  await admin.answer(ids.compensated, { payment: undefined });
  await admin.answer(ids.compensated, { order: undefined });
  await admin.answer(ids.completed, { inventory: reserved, payment: authorized });
  await admin.answer(ids.completed, { payment: undefined });
  await admin.answer(ids.completed, { order: undefined });
  await admin.answer(ids.completed, { inventory: undefined });
  for (const id of [ids.paused, ids.compensatingPaused]) await pause(id);
});

afterAll(() => admin?.stop());

/** Stock is refused, so the payment is voided. */
async function turnBack(id: string): Promise<void> {
  const command = admin.transport.sent<Command>('inventory.commands').find(({ sagaid }) => sagaid === id)!;
  await admin.transport.deliver(incomingReply(command, 'refusal', { reason: 'out-of-stock' }));
  await admin.answer(id, { payment: authorized });
}

async function pause(sagaId: string): Promise<void> {
  const event = { kind: 'pause', by: 'ada', reason: 'to look' } as const;
  await admin.app.get(SagaRunner).advance([{ sagaId, event }]);
}

async function get<Body>(path: string, status = 200): Promise<Body> {
  const response = await admin.get(path);
  expect([response.status, response.status === status ? '' : response.text]).toEqual([status, '']);
  return response.body as Body;
}

/** The names of the sagas that a list finds. */
async function found(query: string): Promise<string[]> {
  const { items, total } = await get<SagaPage>(`sagas?${query}`);
  expect(total).toEqual({ count: items.length, atLeast: false });
  return items.map(({ id }) => NAMES.find((name) => ids[name] === id) ?? id);
}

const problems = async (path: string, status: 400 | 422): Promise<{ field: string; problem: string }[]> =>
  (await get<{ errors: { field: string; problem: string }[] }>(path, status)).errors;

describe('the filters of GET /v1/sagas', () => {
  it.each<[string, readonly Name[]]>([
    ['status=PAUSED,COMPENSATED', ['compensated', 'paused', 'compensatingPaused']],
    ['status=RUNNING&status=COMPLETED', ['running', 'capturing', 'completed']],
    ['reason=operator', ['paused', 'compensatingPaused']],
    ['reason=needs-attention,broken-contract', []],
    ['cause=refusal', ['compensating', 'compensated', 'compensatingPaused']],
    ['cause=refusal&status=PAUSED', ['compensatingPaused']],
    ['cause=deadline', []],
    ['step=capture', ['capturing']],
    ['step=stock', ['running', 'compensated', 'paused']],
    ['step=stock,capture&status=RUNNING', ['running', 'capturing']],
    ['service=payment&status=RUNNING,COMPENSATING', ['running', 'capturing', 'compensating']],
    ['service=inventory&status=COMPENSATED', ['compensated']],
    ['service=order', []],
    ['definition=place-order&version=1&status=COMPLETED', ['completed']],
    ['definition=place-order&version=2', []],
    ['stuck=true', ['paused', 'compensatingPaused']],
    ['stuck=false', ['running', 'capturing', 'compensating', 'compensated', 'completed']],
    ['startedAfter=2001-01-01T00:00:00Z&startedBefore=2002-01-01T00:00:00%2B02:00', []],
    ['startedAfter=2001-01-01T00:00:00.5Z&status=RUNNING', ['running', 'capturing']],
    ['startedBefore=2001-01-01T00:00:00Z', []],
    ['endedAfter=2001-01-01T00:00:00Z', ['compensated', 'completed']],
    ['endedBefore=2001-01-01T00:00:00Z', []],
    ['endedAfter=2001-01-01T00:00:00Z&status=RUNNING', []],
    ['attribute=customer:ada', ['running', 'capturing', 'compensating']],
    ['attribute=customer:ada&attribute=sku:cup-of-ada-2', ['capturing']],
    ['attribute=customer:ada&attribute=sku:cup-of-bob-4', []],
    ['attribute=sku:cup&status=COMPLETED', ['completed']],
    ['attribute=sku:cup&endedAfter=2001-01-01T00:00:00Z', ['compensated', 'completed']],
    ['attribute=customer:ad', []],
    ['attribute=card:card-4242-bob-5', ['paused']],
    ['attribute=card:~ob-5~', []],
    ['q=card-4242-bob-5', ['paused']],
    ['q=cup-of-eve-6', ['completed']],
    ['q=cup-of-eve-6&status=RUNNING', []],
    ['q=order/ada', ['running', 'capturing', 'compensating']],
    ['q=cup-of-nobody', []],
  ])('%s', async (query, expected) => {
    const byAge = (names: readonly string[]): string[] =>
      names.toSorted((a, b) => (ids[a as Name] < ids[b as Name] ? -1 : 1));
    expect(byAge(await found(query))).toEqual(byAge(expected));
  });

  it('find a saga under whichever of its values equals the text, once', async () => {
    const id = uuidV7();
    const input = { orderId: 'zoe-zoe' };
    await admin.begin(aStart('place-order', input, { sagaid: id, subject: 'cup-of-zoe-zoe' }));
    expect(await found('q=cup-of-zoe-zoe')).toEqual([id]);
  });

  it('find a saga by the id of any of its commands, among those that fit the other filters', async () => {
    const commands = ['inventory', 'payment', 'order']
      .flatMap((service) => admin.transport.sent<Command>(`${service}.commands`))
      .filter(({ sagaid }) => sagaid === ids.completed);
    expect(commands.length).toBeGreaterThan(3);
    for (const { id } of commands) {
      expect(await found(`q=${id}`)).toEqual(['completed']);
      expect(await found(`q=${id.slice(0, 13)}&status=COMPLETED`)).toEqual(['completed']);
      expect(await found(`q=${id}&status=RUNNING`)).toEqual([]);
    }
  });

  it.each([
    ['colour=red', 'colour', /^is not known; there are attribute, cause, .*status, .*subject, version$/],
    ['status=DANCING', 'status', /RUNNING, COMPENSATING, PAUSED, COMPLETED, COMPENSATED/],
    ['status=PAUSED,', 'status', /RUNNING/],
    ['reason=tired', 'reason', /pivot-unanswered/],
    ['cause=whim', 'cause', /refusal/],
    ['sort=biggest', 'sort', /newest, oldest/],
    ['attribute=customer', 'attribute', /must be a name and a value/],
    ['startedAfter=yesterday', 'startedAfter', /must be an instant, such as/],
    ['startedAfter=2026-02-31T00:00:00Z', 'startedAfter', /must be an instant/],
    ['startedAfter=2026-02-01T00:00:00', 'startedAfter', /must be an instant/],
    ['stuck=yes', 'stuck', /true, false/],
  ])('refuse %s with 400 and say what there is', async (query, field, problem) => {
    expect(await problems(`sagas?${query}`, 400)).toEqual([
      { field, problem: expect.stringMatching(problem) as string },
    ]);
  });

  it.each([
    ['definition=ship-order', 'definition', /^"ship-order" is no definition; there are place-order$/],
    ['version=1', 'version', /needs the definition/],
    ['step=dance', 'step', /^"dance" is no step; there are capture, commit, confirm, order, payment, stock$/],
    ['service=weather', 'service', /^"weather" is no service; there are inventory, order, payment$/],
    [
      'attribute=colour:red',
      'attribute',
      /^"colour" is no search attribute of any saga; there are card, customer, sku$/,
    ],
    [
      'endedAfter=2026-02-02T00:00:00Z&endedBefore=2026-02-01T00:00:00Z',
      'endedBefore',
      /must be later than endedAfter/,
    ],
  ])('refuse %s with 422 and say what there is', async (query, field, problem) => {
    expect(await problems(`sagas?${query}`, 422)).toEqual([
      { field, problem: expect.stringMatching(problem) as string },
    ]);
  });

  it('are those of a bulk action, with the same answers', async () => {
    const bulk = async (where: object): Promise<unknown> => {
      const body = { action: 'pause', where, dryRun: true, reason: 'a test' };
      return (await admin.post('bulk-actions', body, { 'x-operator': 'ada' })).body as unknown;
    };
    expect(await bulk({ step: 'capture', service: ['payment'], attribute: ['customer:ada'] })).toMatchObject({
      matched: 1,
      items: [{ id: ids.capturing }],
    });
    expect(await bulk({ stuck: true, status: ['PAUSED'] })).toMatchObject({ matched: 2 });
    expect(await bulk({ step: 'dance' })).toMatchObject({
      status: 422,
      errors: [{ field: 'where.step', problem: expect.stringContaining('there are capture') as string }],
    });
  });
});

describe('a bulk action that is selected by a sensitive value', () => {
  it('stores only its hash', async () => {
    const where = { attribute: ['card:card-4242-ada-1'] };
    const body = { action: 'retry', where, reason: 'a test' };
    const { body: begun } = await admin.post('bulk-actions', body, { 'x-operator': 'ada' });
    expect(begun).toMatchObject({ total: 1, where: { attribute: [expect.stringMatching(/^card:~da-1~[\w-]{22}$/)] } });
    const { rows } = await admin.store.pool.query<{ text: string }>(
      'SELECT bulk_action::text AS text FROM bulk_action',
    );
    expect(rows).toEqual([{ text: expect.not.stringContaining('card-4242') as string }]);
  });
});

describe('a bulk action that searches for a value', () => {
  const begin = async (q: string): Promise<{ id: string; where: { q: string } }> => {
    const { status, body } = await admin.post('bulk-actions', { action: 'retry', where: { q }, reason: 'a test' });
    expect([status, body]).toMatchObject([202, { total: expect.any(Number) as number }]);
    return body as { id: string; where: { q: string } };
  };

  it('acts on the sagas that have it, also where it is sensitive and only its hash is stored', async () => {
    const { id, where } = await begin('card-4242-ada-1');
    expect(where).toEqual({ q: expect.stringMatching(/^~da-1~[\w-]{22}$/) });
    expect(await found(`q=${encodeURIComponent(where.q)}`)).toEqual(['running']);
    await waitUntil('the bulk action to act', async () => {
      const { items } = await get<{ items: object[] }>(`bulk-actions/${id}/items`);
      return isDeepStrictEqual(
        items.map((each) => [(each as { id: string }).id, (each as { status: string }).status]),
        [[ids.running, 'done']],
      );
    });
    const { rows } = await admin.store.pool.query<{ text: string }>(
      'SELECT bulk_action::text AS text FROM bulk_action UNION ALL SELECT event FROM operator_action',
    );
    expect(rows.filter(({ text }) => text.includes('card-4242'))).toEqual([]);
  });

  it('stores a text that sagas have in clear as it is, and any other as if it were sensitive', async () => {
    for (const q of ['order/bob', ids.paused, 'cup-of-ada-1']) expect((await begin(q)).where).toEqual({ q });
    expect(await new SagaSearch(admin.store).withoutSensitiveText('card-4242-nobody')).toMatch(/^~body~[\w-]{22}$/);
  });
});

describe('sagas of a former release', () => {
  it('are found by where they stand once the orchestrator has made them searchable', async () => {
    const columns = ['steps', 'services', 'cause', 'cause_step', 'cause_service']
      .map((name) => `${name} = NULL`)
      .join(', ');
    const queries = ['step=capture', 'service=inventory&status=COMPENSATED', 'cause=refusal'];
    const all = (): Promise<string[][]> => Promise.all(queries.map(found));
    const before = await all();
    expect(before.map(({ length }) => length)).toEqual([1, 1, 3]);
    await admin.store.pool.query(`UPDATE saga SET ${columns}`);
    expect(await all()).toEqual([[], [], []]);
    const repair = new SearchRepair(new DefinitionRegistry([findable]), admin.store, { log: new RecordingLog() });
    while (await repair.repair());
    expect(await all()).toEqual(before);
  });
});

describe('the order of GET /v1/sagas', () => {
  it.each(['newest', 'oldest'])('pages through the %s first, each saga once', async (sort) => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const next: string = cursor === undefined ? '' : `&cursor=${cursor}`;
      const page = await get<SagaPage>(`sagas?limit=2&sort=${sort}&q=order/${next}`);
      expect(page.total).toEqual(cursor === undefined ? { count: NAMES.length, atLeast: false } : undefined);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    const oldestFirst = NAMES.map((name) => ids[name]);
    expect(seen).toEqual(sort === 'oldest' ? oldestFirst : oldestFirst.toReversed());
  });

  it('is by the end where the end is filtered', async () => {
    const list = (sort: string): Promise<string[]> => found(`endedAfter=2001-01-01T00:00:00Z&sort=${sort}`);
    // The saga that was compensated began before the completed one, and ended before it.
    expect(await list('oldest')).toEqual(['compensated', 'completed']);
    expect(await list('newest')).toEqual(['completed', 'compensated']);
  });
});

describe('a saga in a list', () => {
  it('says where it stands, how often that was tried, and by what it is found', async () => {
    const { items } = await get<SagaPage>('sagas?step=capture');
    expect(items).toMatchObject([
      {
        id: ids.capturing,
        pastPivot: true,
        standsAt: [
          {
            name: 'capture',
            direction: 'action',
            command: 'payment.capture',
            service: 'payment',
            waitsFor: 'reply',
            attempt: 1,
            attempts: 3,
            sends: 1,
            wakeAt: expect.any(String) as string,
          },
        ],
        attributes: [
          { name: 'customer', values: ['ada'], sensitive: false },
          { name: 'sku', values: ['cup', 'cup-of-ada-2'], sensitive: false },
          { name: 'card', values: ['…da-2'], sensitive: true },
        ],
      },
    ]);
    expect(items[0]).not.toHaveProperty('deadline');
  });

  it('says until when it may be compensated, and how a step last failed', async () => {
    const { items: running } = await get<SagaPage>('sagas?status=RUNNING&step=payment&attribute=customer:ada');
    expect(running).toMatchObject([{ id: ids.running, pastPivot: false, deadline: expect.any(String) as string }]);
    const { items } = await get<SagaPage>('sagas?status=COMPENSATED');
    expect(items).toMatchObject([{ standsAt: [], cause: { kind: 'refusal', step: 'stock' } }]);
    const id = uuidV7();
    await admin.begin(aStart('place-order', { orderId: 'eve-8' }, { sagaid: id }));
    const command = admin.transport.sent<Command>('payment.commands').find(({ sagaid }) => sagaid === id)!;
    await admin.transport.deliver(incomingReply(command, 'failure', { reason: 'error', detail: 'no route' }));
    const saga = await get<SagaDetail>(`sagas/${id}`);
    expect(saga.lastFailure).toEqual({ step: 'payment', reason: 'error', detail: 'no route' });
  });

  it('stores no sensitive value beside its input', async () => {
    const { pool } = admin.store;
    const { rows } = await pool.query<{ value: string }>(`SELECT value FROM saga_attribute WHERE name = 'card'`);
    expect(rows.length).toBeGreaterThanOrEqual(NAMES.length);
    expect(rows.map(({ value }) => value).filter((value) => value.includes('card-'))).toEqual([]);
  });
});

describe('an id that is a business key', () => {
  it.each(['sagas/%s', 'sagas/%s/diagnosis'])('is answered by %s with the saga that has it', async (path) => {
    const [subject, id] = [uuidV7(), uuidV7()];
    await admin.begin(aStart('place-order', { orderId: 'eve-9' }, { sagaid: id, subject }));
    expect(await get(path.replace('%s', subject), 404)).toMatchObject({
      detail: `No saga has the id ${subject}. It is the business key of the saga ${id} (place-order, RUNNING).`,
      sagas: [{ id, definition: 'place-order', status: 'RUNNING' }],
    });
  });

  it('is found even if it is no UUID', async () => {
    expect(await get('sagas/order%2Fada-1', 404)).toMatchObject({ sagas: [{ id: ids.running }] });
    expect(await get('sagas/order%2Fnobody', 400)).toMatchObject({ errors: [{ field: 'id' }] });
  });
});
