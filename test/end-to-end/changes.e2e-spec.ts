/*
 * Customers change an order during another change of it. The order of events is fixed: a fault stops a saga, and an
 * operator pauses it there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { recordingGateway } from '../../apps/payment/test/gateway-books';
import { brokenBooksAtRest, query } from './books';
import { anOrder, ShopClient, type Answer, type OrderView, type ProblemView, type RevisionView } from './shop-client';

let directory: string;
let stack: Stack;
let shop: ShopClient;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'palinode-e2e-'));
  stack = await Stack.start({ directory, ports: 'free', quiet: true, environment: recordingGateway(directory) });
  shop = ShopClient.of(stack);
});

afterAll(async () => {
  await stack?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const cups = (quantity: number): { sku: string; quantity: number }[] => [{ sku: 'SKU-CUP', quantity }];

async function place(quantity: number, headers: Record<string, string> = {}): Promise<OrderView> {
  const { status, body } = await shop.place(anOrder({ lines: cups(quantity) }), headers);
  expect([200, 202]).toContain(status);
  return body;
}

async function revise(orderId: string, quantity: number): Promise<RevisionView> {
  const wish = { lines: cups(quantity), paymentToken: 'tok_ok' };
  const { status, body } = await shop.ask<RevisionView>(orderId, 'revisions', wish);
  expect(status).toBe(202);
  return body;
}

const cancel = (orderId: string): Promise<Answer<ProblemView & { readonly sagaId: string }>> =>
  shop.ask(orderId, 'cancellation');

/** Starts a saga for which this command fails, and pauses it after the failure. */
async function stoppedAt<Begun extends { readonly sagaId: string }>(
  command: { readonly service: string; readonly command: string },
  begin: () => Promise<Begun>,
): Promise<Begun> {
  const disarm = await arm({ ...command, point: 'before-handler', effect: { type: 'fail' } });
  const begun = await begin();
  await waitUntil(`the fault to hit saga ${begun.sagaId}`, async () => {
    const { body } = await shop.admin<{ items: unknown[] }>(`/v1/faults/hits?sagaId=${begun.sagaId}`);
    return body.items.length > 0;
  });
  await pause(begun.sagaId);
  await disarm();
  return begun;
}

/** Resolves when the service has armed the fault, with a function that disarms it. */
async function arm(fault: object): Promise<() => Promise<void>> {
  const url = `${stack.adminUrl}/v1/faults`;
  const headers = { 'content-type': 'application/json' };
  const armed = await fetch(url, { method: 'POST', headers, body: JSON.stringify(fault) });
  expect(armed.status).toBe(201);
  const { id } = (await armed.json()) as { id: string };
  return async () => expect((await fetch(`${url}/${id}`, { method: 'DELETE' })).status).toBe(204);
}

/** Pauses the saga as soon as the orchestrator has processed its start. */
async function pause(sagaId: string): Promise<void> {
  const isPaused = async (): Promise<boolean> => (await shop.operate(sagaId, 'pause')).status === 200;
  await waitUntil(`saga ${sagaId} to be paused`, isPaused);
}

async function resume(sagaId: string): Promise<void> {
  expect((await shop.operate(sagaId, 'resume')).status).toBe(200);
}

async function expectCompleted(sagaId: string): Promise<void> {
  expect(await shop.endedSaga(sagaId)).toMatchObject({ status: 'COMPLETED' });
}

/** The amount that the customer has paid for an order so far. */
async function takenCents(orderId: string): Promise<number> {
  const [row] = await query<{ cents: string }>(
    stack.databases.payment,
    `SELECT coalesce(sum(amount_cents - refunded_cents), 0) AS cents FROM card_authorization
     WHERE order_id = '${orderId}' AND status = 'CAPTURED'`,
  );
  return Number(row?.cents);
}

it('refuses to cancel an order until the refund of its cheaper revision is made', async () => {
  const { orderId } = await place(3, { prefer: 'wait=20' });
  const refund = { service: 'payment', command: 'payment.reverse' };
  const { sagaId } = await stoppedAt(refund, () => revise(orderId, 1));
  expect(await shop.order(orderId)).toMatchObject({ status: 'REVISING' });
  const detail = expect.stringContaining('wait until its revision is settled');
  expect(await cancel(orderId)).toMatchObject({ status: 409, body: { detail } });
  await resume(sagaId);
  await expectCompleted(sagaId);
  expect(await shop.order(orderId)).toMatchObject({ status: 'APPROVED', totalCents: 1_250 });
  expect(await takenCents(orderId)).toBe(1_250);
  const { status, body } = await cancel(orderId);
  expect(status).toBe(202);
  await expectCompleted(body.sagaId);
  expect(await takenCents(orderId)).toBe(0);
  expect(await brokenBooksAtRest(stack, new Set([orderId]))).toEqual([]);
});

it('charges the price that the customer agreed to, and no other, when an earlier revision has changed the order', async () => {
  const order = await stoppedAt({ service: 'order', command: 'order.confirm' }, () => place(10));
  const { orderId } = order;
  const [down, up] = [await revise(orderId, 1), await revise(orderId, 11)];
  expect(up.differenceCents).toBe(1_250);
  await pause(up.sagaId);
  const agree = (differenceCents: number): Promise<Answer<ProblemView>> =>
    shop.ask(orderId, 'consent', { accepted: true, revisionId: up.revisionId, differenceCents });
  expect(await agree(1_250)).toMatchObject({ status: 409, body: { asked: null } });
  await resume(order.sagaId);
  await expectCompleted(down.sagaId);
  await resume(up.sagaId);
  const awaited = { revisionId: up.revisionId, differenceCents: 12_500, totalCents: 13_750 };
  expect(await shop.askingRevision(orderId, up.revisionId)).toMatchObject(awaited);
  expect(await agree(1_250)).toMatchObject({
    status: 409,
    body: { type: 'urn:palinode:problem:not-asked', asked: awaited },
  });
  expect(await takenCents(orderId)).toBe(1_250);
  expect((await agree(12_500)).status).toBe(202);
  await expectCompleted(up.sagaId);
  expect(await takenCents(orderId)).toBe(13_750);
  expect(await brokenBooksAtRest(stack, new Set([orderId]))).toEqual([]);
});
