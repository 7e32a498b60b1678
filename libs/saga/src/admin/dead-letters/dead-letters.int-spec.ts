import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Server } from 'node:http';
import supertest, { type Response } from 'supertest';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { DEAD_LETTERS, topicsOf, type Command } from '../../contract';
import { deadLetter, SAGA_TRANSPORT, type IncomingMessage, type OutgoingMessage } from '../../messaging';
import { OrchestratorModule, orchestratorMigrations } from '../../orchestrator';
import { DeadLetterRetention } from '../../dead-letters/dead-letter-retention';
import { DeadLetterStore } from '../../dead-letters/dead-letter-store';
import { HandTransport } from '../../../test/hand-transport';
import { aCommand, aReply, aStart, incoming, incomingReply, incomingStart, passedOn } from '../../../test/messages';
import { RealServers } from '../../../test/real-servers';
import { RecordingLog } from '../../../test/recording-log';
import { anOrder, placeOrder, reserved, reserveStock } from '../../../test/sample-saga';
import { AdminModule } from '../admin.module';
import type { SagaDetail } from '../saga.view';
import type { DeadLetterGroups } from './dead-letter-group.view';
import type { DeadLetterDetail, DeadLetterPage, DeadLetterSummary } from './dead-letter.view';
import { LetterFates, SagaStore } from '@palinode/saga/store';

let servers: RealServers;
let app: INestApplication<Server>;
const transport = new HandTransport();

beforeAll(async () => {
  servers = await RealServers.start();
  const databaseUrl = await servers.database(orchestratorMigrations);
  const module = await Test.createTestingModule({
    imports: [
      OrchestratorModule.forRoot({
        definitions: [placeOrder],
        kafka: { brokers: [] },
        databaseUrl,
        isGlobal: true,
        // Nobody answers the commands of these tests.
        holdAfter: 'never',
      }),
      AdminModule,
    ],
  })
    .overrideProvider(SAGA_TRANSPORT)
    .useValue(transport)
    .compile();
  app = module.createNestApplication();
  app.useLogger(false);
  await app.init();
});

afterAll(async () => {
  await app?.close();
  await servers?.stop();
});

beforeEach(async () => {
  await app.get(SagaStore).pool.query('DELETE FROM dead_letter');
});

/** Waits until everything redriven is sent, so that nothing is sent during the next test. */
afterEach(async () => {
  const underWay = `SELECT FROM dead_letter WHERE status = 'redriven' AND send_at < now() + interval '1 hour'`;
  const { pool } = app.get(SagaStore);
  await waitUntil('all that was redriven is sent', async () => (await pool.query(underWay)).rowCount === 0);
});

const replies = 'orchestrator.replies.inventory';
let offsets = 0;

/** A message at an offset of its own. */
const at = (message: Partial<IncomingMessage>): IncomingMessage => ({
  ...incoming('inventory.commands', '{'),
  offset: String((offsets += 1)),
  ...message,
});

/** Dead-letters a message as a service does, and waits until it is stored. */
async function keep(message: IncomingMessage, reason = 'unknown-type', service = 'inventory'): Promise<void> {
  transport.place(message);
  await plant(message, reason, service);
}

/** Writes a dead letter about a message that need not exist, and waits until it is stored. */
async function plant(message: IncomingMessage, reason = 'unknown-type', service = 'inventory'): Promise<void> {
  await transport.deliver(passedOn(deadLetter(message, { reason, detail: 'because' }, service, DEAD_LETTERS)));
}

/** A command without handler, as bytes. */
function strange(attributes: Partial<Command> = {}): IncomingMessage {
  const command = aCommand(reserveStock, anOrder(), { type: 'inventory.dance.v1', ...attributes });
  return at({
    key: Buffer.from(command.sagaid),
    value: Buffer.from(JSON.stringify(command)),
    headers: {
      'content-type': Buffer.from('application/cloudevents+json'),
      raw: [Buffer.from([255]), Buffer.from('b')],
    },
  });
}

const get = async (path: string): Promise<Response> => supertest(app.getHttpServer()).get(`/v1/${path}`);

async function list(query = ''): Promise<DeadLetterSummary[]> {
  const response = await get(`dead-letters?${query}`);
  expect(response.status).toBe(200);
  return (response.body as DeadLetterPage).items;
}

const detail = async (id: string): Promise<DeadLetterDetail> =>
  (await get(`dead-letters/${id}`)).body as DeadLetterDetail;

async function onlyOne(): Promise<DeadLetterDetail> {
  const letters = await list();
  expect(letters).toHaveLength(1);
  return detail(letters[0]!.id);
}

const post = async (path: string, body: object = { reason: 'INC-7' }, operator = 'ada'): Promise<Response> =>
  supertest(app.getHttpServer()).post(`/v1/dead-letters/${path}`).set('x-operator', operator).send(body);

/** What was sent to a topic since `from`. */
const sentTo = (topic: string, from: number): OutgoingMessage[] =>
  transport.published.slice(from).filter((message) => message.topic === topic);

/** How often this message was sent again since `from`; commands of running sagas do not count. */
const timesSent = ({ topic, value }: IncomingMessage, from: number): number =>
  sentTo(topic, from).filter((message) => String(message.value) === String(value)).length;

describe('a dead letter', () => {
  it('is stored once per service when the message is dead-lettered repeatedly', async () => {
    const message = strange();
    await keep(message);
    await keep(message);
    await keep(message, 'unknown-type', 'reporting');
    expect((await list()).map(({ service }) => service)).toEqual(['reporting', 'inventory']);
  });

  it('is stored again for the same offset of a recreated topic', async () => {
    await keep(at({ offset: '7', value: Buffer.from('{') }));
    await keep(at({ offset: '7', value: Buffer.from('[') }));
    expect(await list()).toHaveLength(2);
  });

  it('is shown with the whole message, and with text unencoded', async () => {
    const message = strange();
    await keep(message);
    const { sagaid, id } = JSON.parse(String(message.value)) as Command;
    expect(await onlyOne()).toEqual({
      id: expect.any(String),
      keptAt: expect.stringMatching(/Z$/),
      status: 'open',
      reason: 'unknown-type',
      detail: 'because',
      service: 'inventory',
      topic: 'inventory.commands',
      partition: 0,
      offset: message.offset,
      bytes: message.value?.length,
      cut: false,
      messageId: id,
      type: 'inventory.dance.v1',
      saga: sagaid,
      group: expect.any(String),
      key: { text: sagaid },
      value: { text: String(message.value) },
      headers: [
        { name: 'content-type', text: 'application/cloudevents+json' },
        { name: 'raw', base64: '/w==' },
        { name: 'raw', text: 'b' },
      ],
      advice: expect.stringContaining('Retry or resume the saga'),
    });
  });

  it.each([
    ['invalid UTF-8', Buffer.from([123, 255]), { base64: 'e/8=' }],
    ['a NUL character', Buffer.from('a\0'), { base64: 'YQA=' }],
    ['no value', null, undefined],
    ['an empty value', Buffer.alloc(0), { text: '' }],
    ['line breaks', Buffer.from('a\r\n\tb'), { text: 'a\r\n\tb' }],
  ])('is shown with its exact value when the message holds %s', async (_what, value, expected) => {
    await keep(at({ value }), 'no-json');
    expect((await onlyOne()).value).toEqual(expected);
  });

  it('is stored even when the record in the dead-letter topic is malformed', async () => {
    await transport.deliver(at({ topic: DEAD_LETTERS, value: Buffer.from('\0') }));
    expect(await onlyOne()).toMatchObject({ reason: 'no-dead-letter', topic: DEAD_LETTERS, service: 'unknown' });
  });

  it('is listed on its saga', async () => {
    const start = aStart('place-order', anOrder());
    await transport.deliver(incomingStart(start));
    await keep(strange({ sagaid: start.sagaid }));
    const { body } = await get(`sagas/${start.sagaid}`);
    expect((body as SagaDetail).deadLetters).toMatchObject([{ reason: 'unknown-type', saga: start.sagaid }]);
  });

  it('is stored in the same way when the orchestrator dead-lettered it', async () => {
    const before = transport.published.length;
    await transport.deliver(at({ topic: replies, value: Buffer.from('{') }));
    await transport.deliver(...sentTo(DEAD_LETTERS, before).map((message) => passedOn(message)));
    expect(await onlyOne()).toMatchObject({ service: 'orchestrator', topic: replies, reason: 'no-json' });
  });
});

describe('GET /v1/dead-letters', () => {
  it.each([
    ['topic=inventory.commands', 3],
    [`topic=${replies}`, 1],
    ['reason=no-json', 1],
    ['service=orchestrator', 1],
    ['status=open', 4],
    ['status=discarded', 0],
    ['olderThan=1h', 0],
    ['youngerThan=1h', 4],
    ['youngerThan=1h&reason=unknown-type&topic=inventory.commands', 3],
    ['topic=%27%3B%20DROP%20TABLE%20saga', 0],
  ])('filters by %s', async (query, expected) => {
    for (let n = 0; n < 3; n += 1) await keep(strange());
    await keep(at({ topic: replies }), 'no-json', 'orchestrator');
    expect(await list(query)).toHaveLength(expected);
  });

  it('filters by saga', async () => {
    const message = strange();
    await keep(message);
    await keep(strange());
    expect(await list(`saga=${String(message.key)}`)).toHaveLength(1);
  });

  it('pages to the end, newest first', async () => {
    for (let n = 0; n < 5; n += 1) await keep(strange());
    const all = (await list()).map(({ id }) => id);
    expect(all).toEqual(all.toSorted().toReversed());
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await get(`dead-letters?limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      const page = body as DeadLetterPage;
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(all);
  });

  it.each(['olderThan=soon', 'olderThan=99999999d', 'status=lost', 'saga=1', 'cursor=x', 'colour=red', 'topic=%00'])(
    'rejects %s and names the field',
    async (query) => {
      const { status, body } = await get(`dead-letters?${query}`);
      expect(status).toBe(400);
      expect(body.errors[0].field).toBe(query.split('=')[0]);
    },
  );

  it('answers 404 for an unknown id and 400 for an id that is not a UUID', async () => {
    expect((await get(`dead-letters/${uuidV7()}`)).status).toBe(404);
    expect((await get('dead-letters/first')).status).toBe(400);
  });
});

describe('POST /v1/dead-letters/:id/redrive', () => {
  it('publishes the original message again and reports who decided', async () => {
    const message = strange();
    const before = transport.published.length;
    await keep(message);
    const { id } = await onlyOne();
    const response = await post(`${id}/redrive`);
    expect(response.status).toBe(202);
    expect(response.body).toMatchObject({
      id,
      status: 'redriven',
      decision: { operator: 'ada', reason: 'INC-7', at: expect.stringMatching(/Z$/) },
    });
    await waitUntil('it is sent', async () => (await detail(id)).sentAt !== undefined);
    expect(timesSent(message, before)).toBe(1);
    const again = sentTo('inventory.commands', before).find(({ value }) => String(value) === String(message.value));
    expect(again).toEqual({
      topic: message.topic,
      key: message.key,
      value: message.value,
      headers: { 'content-type': [Buffer.from('application/cloudevents+json')], raw: message.headers?.['raw'] },
    });
  });

  it('publishes once when several operators redrive, and reports which decision counts', async () => {
    const before = transport.published.length;
    const message = strange();
    await keep(message);
    const { id } = await onlyOne();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => post(`${id}/redrive`, { reason: 'me' }, `operator-${n}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(202));
    expect(new Set(answers.map(({ body }) => (body as DeadLetterDetail).decision?.operator)).size).toBe(1);
    await waitUntil('it is sent', async () => (await detail(id)).sentAt !== undefined);
    expect(timesSent(message, before)).toBe(1);
  });

  it('accepts either a redrive or a discard, never both', async () => {
    await keep(strange());
    const { id } = await onlyOne();
    const answers = await Promise.all([post(`${id}/redrive`), post(`${id}/discard`), post(`${id}/discard`)]);
    const { status } = await detail(id);
    expect(answers.map((answer) => answer.status)).toEqual(status === 'redriven' ? [202, 409, 409] : [409, 200, 200]);
    const lost = answers.find((answer) => answer.status === 409);
    expect(lost?.body).toMatchObject({ type: `urn:palinode:problem:already-${status}` });
  });

  it('answers while the broker is away, and publishes when it is back', async () => {
    const before = transport.published.length;
    const message = strange();
    await keep(message);
    const { id } = await onlyOne();
    transport.disconnect();
    try {
      expect((await post(`${id}/redrive`)).status).toBe(202);
      await waitUntil('it waits for the broker', () => transport.waiting > 0);
      expect((await detail(id)).sentAt).toBeUndefined();
    } finally {
      transport.reconnect();
    }
    await waitUntil('it is sent', async () => (await detail(id)).sentAt !== undefined);
    expect(timesSent(message, before)).toBe(1);
  });

  it('publishes once the lease of a claimer that died has expired', async () => {
    const before = transport.published.length;
    const message = strange();
    await keep(message);
    const { id } = await onlyOne();
    const store = app.get(DeadLetterStore);
    await store.decide(id, 'redriven', { by: 'ada', because: 'x' });
    // The state that a claimer leaves that dies before it has sent anything.
    const claimed = `UPDATE dead_letter SET send_at = clock_timestamp() + interval '500 ms' WHERE id = $1`;
    await app.get(SagaStore).pool.query(claimed, [id]);
    await waitUntil('it is sent', async () => (await detail(id)).sentAt !== undefined);
    expect(timesSent(message, before)).toBeGreaterThan(0);
  });

  it('links the new dead letter to the first when the message fails again', async () => {
    const message = strange();
    await keep(message);
    const { id } = await onlyOne();
    await post(`${id}/redrive`);
    await keep(at({ ...message, offset: '1000000' }));
    const [again, first] = await list();
    expect(first).toMatchObject({ id, status: 'redriven' });
    expect(again).toMatchObject({ status: 'open', redriveOf: id, messageId: first?.messageId });
  });

  it('lets a reply that came before its saga was stored take effect', async () => {
    const start = aStart('place-order', anOrder());
    const before = transport.published.length;
    const early = incoming(replies, { ...aReply(aCommand(reserveStock, anOrder(), start), 'success', reserved) });
    await transport.deliver(early);
    await transport.deliver(...sentTo(DEAD_LETTERS, before).map((message) => passedOn(message)));
    const { id } = await onlyOne();
    await transport.deliver(incomingStart(start));
    await post(`${id}/redrive`);
    await waitUntil('it is sent', () => sentTo(replies, before).length === 1);
    await transport.deliver(...sentTo(replies, before).map((message) => passedOn(message)));
    const { body } = await get(`sagas/${start.sagaid}`);
    expect((body as SagaDetail).history).toMatchObject([{ seq: 1 }, { seq: 2, ignored: 'unknown-step' }]);
  });

  it.each([
    ['is not JSON', at({ value: Buffer.from('{') }), 'The message is unreadable'],
    ['is empty', at({ value: null }), 'The message is unreadable'],
    ['is too large', at({ value: Buffer.alloc(300_000) }), 'The message is unreadable'],
    ['was cut', at({ value: Buffer.alloc(1_040_000) }), 'Only 1000000 of its 1040000 bytes were kept.'],
    ['came from a foreign topic', { ...strange(), topic: 'secrets' }, 'Nothing is sent to secrets again.'],
    ['was a malformed dead letter', { ...strange(), topic: DEAD_LETTERS }, `Nothing is sent to ${DEAD_LETTERS} again.`],
  ])('rejects the redrive of a message that %s, which can only be discarded', async (_what, message, why) => {
    await keep(message);
    const { id, notRedrivable } = await onlyOne();
    expect(notRedrivable?.detail).toContain(why);
    const refused = await post(`${id}/redrive`);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ type: 'urn:palinode:problem:not-redrivable' });
    expect((await detail(id)).status).toBe('open');
    expect((await post(`${id}/discard`)).status).toBe(200);
  });

  it.each([
    ['a request without a reason', {}, 'ada', 'reason'],
    ['a reason with a NUL character', { reason: 'a\0' }, 'ada', 'reason'],
    ['an invalid operator', { reason: 'x' }, 'a b', 'X-Operator'],
    ['an unknown field', { reason: 'x', force: true }, 'ada', 'force'],
  ])('refuses %s', async (_what, body, operator, field) => {
    await keep(strange());
    const { id } = await onlyOne();
    for (const action of ['redrive', 'discard']) {
      const refused = await post(`${id}/${action}`, body, operator);
      expect(refused.status).toBe(400);
      expect(refused.body.errors[0].field).toBe(field);
    }
    expect((await detail(id)).status).toBe('open');
  });

  describe('of a letter that may be forged', () => {
    const otherwise = (message: IncomingMessage, changes: Partial<IncomingMessage>): IncomingMessage => ({
      ...message,
      ...changes,
    });

    it.each<[string, string, (genuine: IncomingMessage) => IncomingMessage | undefined]>([
      ['there is no message at its offset', 'There is no message in inventory.commands/0', () => undefined],
      ['the value at its offset differs', 'is another', (genuine) => otherwise(genuine, { value: Buffer.from('{}') })],
      ['the key at its offset differs', 'is another', (genuine) => otherwise(genuine, { key: null })],
      ['the headers at its offset differ', 'is another', (genuine) => otherwise(genuine, { headers: {} })],
    ])('is rejected with the reason when %s', async (_what, why, there) => {
      const before = transport.published.length;
      const message = strange();
      const found = there(message);
      if (found) transport.place(found);
      await plant(message);
      const { id } = await onlyOne();
      const refused = await post(`${id}/redrive`);
      expect(refused.status).toBe(422);
      expect(refused.body).toMatchObject({
        type: 'urn:palinode:problem:doubted',
        detail: expect.stringContaining(why),
      });
      expect((await detail(id)).status).toBe('open');
      expect(timesSent(message, before)).toBe(0);
    });

    it('is sent with an override, which is stored together with the doubt', async () => {
      const before = transport.published.length;
      const message = strange();
      await plant(message);
      const { id } = await onlyOne();
      const override = 'the log of payment shows it';
      const { status, body } = await post(`${id}/redrive`, { reason: 'INC-7', override });
      expect(status).toBe(202);
      expect((body as DeadLetterDetail).decision).toMatchObject({
        reason: 'INC-7',
        override: { reason: override, doubt: expect.stringContaining('not-there: There is no message') },
      });
      await waitUntil('it is sent', () => timesSent(message, before) > 0);
    });

    it('stores no override without a doubt', async () => {
      await keep(strange());
      const { id } = await onlyOne();
      const { body } = await post(`${id}/redrive`, { reason: 'INC-7', override: 'just in case' });
      expect((body as DeadLetterDetail).decision?.override).toBeUndefined();
    });

    it('is rejected with the error when its offset cannot be read', async () => {
      await keep(strange());
      const { id } = await onlyOne();
      jest.spyOn(transport, 'messageAt').mockRejectedValueOnce(new Error('Not authorized to access topics'));
      const refused = await post(`${id}/redrive`);
      expect(refused.status).toBe(422);
      expect((refused.body as { detail: string }).detail).toContain('Not authorized to access topics');
    });
  });

  it('answers 404 for an unknown id', async () => {
    expect((await post(`${uuidV7()}/redrive`)).status).toBe(404);
    expect((await post(`${uuidV7()}/discard`)).status).toBe(404);
  });
});

describe('GET /v1/dead-letters/groups', () => {
  const groups = async (query = ''): Promise<DeadLetterGroups> => {
    const { status, body } = await get(`dead-letters/groups?${query}`);
    expect(status).toBe(200);
    return body as DeadLetterGroups;
  };

  it('groups letters whose details differ in ids and numbers only, those of the most letters first', async () => {
    const failed = (detail: string): Promise<void> => {
      const rejection = { reason: 'handler-failed', detail };
      return transport.deliver(passedOn(deadLetter(strange(), rejection, 'inventory', DEAD_LETTERS)));
    };
    await failed('no stock of SKU-1, 3 wanted');
    await failed('no stock of SKU-20, 4 wanted');
    await failed('no shelf');
    const { items, groups: total } = await groups();
    expect(total).toBe(2);
    expect(items.map(({ count, sagas }) => [count, sagas])).toEqual([
      [2, 2],
      [1, 1],
    ]);
    const [first] = items;
    expect(first).toMatchObject({
      status: 'open',
      reason: 'handler-failed',
      service: 'inventory',
      topic: 'inventory.commands',
      type: 'inventory.dance.v1',
      sample: { detail: 'no stock of SKU-20, 4 wanted', group: first?.id },
    });
    expect(await list(`group=${first?.id}`)).toHaveLength(2);
    expect(await groups('limit=1')).toMatchObject({ items: [{ count: 2 }], groups: 2 });
    expect(await groups('status=discarded')).toEqual({ items: [], groups: 0 });
  });

  it.each(['status=lost', 'limit=0', 'colour=red'])('rejects %s and names the field', async (query) => {
    const { status, body } = await get(`dead-letters/groups?${query}`);
    expect(status).toBe(400);
    expect((body as { errors: { field: string }[] }).errors[0]?.field).toBe(query.split('=')[0]);
  });
});

describe('what becomes of a dead letter', () => {
  const look = async (): Promise<void> => {
    const fates = new LetterFates(app.get(SagaStore), { ownTopics: [topicsOf()], log: new RecordingLog() });
    await fates.look();
  };

  /** A saga, and the command that it waits for as a dead letter. */
  async function sagaWithLetter(): Promise<{ sagaId: string; command: Command; letterId: string }> {
    const start = aStart('place-order', anOrder());
    await transport.deliver(incomingStart(start));
    const command = transport.sent<Command>('inventory.commands').findLast(({ sagaid }) => sagaid === start.sagaid)!;
    await keep(at({ value: Buffer.from(JSON.stringify(command)) }), 'handler-failed');
    return { sagaId: start.sagaid, command, letterId: (await list())[0]!.id };
  }

  it('it stays open while its saga waits for the command, and is closed when the saga has passed it', async () => {
    const { command, letterId } = await sagaWithLetter();
    await look();
    expect((await detail(letterId)).status).toBe('open');
    await transport.deliver(incomingReply(command, 'success', reserved));
    await look();
    expect(await detail(letterId)).toMatchObject({
      status: 'closed',
      decision: { operator: 'the orchestrator', reason: 'Its saga has passed this command.' },
    });
    const refused = await post(`${letterId}/redrive`);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ type: 'urn:palinode:problem:already-closed' });
  });

  it('a redriven command is handled when its answer arrives, and failed again when that is a failure', async () => {
    for (const [outcome, expected] of [
      ['success', 'handled'],
      ['failure', 'failed-again'],
    ] as const) {
      const { command, letterId } = await sagaWithLetter();
      await post(`${letterId}/redrive`);
      await look();
      expect((await detail(letterId)).outcome).toBeUndefined();
      await transport.deliver(incomingReply(command, outcome, outcome === 'success' ? reserved : { reason: 'x' }));
      await look();
      expect((await detail(letterId)).outcome).toBe(expected);
    }
  });

  it('a redriven message that becomes a dead letter once more has failed again', async () => {
    const message = strange();
    await keep(message);
    const { id } = await onlyOne();
    await post(`${id}/redrive`);
    await keep(at({ ...message, offset: '2000000' }));
    expect((await detail(id)).outcome).toBe('failed-again');
  });
});

describe('the retention of dead letters', () => {
  it('deletes old decided dead letters, keeps open and unsent ones, and reports how many are open', async () => {
    const store = app.get(DeadLetterStore);
    const { pool } = app.get(SagaStore);
    for (let n = 0; n < 4; n += 1) await keep(strange());
    const [discarded, redriven, unsent, open] = (await list()).map(({ id }) => id);
    for (const id of [discarded, redriven]) await post(`${id}/discard`);
    await pool.query(`UPDATE dead_letter SET decided_at = now() - interval '31 days' WHERE id = $1`, [discarded]);
    await pool.query(`UPDATE dead_letter SET decided_at = now() - interval '29 days' WHERE id = $1`, [redriven]);
    await pool.query(
      `UPDATE dead_letter SET status = 'redriven', send_at = now() + interval '1 day', decided_at = now() - interval '31 days'
       WHERE id = $1`,
      [unsent],
    );
    await pool.query(`UPDATE dead_letter SET kept_at = now() - interval '400 days' WHERE id = $1`, [open]);
    const log = new RecordingLog();
    const retention = new DeadLetterRetention(store, 30, log);
    retention.start();
    await waitUntil('the old one is gone', async () => (await list()).length === 3);
    await retention.stop();
    expect((await list()).map(({ id }) => id)).toEqual([redriven, unsent, open]);
    expect(log.lines[0]).toBe('1 dead letters wait for a decision');
  });
});
