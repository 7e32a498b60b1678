/* Every bad message on every topic of the running shop is dead-lettered and shown, and the next order completes. */
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { badMessages, command, type BadMessage, type Reader } from './bad-messages';
import { anOrder, ShopClient, type SagaView } from './shop-client';

interface Letter {
  readonly id: string;
  readonly partition: number;
  readonly offset: string;
  readonly reason: string;
  readonly bytes: number;
  readonly messageId?: string;
  readonly redriveOf?: string;
  readonly key?: { readonly text?: string };
  readonly value?: { readonly text?: string; readonly base64?: string };
}

const PARTITIONS = 4;
let directory: string;
let stack: Stack;
let shop: ShopClient;
let producer: Producer;
let pids: number[];

const pidsNow = (): number[] => Object.values(stack.services).map(({ pid }) => pid as number);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'palinode-dead-letters-'));
  stack = await Stack.start({ directory, ports: 'free', quiet: true });
  const { order, inventory, payment, orchestrator } = stack.services;
  shop = new ShopClient({
    order: order.url,
    inventory: inventory.url,
    payment: payment.url,
    orchestrator: orchestrator.url,
  });
  const kafka = new Kafka({ brokers: [...stack.brokers], logLevel: logLevel.NOTHING });
  producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, retry: { retries: 0 } });
  await producer.connect();
  pids = pidsNow();
});

afterAll(async () => {
  await producer?.disconnect();
  await stack?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Expects that the next order completes, and that no process has ended. */
async function expectAllWell(): Promise<void> {
  const { body } = await shop.place(anOrder(), { prefer: 'wait=20' });
  expect(body).toMatchObject({ status: 'APPROVED' });
  expect(pidsNow()).toEqual(pids);
}

/** Sends a message; resolves with its position as `partition/offset`. */
async function send(topic: string, { value, key, headers }: BadMessage, partition: number): Promise<string> {
  const [sent] = await producer.send({ topic, messages: [{ value, key, headers, partition }] });
  return `${partition}/${sent?.baseOffset}`;
}

async function lettersOf(topic: string, service = ''): Promise<Map<string, Letter>> {
  const letters = new Map<string, Letter>();
  let cursor = '';
  do {
    const which = `topic=${topic}${service && `&service=${service}`}`;
    const path = `/v1/dead-letters?${which}&limit=200${cursor && `&cursor=${cursor}`}`;
    const { body } = await shop.admin<{ items: Letter[]; nextCursor?: string }>(path);
    for (const letter of body.items) letters.set(`${letter.partition}/${letter.offset}`, letter);
    cursor = body.nextCursor ?? '';
  } while (cursor);
  return letters;
}

const topics: [string, Reader, string][] = [
  ['orchestrator.commands', 'orchestrator-commands', ''],
  ...['inventory', 'payment', 'order'].flatMap((service): [string, Reader, string][] => [
    [`orchestrator.replies.${service}`, 'replies', service],
    [`${service}.commands`, 'commands', service],
  ]),
  ['saga.dead-letters', 'letters', ''],
];

it.each(topics)(
  'every bad message on %s is dead-lettered with its reason, and the next order completes',
  async (topic, reader, service) => {
    const expected = await sendAll(topic, badMessages(reader, service));
    await expectAllWell();
    await expectKept(expected, () => lettersOf(topic));
  },
);

it('every bad message on order.events is dead-lettered by each subscriber, and both continue', async () => {
  const expected = await sendAll('order.events', badMessages('events', 'order'));
  const { body } = await shop.place(anOrder(), { prefer: 'wait=20' });
  const { orderId } = body;
  const { notifications, reporting } = stack.services;
  await waitUntil('the customer to be notified', async () => {
    const { items } = await read<{ items: { kind: string }[] }>(
      `${notifications.url}/notifications?orderId=${orderId}`,
    );
    return items.some(({ kind }) => kind === 'order-approved');
  });
  await waitUntil('the reports to be up to date', async () => {
    const { partitions } = await read<{ partitions: { lag: number }[] }>(`${reporting.url}/reports/lag`);
    return partitions.every(({ lag }) => lag === 0);
  });
  for (const service of ['notifications', 'reporting.1'])
    await expectKept(expected, () => lettersOf('order.events', service));
  await expectAllWell();
});

async function read<T>(url: string): Promise<T> {
  return (await fetch(url)).json() as Promise<T>;
}

/** The dead letters by position. */
async function sendAll(topic: string, messages: readonly BadMessage[]): Promise<Map<string, BadMessage>> {
  const sent = new Map<string, BadMessage>();
  for (const [n, message] of messages.entries()) sent.set(await send(topic, message, n % PARTITIONS), message);
  return sent;
}

async function expectKept(
  expected: ReadonlyMap<string, BadMessage>,
  letters: () => Promise<ReadonlyMap<string, Letter>>,
): Promise<void> {
  let found: ReadonlyMap<string, Letter> = new Map();
  const allKept = async (): Promise<boolean> => {
    found = await letters();
    return [...expected.keys()].every((place) => found.has(place));
  };
  await waitUntil('all dead letters to be stored', allKept).catch(() => undefined);
  const reasons = (of: (place: string, message: BadMessage) => string | undefined): unknown =>
    [...expected].map(([place, message]) => [message.what, of(place, message)]);
  expect(reasons((place) => found.get(place)?.reason)).toEqual(reasons((_place, { reason }) => reason));
  expect(reasons((place) => String(found.get(place)?.bytes))).toEqual(
    reasons((_place, { value }) => String(value?.length ?? 0)),
  );
}

it('a dead letter shows the bytes of a message that no contract describes once an operator asks for them', async () => {
  const value = Buffer.from([0, 255, 7]);
  const place = await send('inventory.commands', { what: 'bytes', value, reason: 'no-json' }, 0);
  const letter = await waitUntil('the dead letter to be stored', async () =>
    (await lettersOf('inventory.commands')).get(place),
  );
  const { body } = await shop.admin<Letter>(`/v1/dead-letters/${letter.id}`);
  expect(body).toMatchObject({ masked: 'whole' });
  expect(body).not.toHaveProperty('value');
  expect(await revealed(letter.id)).toMatchObject({ value: { base64: value.toString('base64') } });
});

it('a redriven dead letter arrives unchanged, and its new dead letter names the first one', async () => {
  const stray: Record<string, unknown> = { ...command('inventory'), type: 'inventory.dance.v1' };
  const [value, key] = [Buffer.from(JSON.stringify(stray)), Buffer.from(String(stray['sagaid']))];
  const place = await send('inventory.commands', { what: 'stray', value, key, reason: 'unknown-type' }, 0);
  const first = await waitUntil('the dead letter to be stored', async () =>
    (await lettersOf('inventory.commands')).get(place),
  );
  expect((await decide(first.id, 'redrive')).status).toBe(202);
  const again = await waitUntil('the second dead letter to be stored', async () => {
    const letters = await lettersOf('inventory.commands');
    return [...letters.values()].find(({ redriveOf }) => redriveOf === first.id);
  });
  expect(again).toMatchObject({ reason: 'unknown-type', bytes: value.length, messageId: stray['id'] });
  expect(await revealed(again.id)).toMatchObject({ key: { text: String(key) }, value: { text: String(value) } });
  expect((await decide(again.id, 'discard')).status).toBe(200);
  expect((await decide(again.id, 'redrive')).status).toBe(409);
  await expectAllWell();
});

async function revealed(id: string): Promise<unknown> {
  return (await decide(id, 'reveal')).json();
}

function decide(id: string, decision: 'redrive' | 'discard' | 'reveal'): Promise<Response> {
  return fetch(`${stack.services.orchestrator.url}/v1/dead-letters/${id}/${decision}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-operator': 'ada' },
    body: JSON.stringify({ reason: 'a test' }),
  });
}

it('the broker rejects a message of 10 MB, and the next order completes', async () => {
  const message = { what: '10 MB', value: Buffer.alloc(10_000_000), reason: 'too-large' };
  await expect(send('inventory.commands', message, 0)).rejects.toThrow();
  await expectAllWell();
});

it('a command of an unknown saga is answered, and its reply is dead-lettered', async () => {
  const stray = command('inventory');
  const value = Buffer.from(JSON.stringify({ ...stray, sagastep: 'no-such-step' }));
  await send('inventory.commands', { what: 'stray', value, reason: '' }, 0);
  const letter = await waitUntil('the dead letter of the reply to be stored', async () => {
    const { body } = await shop.admin<{ items: Letter[] }>(`/v1/dead-letters?saga=${String(stray['sagaid'])}`);
    return body.items[0];
  });
  expect(letter).toMatchObject({ reason: 'unknown-saga' });
  await expectAllWell();
});

it.each([
  ['that is unknown', 'ship-order'],
  ['named like a property of every object', '__proto__'],
])('the start of a saga with a definition %s is dead-lettered, and no saga begins', async (_what, saga) => {
  const sagaid = v7();
  const start = { ...command('inventory'), type: 'orchestrator.start-saga.v1', sagaid, data: { saga, input: {} } };
  await send('orchestrator.commands', { what: 'a start', value: Buffer.from(JSON.stringify(start)), reason: '' }, 1);
  const letter = await waitUntil('the dead letter to be stored', async () => {
    const { body } = await shop.admin<{ items: Letter[] }>(`/v1/dead-letters?saga=${sagaid}`);
    return body.items[0];
  });
  expect(letter).toMatchObject({ reason: 'foreign-saga' });
  expect((await shop.admin(`/v1/sagas/${sagaid}`)).status).toBe(404);
  await expectAllWell();
});

it.each([
  ['with input of the wrong types', 'place-order', { orderId: 7, lines: { length: 1e9 } }, 'invalid-input'],
  ['without input', 'place-order', undefined, 'invalid-input'],
])('a saga %s is paused with the reason', async (_what, saga, input, reason) => {
  const sagaid = v7();
  const start = { ...command('inventory'), type: 'orchestrator.start-saga.v1', sagaid, data: { saga, input } };
  const value = Buffer.from(JSON.stringify(start));
  await send('orchestrator.commands', { what: 'a start', value, reason: '' }, 1);
  const view = await waitUntil('the saga to be paused', async () => {
    const { status, body } = await shop.admin<SagaView & { pause?: { reason: string } }>(`/v1/sagas/${sagaid}`);
    return status === 200 && body;
  });
  expect(view).toMatchObject({ status: 'PAUSED', pause: { reason } });
  await expectAllWell();
});

it('a reply on another participant’s topic is ignored, and its saga completes', async () => {
  const answer = await shop.place(anOrder(), { 'x-saga-fault': 'payment.authorize=drop-reply' });
  const { sagaId } = answer.body;
  const sentCommand = await waitUntil('the command to be sent', async () => {
    const { status, body } = await shop.admin<SagaView>(`/v1/sagas/${sagaId}`);
    return status === 200 && body.history[0]?.sent.find((sent) => sent.command === 'payment.authorize');
  });
  const forged = { ...command('inventory'), sagaid: sagaId, sagastep: 'payment', inreplyto: sentCommand.commandId };
  const value = Buffer.from(JSON.stringify({ ...forged, outcome: 'success', data: { authorizationId: v7() } }));
  await send('orchestrator.replies.inventory', { what: 'forged', value, reason: '' }, 0);
  const ended = await waitUntil('the saga to end', async () => {
    const saga = await shop.saga(sagaId);
    return saga.status === 'COMPLETED' && saga;
  });
  expect(ended.history.map(({ ignored }) => ignored)).toContain('foreign-reply');
});
