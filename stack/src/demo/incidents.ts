/*
 * `npm run demo -- incidents`: leaves trouble in the running stack to practise on, each kind as it would arise.
 * docs/operations/incidents.md walks through it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { get, placeOrder, post, remove } from './shop-api';
import type { StackContext } from './stack-context';
import { StrayMessages } from '@palinode/test-support/shop/stray-messages';

/** How many sagas are paused for each reason. */
export const PAUSED = { 'pivot-unanswered': 22, operator: 10, 'broken-contract': 8 } as const;
/** How many dead letters there are of each reason. */
export const DEAD_LETTERS = { 'no-json': 12, 'unknown-type': 9, 'unknown-saga': 9 } as const;
/** It does its work, and its replies are lost. */
export const SILENT = 'inventory';

const WAITING_ORDERS = 5;
/** Sound orders meanwhile: so the orchestrator sees that it is the sagas which have the problem, not the participant. */
const SOUND_ORDER_EVERY_MS = 500;
const SENDS_OF_A_PIVOT = 5;

interface Saga {
  readonly status: string;
  readonly held: boolean;
  readonly pause?: { readonly reason: string };
  readonly history: readonly { readonly sent: readonly { readonly command: string; readonly commandId: string }[] }[];
}

/** Resolves when all of it is there; `say` is told what is done. */
export async function leaveIncidents(context: StackContext, say: (line: string) => void): Promise<void> {
  const strays = await StrayMessages.to(context.brokers);
  try {
    say('22 customers are charged, and the replies that say so are lost (25 s) …');
    const unanswered = leavePivotsUnanswered(context);
    const others = leaveOthersPaused(context, strays, say);
    await Promise.all([unanswered, others]);
    say('Another program writes into our topics …');
    await leaveDeadLetters(context, strays);
    say('The replies of the inventory service are lost from now on …');
    await leaveSilentParticipant(context);
  } finally {
    await strays.close();
  }
  say('40 sagas are paused for three reasons, 30 dead letters are open, and a participant is silent.');
  say('Next: palinode status');
}

/** The engine pauses a saga whose pivot was sent as often as allowed. */
async function leavePivotsUnanswered(context: StackContext): Promise<void> {
  const fault = `payment.capture=drop-reply;count=${SENDS_OF_A_PIVOT};every=yes`;
  const sagas = await placed(context, PAUSED['pivot-unanswered'], fault);
  const sound = new AbortController();
  const others = soundOrders(context, sound.signal);
  try {
    await allPaused(context, sagas);
  } finally {
    sound.abort();
    await others;
  }
}

async function leaveOthersPaused(
  context: StackContext,
  strays: StrayMessages,
  say: (line: string) => void,
): Promise<void> {
  say('An operator pauses 10 sagas …');
  await leavePausedByOperator(context);
  say('Another version of the order service refuses what cannot be refused, 8 times …');
  for (let n = 0; n < PAUSED['broken-contract']; n += 1) await leaveBrokenContract(context, strays);
}

/** A hold keeps them where they are until the pause is there. */
async function leavePausedByOperator(context: StackContext): Promise<void> {
  const { adminUrl } = context;
  const why = 'the warehouse counts its stock, OPS-14';
  const where = { definition: 'place-order', step: 'confirmation' };
  const hold = await post<{ id: string }>(`${adminUrl}/v1/holds`, { where, reason: why });
  const sagas = await placed(context, PAUSED.operator);
  await each(sagas, (id) => waitUntil(`saga ${id} to be held`, async () => (await sagaOf(context, id)).held));
  await post(`${adminUrl}/v1/bulk-actions`, { action: 'pause', ids: sagas, reason: why });
  await allPaused(context, sagas);
  await remove(`${adminUrl}/v1/holds/${hold.id}?reason=${encodeURIComponent('the sagas are paused')}`);
}

/** The order service's own reply is lost, and one arrives that its contract does not declare. */
async function leaveBrokenContract(context: StackContext, strays: StrayMessages): Promise<void> {
  const [id = ''] = await placed(context, 1, 'order.confirm=drop-reply');
  const commandId = await waitUntil(`saga ${id} to confirm its order`, async () => {
    const sent = (await sagaOf(context, id)).history.flatMap((entry) => entry.sent);
    return sent.find(({ command }) => command === 'order.confirm')?.commandId;
  });
  await strays.refusal({
    sagaId: id,
    step: 'confirmation',
    command: 'order.confirm',
    commandId,
    reason: 'order-closed',
  });
  await allPaused(context, [id]);
}

async function leaveDeadLetters({ adminUrl }: StackContext, strays: StrayMessages): Promise<void> {
  const before = await openLetters(adminUrl);
  for (let n = 0; n < DEAD_LETTERS['no-json']; n += 1) await strays.text('inventory.commands', `order ${n};SKU-CUP;1`);
  // Each is answered with a failure, and no saga waits for that: a dead letter as well.
  for (let n = 0; n < DEAD_LETTERS['unknown-type']; n += 1) await strays.command('payment', 'payment.pre-authorize');
  const wanted = Object.values(DEAD_LETTERS).reduce((sum, count) => sum + count, before);
  await waitUntil('the dead letters to be stored', async () => (await openLetters(adminUrl)) >= wanted);
}

async function openLetters(adminUrl: string): Promise<number> {
  const url = `${adminUrl}/v1/dead-letters/groups?status=open&limit=200`;
  const { items } = await get<{ items: readonly { count: number }[] }>(url);
  return items.reduce((sum, { count }) => sum + count, 0);
}

async function leaveSilentParticipant(context: StackContext): Promise<void> {
  const { adminUrl } = context;
  await post(`${adminUrl}/v1/faults`, {
    service: SILENT,
    command: 'inventory.reserve-stock',
    point: 'before-publish',
    effect: { type: 'drop-reply' },
    every: true,
    ttl: '1h',
  });
  await placed(context, WAITING_ORDERS);
  await waitUntil('the orchestrator to hold its commands', async () => {
    const { items } = await get<{ items: readonly { where: { service?: string } }[] }>(`${adminUrl}/v1/holds`);
    return items.some(({ where }) => where.service === SILENT);
  });
}

async function placed({ orderUrl }: StackContext, count: number, fault?: string): Promise<string[]> {
  const sagas: string[] = [];
  for (let n = 0; n < count; n += 1) sagas.push(await placeOrder(orderUrl, { fault }));
  return sagas;
}

async function soundOrders({ orderUrl }: StackContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await placeOrder(orderUrl);
    await sleep(SOUND_ORDER_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

function allPaused(context: StackContext, sagas: readonly string[]): Promise<void> {
  return each(sagas, (id) =>
    waitUntil(`saga ${id} to pause`, async () => (await sagaOf(context, id)).status === 'PAUSED', { everyMs: 200 }),
  );
}

async function each(sagas: readonly string[], work: (id: string) => Promise<unknown>): Promise<void> {
  for (const id of sagas) await work(id);
}

function sagaOf({ adminUrl }: StackContext, id: string): Promise<Saga> {
  return get<Saga>(`${adminUrl}/v1/sagas/${id}`);
}
