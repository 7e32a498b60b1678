import { v7 as uuidV7 } from 'uuid';
import type { Response } from 'supertest';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Command } from '../../contract';
import { AdminUnderTest } from '../../../test/admin-under-test';
import { aStart } from '../../../test/messages';
import { anOrder, authorized, placeOrder, reserved } from '../../../test/sample-saga';
import { Holds } from '../../holds/holds';
import type { OperatorActionPage } from '../operator-action.view';
import type { HoldPage, HoldView } from './hold.view';

let admin: AdminUnderTest;

beforeAll(async () => {
  // However slow the machine is, only these tests hold commands.
  admin = await AdminUnderTest.start([placeOrder], { holdAfter: 'never' });
});

afterAll(() => admin?.stop());

afterEach(async () => {
  for (const { id } of (await holds()).items) await release(id);
});

const ada = { 'x-operator': 'ada' };
const service = { service: 'payment' };
const atTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string;

const post = (body: object, headers: Record<string, string> = ada): Promise<Response> =>
  admin.post('holds', body, headers);

async function placed(where: object, more: object = {}): Promise<HoldView> {
  const response = await post({ where, reason: 'the bank is away', ...more });
  expect([response.status, response.body]).toEqual([201, expect.anything()]);
  return response.body as HoldView;
}

async function holds(query = ''): Promise<HoldPage> {
  return (await admin.get(`holds${query}`)).body as HoldPage;
}

const release = (id: string, query = 'reason=it%20is%20back'): Promise<Response> =>
  admin.delete(`holds/${id}?${query}`, ada);

async function begun(): Promise<string> {
  const start = aStart('place-order', anOrder());
  await admin.begin(start);
  return start.sagaid;
}

const sentTo = (to: string, sagaId: string): Command[] =>
  admin.transport.sent<Command>(`${to}.commands`).filter(({ sagaid }) => sagaid === sagaId);

describe('POST /v1/holds', () => {
  it('holds the commands of a service, and shows the operator and the number of waiting sagas', async () => {
    const hold = await placed(service, { ttl: '15m' });
    expect(hold).toMatchObject({ where: service, cause: 'by-hand', by: 'ada', reason: 'the bank is away', probes: 0 });
    expect(Date.parse(hold.expiresAt ?? '') - Date.parse(hold.since)).toBe(900_000);
    const ids = [await begun(), await begun()];
    for (const id of ids) {
      expect(sentTo('payment', id)).toEqual([]);
      expect(sentTo('inventory', id)).toHaveLength(1);
    }
    expect(await holds()).toEqual({ items: [{ ...hold, waiting: { sagas: 2, since: atTime } }] });
    expect((await admin.get(`holds/${hold.id.toUpperCase()}`)).body).toMatchObject({ id: hold.id });
  });

  it('holds one command, or one step of a definition', async () => {
    const [command, step] = [
      await placed({ service: 'payment', command: 'payment.capture' }),
      await placed({ definition: 'place-order', version: 1, step: 'payment' }),
    ];
    const id = await begun();
    expect(sentTo('payment', id)).toEqual([]);
    await release(step.id);
    await waitUntil('the command that was held', () => sentTo('payment', id).length === 1);
    await admin.answer(id, { inventory: reserved, payment: authorized });
    expect(sentTo('payment', id)).toHaveLength(1);
    await release(command.id);
    await waitUntil('the next command that was held', () => sentTo('payment', id).length === 2);
  });

  it('rejects a second hold on the same commands and names the first', async () => {
    const { id } = await placed(service);
    const refused = await post({ where: service, reason: 'me too' }, { 'x-operator': 'bob' });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ type: 'urn:palinode:problem:already-held' });
    const { detail } = refused.body as { detail: string };
    for (const named of ['payment', 'ada', 'the bank is away', id]) expect(detail).toContain(named);
    expect((await holds()).items).toHaveLength(1);
  });

  it.each([
    [{ service: 'shipping' }, 'where.service', 'inventory, order, payment'],
    [
      { service: 'payment', command: 'payment.refund' },
      'where.command',
      'payment.authorize, payment.capture, payment.void',
    ],
    [{ definition: 'ship-order', step: 'stock' }, 'where.definition', 'place-order'],
    [{ definition: 'place-order', version: 7, step: 'stock' }, 'where.version', '1'],
    [{ definition: 'place-order', step: 'moon' }, 'where.step', 'capture, commit, confirm, order, payment, stock'],
  ])('answers 422 for %j, and lists the known names', async (where, field, known) => {
    const refused = await post({ where, reason: 'a test' });
    expect(refused.status).toBe(422);
    expect((refused.body as { errors: object[] }).errors).toEqual([
      { field, problem: expect.stringContaining(`there are ${known}`) },
    ]);
  });

  it.each<[object, string]>([
    [{}, 'where'],
    [{ ...service, definition: 'place-order', step: 'stock' }, 'where'],
    [{ ...service, step: 'stock' }, 'where.step'],
    [{ definition: 'place-order' }, 'where.step'],
    [{ definition: 'place-order', step: 'stock', command: 'payment.void' }, 'where.command'],
  ])('answers 422 for the incomplete or contradictory place %j, and names the field', async (where, field) => {
    const refused = await post({ where, reason: 'a test' });
    expect(refused.status).toBe(422);
    expect((refused.body as { errors: { field: string }[] }).errors.map((error) => error.field)).toEqual([field]);
    expect((await holds()).items).toEqual([]);
  });

  it('says how long a hold may be', async () => {
    const { body } = await post({ where: service, reason: 'a test', ttl: '8d' });
    expect(body).toMatchObject({ detail: 'ttl must be a duration such as 90s, 15m, 2h or 7d, and at most 7d.' });
    expect((await placed(service, { ttl: '7d' })).expiresAt).toEqual(atTime);
  });

  it.each<[object, string]>([
    [{ where: { definition: 'place-order', step: 'stock', version: '1' } }, 'where.version'],
    [{ where: { ...service, instance: 3 } }, 'where.instance'],
    [{ where: 'payment' }, 'where'],
    [{ where: service, reason: ' ' }, 'reason'],
    [{ where: service, reason: undefined }, 'reason'],
    [{ where: service, ttl: 'soon' }, 'ttl'],
    [{ where: service, ttl: '0m' }, 'ttl'],
    [{ where: service, ttl: '99999d' }, 'ttl'],
    [{ where: service, ttl: '169h' }, 'ttl'],
    [{ where: service, ttl: 7 }, 'ttl'],
    [{ where: service, rate: 3 }, 'rate'],
  ])('answers 400 for %j, and names the field', async (body, field) => {
    const refused = await post({ reason: 'a test', ...body });
    expect(refused.status).toBe(400);
    expect((refused.body as { errors: { field: string }[] }).errors.map((error) => error.field)).toContain(field);
    expect((await holds()).items).toEqual([]);
  });

  it('answers 400 for an invalid operator', async () => {
    expect((await post({ where: service, reason: 'a test' }, { 'x-operator': 'ada l' })).status).toBe(400);
  });
});

describe('DELETE /v1/holds/:id', () => {
  it('ends a hold, so that waiting sagas continue, and shows the operator and the reason', async () => {
    const { id } = await placed(service);
    const sagaId = await begun();
    const ended = await release(id, 'reason=it%20is%20back&rate=5');
    expect(ended.status).toBe(200);
    expect(ended.body).toMatchObject({ id, ended: { by: 'ada', reason: 'it is back', rate: 5, at: atTime } });
    await waitUntil('the command that was held', () => sentTo('payment', sagaId).length === 1);
    expect((await holds()).items).toEqual([]);
    const { items } = await holds('?status=ended&limit=1');
    expect(items).toMatchObject([{ id, ended: { by: 'ada' }, waiting: { sagas: 0 } }]);
  });

  it('ends a hold that the orchestrator has placed', async () => {
    const hold = await admin.app.get(Holds).place({
      where: service,
      cause: 'silence',
      by: 'the orchestrator',
      reason: 'payment has answered nobody for 25 s',
    });
    expect((await holds()).items).toMatchObject([{ cause: 'silence', by: 'the orchestrator', probeAt: atTime }]);
    expect((await release(hold?.id ?? '')).status).toBe(200);
  });

  it('names the operator who has already ended the hold', async () => {
    const { id } = await placed(service);
    await release(id);
    const again = await release(id, 'reason=again');
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({
      type: 'urn:palinode:problem:hold-ended',
      detail: expect.stringContaining('ada has ended it at'),
    });
  });

  it.each([
    ['', 'reason'],
    ['reason=back&rate=0', 'rate'],
    ['reason=back&rate=1001', 'rate'],
    ['reason=back&rate=1.5', 'rate'],
    ['reason=back&rate=many', 'rate'],
    ['reason=back&force=true', 'force'],
  ])('answers 400 for ?%s, and the hold stays', async (query, field) => {
    const { id } = await placed(service);
    const refused = await release(id, query);
    expect(refused.status).toBe(400);
    expect((refused.body as { errors: { field: string }[] }).errors.map((error) => error.field)).toContain(field);
    expect((await holds()).items).toHaveLength(1);
  });

  it('answers 404 for an unknown id, and 400 for an invalid one', async () => {
    expect((await release(uuidV7())).status).toBe(404);
    expect((await release('first')).status).toBe(400);
    expect((await admin.get(`holds/${uuidV7()}`)).status).toBe(404);
  });
});

describe('GET /v1/operator-actions', () => {
  it('lists placed and ended holds among the operator actions', async () => {
    const { id } = await placed(service, { ttl: '2h' });
    await release(id, 'reason=it%20is%20back&rate=5');
    const { items } = (await admin.get(`operator-actions?hold=${id.toUpperCase()}`)).body as OperatorActionPage;
    const position = expect.any(Number) as number;
    const common = {
      id: expect.any(String) as string,
      position,
      at: atTime,
      operator: 'ada',
      target: 'hold',
      hold: id,
    };
    expect(items).toEqual([
      { ...common, action: 'release', reason: 'it is back', rate: 5, before: { where: service } },
      { ...common, action: 'hold', reason: 'the bank is away', where: service, ttl: '2h' },
    ]);
    const { items: released } = (await admin.get('operator-actions?action=release')).body as OperatorActionPage;
    expect(released[0]).toMatchObject({ hold: id });
  });

  it('does not list holds that the orchestrator placed as operator actions', async () => {
    const own = { by: 'the orchestrator', reason: 'a test' };
    const hold = await admin.app.get(Holds).place({ where: service, cause: 'failures', ...own });
    await admin.app.get(Holds).end(hold?.id ?? '', own);
    expect((await admin.get(`operator-actions?hold=${hold?.id}`)).body).toEqual({ items: [] });
  });
});

describe('GET /v1/holds', () => {
  it('pages through ended holds', async () => {
    for (let n = 0; n < 3; n += 1) await release((await placed(service)).id);
    const first = await holds('?status=ended&limit=2');
    expect(first.items).toHaveLength(2);
    const second = await holds(`?status=ended&limit=2&cursor=${first.nextCursor}`);
    expect(second.items[0]!.id < first.items[1]!.id).toBe(true);
  });

  it('rejects an unknown status', async () => {
    expect((await admin.get('holds?status=lately')).status).toBe(400);
  });
});
