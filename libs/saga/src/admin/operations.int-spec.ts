import type { Response } from 'supertest';
import { v7 as uuidV7 } from 'uuid';
import { AdminUnderTest } from '../../test/admin-under-test';
import type { Command } from '../contract';
import { aStart, incomingReply } from '../../test/messages';
import { anOrder, authorized, placeOrder, reserved } from '../../test/sample-saga';
import type { OperatorActionPage } from './operator-action.view';
import type { SagaDetail, StepView } from './saga.view';

let admin: AdminUnderTest;

beforeAll(async () => {
  // Most commands of these tests get no reply, and the default would hold them after ten seconds.
  admin = await AdminUnderTest.start([placeOrder], { holdAfter: 'never' });
});

afterAll(() => admin?.stop());

async function started(saga = 'place-order'): Promise<string> {
  const start = aStart(saga, anOrder(), { subject: 'o-1' });
  await admin.begin(start);
  return start.sagaid;
}

interface Request {
  readonly body?: string | object;
  readonly headers?: Record<string, string>;
}

const because = { reason: 'the bank is away' };
const anyRevision = { 'if-match': '*' };

const post = (path: string, { body = because, headers = anyRevision }: Request = {}): Promise<Response> =>
  admin.post(path, body, headers);

const get = (path: string): Promise<Response> => admin.get(path);

const sagaOf = async (id: string): Promise<SagaDetail> => (await get(`sagas/${id}`)).body as SagaDetail;

async function actions(query: string): Promise<OperatorActionPage> {
  const response = await get(`operator-actions?${query}`);
  expect(response.status).toBe(200);
  return response.body as OperatorActionPage;
}

describe('POST /v1/sagas/:id/pause, resume, retry and cancel', () => {
  it('an operator action applies to the given revision, and returns the saga with its new ETag', async () => {
    const id = await started();
    const seen = await get(`sagas/${id}`);
    expect(seen.headers['etag']).toBe('"1"');
    const headers = { 'if-match': seen.headers['etag'] as string, 'x-operator': 'ada@example.com' };
    const paused = await post(`sagas/${id}/pause`, { headers });
    expect(paused.status).toBe(200);
    expect(paused.headers['etag']).toBe('"2"');
    expect(paused.body).toMatchObject({
      id,
      status: 'PAUSED',
      revision: 2,
      pause: { reason: 'operator', detail: 'ada@example.com: the bank is away' },
      availableActions: ['resume', 'cancel'],
    });
    expect((paused.body as SagaDetail).history.at(-1)).toMatchObject({
      seq: 2,
      event: { kind: 'pause', by: 'ada@example.com', reason: 'the bank is away' },
    });
  });

  it('operator actions take a saga through pause, resume and cancel to its end', async () => {
    const id = await started();
    const statuses: string[] = [];
    for (const action of ['retry', 'pause', 'resume', 'pause', 'cancel']) {
      const { body } = await post(`sagas/${id}/${action}`);
      statuses.push((body as SagaDetail).status);
    }
    expect(statuses).toEqual(['RUNNING', 'PAUSED', 'RUNNING', 'PAUSED', 'RUNNING']);
    // It compensates as soon as both branches have settled.
    await admin.answer(id, { inventory: reserved, payment: authorized });
    expect(await sagaOf(id)).toMatchObject({
      status: 'COMPENSATING',
      cause: { kind: 'cancelled', detail: 'anonymous' },
    });
  });

  it('the API accepts only the actions that the saga lists as available', async () => {
    const id = await started();
    await admin.answer(id, { inventory: reserved, payment: authorized });
    const { availableActions } = await sagaOf(id);
    expect(availableActions).toEqual(['pause', 'retry']);
    const refused = await post(`sagas/${id}/cancel`);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      type: 'urn:palinode:problem:past-the-pivot',
      detail: expect.stringContaining('The pivot step capture is INVOKED, and after it nothing is compensated.'),
    });
    for (const action of availableActions.toReversed()) expect((await post(`sagas/${id}/${action}`)).status).toBe(200);
  });

  it('a step of a paused saga waits for the operator, who says how many tries to grant', async () => {
    const id = await started();
    await admin.answer(id, { inventory: reserved });
    const [command] = admin.transport.sent<Command>('payment.commands').filter(({ sagaid }) => sagaid === id);
    const failure = incomingReply(command as Command, 'failure', { reason: 'deadlock' });
    await admin.transport.deliver(failure);
    const stepOf = ({ steps }: SagaDetail): StepView | undefined => steps.find(({ name }) => name === 'payment');
    const paymentOf = async (): Promise<StepView | undefined> => stepOf(await sagaOf(id));
    expect(await paymentOf()).toMatchObject({ waitsFor: 'next-attempt', wakeAt: expect.any(String) as string });
    const paused = (await post(`sagas/${id}/pause`)).body as SagaDetail;
    expect(stepOf(paused)).toMatchObject({ waitsFor: 'operator' });
    expect(stepOf(paused)).not.toHaveProperty('wakeAt');
    const resumed = (await post(`sagas/${id}/resume`, { body: { ...because, attempts: 3 } })).body as SagaDetail;
    expect(resumed.history.at(-1)).toMatchObject({ event: { kind: 'resume', attempts: 3 } });
    expect(stepOf(resumed)).toMatchObject({ waitsFor: 'reply', attempt: 2 });
  });

  it.each([0, 1.5, 1_001, 'many'])('a resume with %p attempts is answered with 400', async (attempts) => {
    const refused = await post(`sagas/${await started()}/resume`, { body: { ...because, attempts } });
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ errors: [{ field: 'attempts' }] });
  });

  it('an operator action changes nothing when the revision is stale', async () => {
    const id = await started();
    await admin.answer(id, { inventory: reserved });
    const stale = await post(`sagas/${id}/pause`, { headers: { 'if-match': '"1"' } });
    expect(stale.status).toBe(412);
    expect(stale.body).toMatchObject({ detail: expect.stringContaining('its ETag is now "2"') });
    expect(await sagaOf(id)).toMatchObject({ status: 'RUNNING', revision: 2 });
    expect(await actions(`saga=${id}`)).toEqual({ items: [] });
  });

  it('an operator action changes nothing when the engine ignores the action', async () => {
    const id = await started();
    expect((await post(`sagas/${id}/resume`)).status).toBe(409);
    expect(await sagaOf(id)).toMatchObject({ revision: 1 });
    expect(await actions(`saga=${id}`)).toEqual({ items: [] });
  });

  it('the response names the missing definition of a halted saga', async () => {
    await admin.knows('ship-order');
    const id = await started('ship-order');
    expect((await sagaOf(id)).availableActions).toEqual(['pause']);
    const refused = await post(`sagas/${id}/cancel`);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      type: 'urn:palinode:problem:definition-missing',
      detail: expect.stringContaining('No definition of ship-order v0 is registered'),
    });
  });

  const long = 'x'.repeat(501);
  it.each<[string, Request, number, string]>([
    ['a missing reason', { body: {} }, 400, 'reason'],
    ['an empty reason', { body: { reason: '' } }, 400, 'reason'],
    ['a reason of spaces', { body: { reason: '  ' } }, 400, 'reason'],
    ['a reason of 501 characters', { body: { reason: long } }, 400, 'reason'],
    ['a reason with a line break', { body: { reason: 'a\nb' } }, 400, 'reason'],
    ['a reason with a NUL', { body: { reason: 'a\0b' } }, 400, 'reason'],
    ['a reason that is not a string', { body: { reason: ['x'] } }, 400, 'reason'],
    ['an unknown field', { body: { ...because, force: true } }, 400, 'force'],
    ['an empty body', { body: '' }, 400, 'reason'],
    ['a body that is a list', { body: [because] }, 400, 'reason'],
    ['a body that is not JSON', { body: '{"reason":' }, 400, ''],
    ['an operator with a space', { headers: { ...anyRevision, 'x-operator': 'ada l' } }, 400, 'X-Operator'],
    ['an empty operator', { headers: { ...anyRevision, 'x-operator': '' } }, 400, 'X-Operator'],
    ['an overlong operator', { headers: { ...anyRevision, 'x-operator': long } }, 400, 'X-Operator'],
    ['an If-Match that is not an ETag', { headers: { 'if-match': '3' } }, 400, 'If-Match'],
    ['a weak If-Match', { headers: { 'if-match': 'W/"1"' } }, 412, ''],
    ['an If-Match of another ETag', { headers: { 'if-match': '"x"' } }, 412, ''],
    ['a missing If-Match', { headers: {} }, 428, ''],
  ])('an operator action with %s is rejected and changes nothing', async (_what, request, status, field) => {
    const id = await started();
    const answer = await post(`sagas/${id}/pause`, request);
    expect(answer.status).toBe(status);
    const { errors = [] } = answer.body as { errors?: { field: string }[] };
    if (field) expect(errors.map((error) => error.field)).toContain(field);
    expect(await sagaOf(id)).toMatchObject({ status: 'RUNNING', revision: 1 });
  });

  it('an operator action answers 404 for an unknown saga or action, and 400 for an id that is not a UUID', async () => {
    expect((await post(`sagas/${uuidV7()}/pause`)).status).toBe(404);
    expect((await post('sagas/first/pause')).status).toBe(400);
    expect((await post(`sagas/${uuidV7()}/dance`)).status).toBe(404);
  });
});

describe('POST /v1/sagas/:id/…?dryRun=true', () => {
  it('answers with the commands that the engine would send, and changes nothing', async () => {
    const id = await started();
    await post(`sagas/${id}/pause`);
    const { status, body, headers } = await post(`sagas/${id}/resume?dryRun=true`);
    expect(status).toBe(200);
    expect(headers['etag']).toBe('"2"');
    expect(body).toMatchObject({ id, revision: 2, status: 'PAUSED', statusAfter: 'RUNNING' });
    const { commands } = body as { commands: { command: string; again: boolean }[] };
    expect(commands.map(({ command, again }) => [command, again])).toEqual([
      ['inventory.reserve-stock', true],
      ['payment.authorize', true],
    ]);
    expect(await sagaOf(id)).toMatchObject({ status: 'PAUSED', revision: 2 });
    expect((await actions(`saga=${id}`)).items).toHaveLength(1);
  });

  it('is rejected where the action would be, for the same reason', async () => {
    const id = await started();
    const refused = await post(`sagas/${id}/resume?dryRun=true`);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ type: 'urn:palinode:problem:not-paused' });
    expect((await post(`sagas/${id}/pause?dryRun=true`, { headers: { 'if-match': '"7"' } })).status).toBe(412);
    expect((await post(`sagas/${id}/pause?dryRun=perhaps`)).body).toMatchObject({ errors: [{ field: 'dryRun' }] });
    expect(await sagaOf(id)).toMatchObject({ revision: 1 });
  });

  it('is not taken for the action when its name is misspelt', async () => {
    const id = await started();
    const refused = await post(`sagas/${id}/cancel?dryrun=true`);
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ errors: [{ field: 'dryrun', problem: 'is not known' }] });
    expect(await sagaOf(id)).toMatchObject({ revision: 1 });
  });
});

describe('POST /v1/sagas/:id/resolve', () => {
  const found = { reason: 'the bank has booked it', step: 'stock', outcome: 'success', reply: reserved };

  it('settles a command whose outcome is unknown', async () => {
    const id = await started();
    const resolved = await post(`sagas/${id}/resolve`, { body: found });
    expect(resolved.status).toBe(200);
    const [, stock] = (resolved.body as SagaDetail).steps;
    expect(stock).toMatchObject({ name: 'stock', status: 'DONE', reply: reserved, availableActions: [] });
    expect((await actions(`saga=${id}`)).items).toMatchObject([{ action: 'resolve', ...found }]);
  });

  it('lets a saga continue that waits for the answer of its pivot', async () => {
    const id = await started();
    await admin.answer(id, { inventory: reserved, payment: authorized });
    await post(`sagas/${id}/pause`);
    const failed = { reason: 'the bank knows nothing of it', step: 'capture', outcome: 'failure' };
    expect((await post(`sagas/${id}/resolve`, { body: failed })).status).toBe(200);
    expect((await post(`sagas/${id}/resume`)).body).toMatchObject({
      status: 'COMPENSATING',
      cause: { kind: 'failure' },
    });
  });

  it.each<[string, object, number, string]>([
    ['an unknown step', { ...found, step: 'moon' }, 422, 'step'],
    ['a missing step', { ...found, step: undefined }, 400, 'step'],
    ['an unknown outcome', { ...found, outcome: 'maybe' }, 400, 'outcome'],
    ['a reply that violates the contract', { ...found, reply: { reservationId: 7 } }, 400, 'reply.reservationId'],
    ['a reply that is not an object', { ...found, reply: 'r-1' }, 400, 'reply'],
    ['a missing reply', { ...found, reply: undefined }, 400, 'reply'],
    ['a missing reason', { ...found, reason: undefined }, 400, 'reason'],
  ])('rejects %s and changes nothing', async (_what, body, status, field) => {
    const id = await started();
    const answer = await post(`sagas/${id}/resolve`, { body });
    expect(answer.status).toBe(status);
    const { errors } = answer.body as { errors: { field: string }[] };
    expect(errors.map((error) => error.field)).toContain(field);
    expect(await sagaOf(id)).toMatchObject({ revision: 1 });
  });
});

describe('POST /v1/sagas/:id/skip', () => {
  it('leaves the effect in place instead of compensating it', async () => {
    const id = await started();
    await post(`sagas/${id}/cancel`);
    await admin.answer(id, { inventory: reserved, payment: authorized });
    const before = await sagaOf(id);
    expect(before.steps.find(({ name }) => name === 'stock')).toMatchObject({
      status: 'COMPENSATING',
      availableActions: ['resolve', 'skip'],
    });
    const skipped = await post(`sagas/${id}/skip`, { body: { ...because, step: 'stock' } });
    expect(skipped.status).toBe(200);
    expect((skipped.body as SagaDetail).steps.find(({ name }) => name === 'stock')).toMatchObject({
      status: 'COMPENSATION_SKIPPED',
    });
    expect((await actions(`saga=${id}&action=skip`)).items).toMatchObject([{ step: 'stock', ...because }]);
  });

  it('rejects a step that is not being compensated', async () => {
    const id = await started();
    const answer = await post(`sagas/${id}/skip`, { body: { ...because, step: 'stock' } });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ type: 'urn:palinode:problem:nothing-to-skip' });
  });
});

describe('GET /v1/operator-actions', () => {
  it('lists operator, action, time and reason, newest first', async () => {
    const id = await started();
    for (const [operator, action] of [
      ['ada', 'pause'],
      ['grace', 'resume'],
      ['ada', 'cancel'],
    ] as const) {
      await post(`sagas/${id}/${action}`, { headers: { ...anyRevision, 'x-operator': operator } });
    }
    const { items } = await actions(`saga=${id}`);
    expect(items.map(({ operator, action, revision }) => [operator, action, revision])).toEqual([
      ['ada', 'cancel', 4],
      ['grace', 'resume', 3],
      ['ada', 'pause', 2],
    ]);
    expect(items[0]).toMatchObject({ saga: id, reason: 'the bank is away', at: (await sagaOf(id)).history.at(-1)!.at });
    const idsOf = async (query: string): Promise<string[]> => (await actions(query)).items.map((each) => each.id);
    expect(await idsOf(`saga=${id}&operator=ada`)).toEqual([items[0]!.id, items[2]!.id]);
    expect(await idsOf(`saga=${id}&action=resume`)).toEqual([items[1]!.id]);
    expect((await idsOf('operator=grace')).slice(0, 1)).toEqual([items[1]!.id]);
    expect(await idsOf(`saga=${uuidV7()}`)).toEqual([]);
  });

  it('shows how the saga stood before and after, and the request', async () => {
    const id = await started();
    await post(`sagas/${id}/pause`, { headers: { ...anyRevision, 'x-request-id': 'req-7' } });
    expect((await actions(`saga=${id}&target=saga`)).items).toMatchObject([
      {
        target: 'saga',
        requestId: 'req-7',
        before: { status: 'RUNNING' },
        after: { status: 'PAUSED', pause: { reason: 'operator' } },
        position: expect.any(Number) as number,
      },
    ]);
  });

  it('pages to the end while new actions are recorded', async () => {
    const id = await started();
    for (let n = 0; n < 5; n += 1) await post(`sagas/${id}/retry`);
    const seen: (number | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const page = await actions(`saga=${id}&limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ revision }) => revision));
      cursor = page.nextCursor;
      if (seen.length === 2) await post(`sagas/${id}/retry`);
    } while (cursor !== undefined);
    expect(seen).toEqual([6, 5, 4, 3, 2]);
  });

  it.each([
    ['operator=', 'operator'],
    ['operator=a%00', 'operator'],
    ['action=dance', 'action'],
    ['saga=first', 'saga'],
    ['cursor=nonsense', 'cursor'],
    ['limit=0', 'limit'],
    ['colour=red', 'colour'],
  ])('rejects %s and names the field', async (query, field) => {
    const { status, body } = await get(`operator-actions?${query}`);
    expect(status).toBe(400);
    expect((body as { errors: { field: string }[] }).errors.map((error) => error.field)).toContain(field);
  });
});

describe('GET /v1/operator-actions/export and /verification', () => {
  it('exports every entry with its hash, as lines of JSON and as CSV', async () => {
    const id = await started();
    await post(`sagas/${id}/pause`, { body: { reason: 'a "quoted", =odd reason' } });
    const text = async (query: string): Promise<string> => {
      const { status, text: body, body: bytes } = await get(`operator-actions/export?${query}`);
      expect(status).toBe(200);
      return body ?? String(bytes);
    };
    const lines = (await text('format=ndjson')).trimEnd().split('\n');
    const last = JSON.parse(lines.at(-1) ?? '') as Record<string, string>;
    expect(last).toMatchObject({ operator: 'anonymous', action: 'pause', targetId: id, sagaId: id, seq: '2' });
    expect(Number(last['position'])).toBe(lines.length);
    const csv = (await text('format=csv')).trimEnd().split('\r\n');
    expect(csv[0]).toMatch(/^position,at,operator,action,/);
    expect(csv).toHaveLength(lines.length + 1);
    expect(csv.at(-1)).toContain(last['hash']);
    expect(csv.at(-1)).toContain('"{""kind"":""pause""');
    expect((await text(`after=${lines.length - 1}`)).trimEnd().split('\n')).toHaveLength(1);
  });

  it('verifies the log, also against an entry that was noted before', async () => {
    await post(`sagas/${await started()}/pause`);
    const { body } = await get('operator-actions/verification');
    expect(body).toEqual({ status: 'intact', last: { position: expect.any(Number), hash: expect.any(String) } });
    const { position, hash } = (body as { last: { position: number; hash: string } }).last;
    await post(`sagas/${await started()}/pause`);
    const again = await get(`operator-actions/verification?position=${position}&hash=${hash}`);
    expect(again.body).toMatchObject({ status: 'intact', last: { position: position + 1 } });
    const other = await get(`operator-actions/verification?position=${position}&hash=${'0'.repeat(64)}`);
    expect(other.body).toMatchObject({ status: 'broken', broken: { position } });
  });

  it.each([
    ['export?format=xml', 'format'],
    ['export?after=-1', 'after'],
    ['verification?position=1', 'hash'],
    ['verification?hash=00', 'position'],
  ])('rejects %s and names the field', async (path, field) => {
    const { status, body } = await get(`operator-actions/${path}`);
    expect(status).toBe(400);
    expect((body as { errors: { field: string }[] }).errors.map((error) => error.field)).toContain(field);
  });
});
