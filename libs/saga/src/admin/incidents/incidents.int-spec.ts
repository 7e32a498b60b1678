import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { AdminUnderTest } from '../../../test/admin-under-test';
import { aStart, incomingReply } from '../../../test/messages';
import { anOrder, authorized, placeOrder, reserved } from '../../../test/sample-saga';
import type { Command } from '../../contract';
import { DefinitionRegistry } from '../../definition';
import { SagaRunner } from '../../runner';
import { IncidentRepair, SagaStore } from '../../store';
import { RecordingLog } from '../../../test/recording-log';
import type { SagaDetail, SagaPage } from '../saga.view';
import type { IncidentList, IncidentView } from './incident.view';

let admin: AdminUnderTest;

beforeAll(async () => {
  admin = await AdminUnderTest.start([placeOrder], { holdAfter: 'never' });
});

afterAll(() => admin?.stop());

beforeEach(async () => {
  // TRUNCATE would wait for the orchestrator's tasks, which wait for each other's tables.
  for (const table of ['saga', 'saga_history', 'saga_timer', 'outbox', 'saga_incident', 'held_step', 'dead_letter'])
    await sql(`DELETE FROM ${table}`);
});

const sql = async (text: string): Promise<unknown> => admin.app.get(SagaStore).pool.query(text);

async function started(subject = 'o-1'): Promise<string> {
  const start = aStart('place-order', anOrder(), { subject });
  await admin.begin(start);
  return start.sagaid;
}

/** A saga that is paused past its pivot: its confirmation failed with this error as often as the policy allows. */
async function failing(error: string, subject?: string): Promise<string> {
  const id = await started(subject);
  await admin.answer(id, { inventory: reserved, payment: authorized });
  await admin.answer(id, { payment: {} });
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    const command = admin.transport.sent<Command>('order.commands').findLast(({ sagaid }) => sagaid === id);
    if (command === undefined) throw new Error('Nothing was sent to order.');
    await admin.transport.deliver(incomingReply(command, 'failure', { reason: 'Error', detail: error }));
    if (attempt < 4) await operate(id, 'retry');
  }
  return id;
}

async function paused(reason: string, subject?: string): Promise<string> {
  const id = await started(subject);
  await operate(id, 'pause', reason);
  return id;
}

async function operate(id: string, action: string, reason = 'a test'): Promise<void> {
  const { status, body } = await admin.post(
    `sagas/${id}/${action}`,
    { reason },
    { 'if-match': '*', 'x-operator': 'ada' },
  );
  if (status !== 200) throw new Error(JSON.stringify(body));
}

async function incidents(query = ''): Promise<IncidentList> {
  const { status, body } = await admin.get(`incidents?${query}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as IncidentList;
}

async function only(query = ''): Promise<IncidentView> {
  const { items } = await incidents(query);
  expect(items).toHaveLength(1);
  return items[0]!;
}

/** The plan of the statement about incidents that a request runs; the instance itself runs others meanwhile. */
async function planOf(request: () => Promise<unknown>): Promise<string> {
  const { pool } = admin.app.get(SagaStore);
  const query = jest.spyOn(pool, 'query');
  await request();
  const calls = query.mock.calls as unknown as [text: unknown, values: unknown[]][];
  const [text, values] = calls.find(([each]) => String(each).includes('saga_incident')) as [string, unknown[]];
  query.mockRestore();
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

const idsOf = async (query: string): Promise<string[]> =>
  ((await admin.get(`sagas?${query}`)).body as SagaPage).items.map(({ id }) => id);

describe('GET /v1/incidents', () => {
  it('is empty while nothing stands', async () => {
    await started();
    expect(await incidents()).toEqual({ items: [], incidents: 0, sagas: 0 });
  });

  it('groups sagas whose errors differ in ids and numbers only, and shows what they have in common', async () => {
    const first = await failing('no order 17 of customer c-4', 'o-1');
    const second = await failing('no order 18 of customer c-5', 'o-2');
    const incident = await only();
    expect(incident).toEqual({
      id: expect.any(String) as string,
      status: 'PAUSED',
      reason: 'needs-attention',
      definition: 'place-order',
      step: 'confirm',
      command: 'order.confirm',
      error: 'Error: no order … of customer …',
      count: 2,
      first: expect.stringMatching(/Z$/) as string,
      last: expect.stringMatching(/Z$/) as string,
      pastPivot: 2,
      deadLetters: 0,
      sample: { saga: second, subject: 'o-2', error: 'Error: no order 18 of customer c-5' },
      remedy: { action: 'resume', text: expect.stringContaining('resume') as string },
    });
    expect(await idsOf(`incident=${incident.id}`)).toEqual([second, first]);
    expect(await idsOf(`incident=${incident.id}&subject=o-1`)).toEqual([first]);
  });

  it('keeps different errors and reasons apart, those of the most sagas first', async () => {
    await failing('no order 1');
    await paused('the bank is away');
    await paused('the bank is away');
    const list = await incidents();
    expect(list).toMatchObject({ incidents: 2, sagas: 3 });
    expect(list.items.map(({ reason, count, pastPivot }) => [reason, count, pastPivot])).toEqual([
      ['operator', 2, 0],
      ['needs-attention', 1, 1],
    ]);
    expect(await incidents('limit=1')).toMatchObject({ items: [{ count: 2 }], incidents: 2, sagas: 3 });
  });

  it('forgets a saga that was resumed, and gives the same id when it stands again', async () => {
    const id = await paused('the bank is away');
    const before = await only();
    await operate(id, 'resume');
    expect(await incidents()).toMatchObject({ items: [] });
    expect(await idsOf(`incident=${before.id}`)).toEqual([]);
    await operate(id, 'pause', 'the bank is away');
    expect((await only()).id).toBe(before.id);
  });

  it('counts the open dead letters of its sagas', async () => {
    const id = await failing('no order 1');
    const values = `'order', 'handler-failed', 'x', 'order.commands', 0, 1, '[]', 1, false, '\\x00'`;
    const columns = 'service, reason, detail, topic, partition, "offset", headers, bytes, cut, digest';
    await sql(`INSERT INTO dead_letter (id, saga_id, ${columns}) VALUES ('${uuidV7()}', '${id}', ${values})`);
    expect(await only()).toMatchObject({ deadLetters: 1 });
    await sql(`UPDATE dead_letter SET status = 'discarded'`);
    expect(await only()).toMatchObject({ deadLetters: 0 });
  });

  it('shows sagas that were compensated only on request, by their cause', async () => {
    const id = await started();
    await operate(id, 'cancel', 'the customer called');
    await admin.answer(id, { inventory: reserved, payment: authorized });
    for (const service of ['inventory', 'payment', 'order']) await admin.answer(id, { [service]: {} });
    expect(((await admin.get(`sagas/${id}`)).body as SagaDetail).status).toBe('COMPENSATED');
    expect(await incidents()).toMatchObject({ items: [] });
    expect(await only('status=COMPENSATED')).toMatchObject({
      status: 'COMPENSATED',
      reason: 'cancelled',
      error: 'the customer called: ada',
      count: 1,
      sample: { saga: id },
    });
    await sql(`UPDATE saga_incident SET since = now() - interval '2 days'`);
    expect(await incidents('status=COMPENSATED')).toMatchObject({ items: [] });
    expect(await incidents('status=COMPENSATED&since=3d')).toMatchObject({ sagas: 1 });
  });

  it('shows sagas with a held step on request, by step and command', async () => {
    const placed = await admin.post('holds', { where: { service: 'payment' }, reason: 'INC-7' });
    const ids = [await started(), await started()];
    await paused('the bank is away');
    const incident = await only('status=HELD');
    expect(incident).toMatchObject({
      status: 'HELD',
      reason: 'held',
      definition: 'place-order',
      step: 'payment',
      command: 'payment.authorize',
      count: 3,
    });
    expect((await idsOf(`incident=${incident.id}`)).toSorted()).toEqual(expect.arrayContaining(ids));
    expect(await incidents('status=HELD,PAUSED')).toMatchObject({ incidents: 2, sagas: 4 });
    await admin.delete(`holds/${(placed.body as { id: string }).id}?reason=over`);
  });

  it('leaves out what came to its status before the period', async () => {
    await paused('the bank is away');
    await sql(`UPDATE saga_incident SET since = now() - interval '2 hours'`);
    expect(await incidents('since=1h')).toMatchObject({ items: [] });
    expect(await incidents('since=3h')).toMatchObject({ sagas: 1 });
  });

  it.each(['status=RUNNING', 'since=soon', 'limit=0', 'colour=red'])(
    'rejects %s and names the field',
    async (query) => {
      const { status, body } = await admin.get(`incidents?${query}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({ errors: [{ field: query.split('=')[0] }] });
    },
  );

  it('counts sagas in an index, and finds those of an incident in their order', async () => {
    await sql(
      `INSERT INTO saga_incident SELECT gen_random_uuid(), '${uuidV7()}', 'PAUSED', now(), false FROM generate_series(1, 20000)`,
    );
    await sql('VACUUM ANALYZE saga_incident');
    expect(await planOf(() => incidents())).toMatch(/Scan (using|on) saga_incident_groups/);
    const page = await planOf(() => idsOf(`incident=${uuidV7()}`));
    expect(page).toContain('Scan Backward using saga_incident_sagas');
    expect(page).not.toMatch(/\bSort {2}\(/);
  });
});

describe('the repair of incidents', () => {
  it('adds paused sagas that a former release left out, and removes those that stand no more', async () => {
    const id = await failing('no order 1');
    const other = await paused('the bank is away');
    const { rows: was } = await admin.app.get(SagaStore).pool.query('SELECT * FROM saga_incident ORDER BY saga_id');
    const repair = new IncidentRepair(new DefinitionRegistry([placeOrder]), admin.app.get(SagaStore), {
      log: new RecordingLog(),
    });
    await sql('DELETE FROM saga_incident');
    await repair.repair();
    expect((await admin.app.get(SagaStore).pool.query('SELECT * FROM saga_incident ORDER BY saga_id')).rows).toEqual(
      was,
    );
    await sql(`UPDATE saga SET status = 'RUNNING' WHERE id = '${id}'`);
    await repair.repair();
    expect(await only()).toMatchObject({ sample: { saga: other } });
  });

  const rowsOf = async (...sagas: readonly string[]): Promise<object[]> => {
    const { rows } = await admin.app
      .get(SagaStore)
      .pool.query(`SELECT saga_id, incident FROM saga_incident WHERE saga_id = ANY ($1::uuid[]) ORDER BY saga_id`, [
        sagas,
      ]);
    return rows as object[];
  };
  const repairOf = (): IncidentRepair =>
    new IncidentRepair(new DefinitionRegistry([placeOrder]), admin.app.get(SagaStore), { log: new RecordingLog() });
  const pause = (sagaId: string): Promise<unknown> =>
    admin.app.get(SagaRunner).advance([{ sagaId, event: { kind: 'pause', by: 'ada', reason: 'to look' } }]);
  const resume = (sagaId: string): Promise<unknown> =>
    admin.app.get(SagaRunner).advance([{ sagaId, event: { kind: 'resume', by: 'ada', reason: 'try again' } }]);

  it('leaves out a saga that is resumed while it waits to write', async () => {
    const [waiting, resumed] = [await paused('the bank is away'), await paused('the bank is away')];
    await sql('DELETE FROM saga_incident');
    const client = await admin.app.get(SagaStore).pool.connect();
    try {
      // Another instance is about to add the row of one of them.
      await client.query('BEGIN');
      await client.query(
        `INSERT INTO saga_incident (saga_id, incident, status, since, past_pivot) VALUES ($1, $1, 'PAUSED', now(), false)`,
        [waiting],
      );
      let isOver = false;
      const repairing = repairOf()
        .repair()
        .finally(() => (isOver = true));
      await waitUntil('the repair waits', async () => {
        const { rowCount } = await client.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%saga_incident%'`,
        );
        return isOver || rowCount !== 0;
      });
      await resume(resumed);
      await client.query('ROLLBACK');
      await repairing;
    } finally {
      client.release();
    }
    expect(await rowsOf(resumed)).toEqual([]);
    await repairOf().repair();
    expect(await rowsOf(waiting, resumed)).toMatchObject([{ saga_id: waiting }]);
  });

  it('leaves each saga in its incident while sagas are paused and resumed by others', async () => {
    const sagas = await Promise.all(Array.from({ length: 12 }, () => paused('the bank is away')));
    const store = admin.app.get(SagaStore);
    for (let round = 0; round < 10; round += 1) {
      // As an instance of a former release leaves them.
      await sql(`DELETE FROM saga_incident`);
      const changes = sagas.map(async (id, n) => {
        await resume(id);
        if (n % 2 === 0) await pause(id);
      });
      await Promise.all([...changes, repairOf().repair(), repairOf().repair()]);
      const wrong = await store.pool.query(
        `SELECT saga.id FROM saga LEFT JOIN saga_incident ON saga_id = saga.id
         WHERE saga.id = ANY ($1::uuid[]) AND (saga.status = 'PAUSED') <> (saga_id IS NOT NULL)`,
        [sagas],
      );
      expect(wrong.rows).toEqual([]);
      for (const id of sagas.filter((_, n) => n % 2 === 1)) await pause(id);
    }
  });
});
