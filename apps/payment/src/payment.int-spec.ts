import { authorizePayment, capturePayment, refundPayment, reversePayment, voidPayment } from '@palinode/contracts';
import type { Command, Reply } from '@palinode/saga/contract';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { v7 } from 'uuid';
import { ServiceUnderTest } from '../../../libs/service/test/service-under-test';
import { PaymentEnvironment } from './payment-environment';
import { PaymentModule } from './payment.module';
import { gatewayBooks, LEDGER_BY_ORDER, recordingGateway } from '../test/gateway-books';

let payment: ServiceUnderTest<PaymentEnvironment>;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'palinode-gateway-'));
  payment = await ServiceUnderTest.start(
    {
      name: 'payment',
      environment: PaymentEnvironment,
      module: (environment) => PaymentModule.with(environment),
      participant: true,
    },
    recordingGateway(directory),
  );
});
afterAll(async () => {
  await payment?.stop();
  await rm(directory, { recursive: true, force: true });
});

interface Entry {
  account: string;
  cents: number;
}

const http = (): ReturnType<typeof request> => request(payment.app.getHttpServer());
const authorize = (orderId: string, paymentToken = 'tok_ok'): Promise<Reply> =>
  payment.orchestrator.send(authorizePayment, {
    orderId,
    customerId: 'c-1',
    amountCents: 2_599,
    currency: 'EUR',
    paymentToken,
  });
const capture = (orderId: string, authorized: Reply): Promise<Reply> =>
  payment.orchestrator.send(capturePayment, { orderId, authorizationId: authorized.inreplyto });
const paymentsOf = async (orderId: string): Promise<unknown> =>
  (await http().get('/payments').query({ orderId }).expect(200)).body.items;
const effectsOf = (orderId: string): Promise<unknown[]> =>
  payment.sql('SELECT command FROM effects WHERE order_id = $1 ORDER BY at', [orderId]);
const balancesOf = (orderId: string): Promise<Entry[]> =>
  payment.sql(
    `SELECT account, sum(amount_cents)::int AS cents FROM ledger_entry WHERE order_id = $1
     GROUP BY account ORDER BY account`,
    [orderId],
  );

// After each test the books balance and agree with the gateway's record.
afterEach(async () => {
  const { body } = await http().get('/ledger').expect(200);
  expect(body.totalCents).toBe(0);
  expect(await differencesToGateway()).toEqual([]);
});

const differencesToGateway = async (): Promise<string[]> =>
  gatewayBooks(directory).differencesTo(await payment.sql(LEDGER_BY_ORDER));

describe('payment.authorize', () => {
  it('holds the amount', async () => {
    const orderId = v7();
    const reply = await authorize(orderId);
    expect(reply).toMatchObject({ outcome: 'success', data: { authorizationId: reply.inreplyto } });
    expect(await paymentsOf(orderId)).toEqual([
      expect.objectContaining({ status: 'AUTHORIZED', amountCents: 2_599, currency: 'EUR' }),
    ]);
    expect(await balancesOf(orderId)).toEqual([
      { account: 'held', cents: -2_599 },
      { account: 'receivable', cents: 2_599 },
    ]);
    expect(await effectsOf(orderId)).toEqual([{ command: authorizePayment.type }]);
  });

  it.each([
    ['tok_declined', 'card-declined'],
    ['tok_insufficient_funds', 'insufficient-funds'],
  ])('refuses %s, records the decline and posts nothing', async (token, reason) => {
    const orderId = v7();
    expect(await authorize(orderId, token)).toMatchObject({ outcome: 'refusal', data: { reason } });
    expect(await paymentsOf(orderId)).toEqual([
      expect.objectContaining({ status: 'DECLINED', declinedBecause: reason }),
    ]);
    expect(await balancesOf(orderId)).toEqual([]);
    expect(await effectsOf(orderId)).toEqual([]);
  });

  it('fails while the gateway is unavailable, and writes nothing', async () => {
    const orderId = v7();
    expect(await authorize(orderId, 'tok_flaky_2')).toMatchObject({ outcome: 'failure' });
    expect(await authorize(orderId, 'tok_flaky_2')).toMatchObject({ outcome: 'failure' });
    expect(await paymentsOf(orderId)).toEqual([]);
    expect(await authorize(orderId, 'tok_flaky_2')).toMatchObject({ outcome: 'success' });
  });
});

describe('payment.capture', () => {
  it('turns the held amount into revenue only once when it is called twice', async () => {
    const orderId = v7();
    const authorized = await authorize(orderId);
    expect(await capture(orderId, authorized)).toMatchObject({ outcome: 'success' });
    expect(await capture(orderId, authorized)).toMatchObject({ outcome: 'success' });
    expect(await balancesOf(orderId)).toEqual([
      { account: 'held', cents: 0 },
      { account: 'receivable', cents: 2_599 },
      { account: 'revenue', cents: -2_599 },
    ]);
    expect(await effectsOf(orderId)).toEqual([{ command: authorizePayment.type }, { command: capturePayment.type }]);
  });

  it('refuses a capture when the authorization has expired', async () => {
    const orderId = v7();
    const reply = await capture(orderId, await authorize(orderId, 'tok_expiring'));
    expect(reply).toMatchObject({ outcome: 'refusal', data: { reason: 'authorization-expired' } });
  });

  it('refuses a capture when the authorization was voided', async () => {
    const orderId = v7();
    const authorized = await authorize(orderId);
    await payment.orchestrator.send(voidPayment, { orderId });
    expect(await capture(orderId, authorized)).toMatchObject({ outcome: 'refusal' });
  });

  it('fails for the authorization of another order', async () => {
    const authorized = await authorize(v7());
    expect(await capture(v7(), authorized)).toMatchObject({ outcome: 'failure' });
  });
});

describe('payment.void', () => {
  it('releases the held amount only once when it is called twice', async () => {
    const orderId = v7();
    await authorize(orderId);
    expect(await payment.orchestrator.send(voidPayment, { orderId })).toMatchObject({ outcome: 'success' });
    expect(await payment.orchestrator.send(voidPayment, { orderId })).toMatchObject({ outcome: 'success' });
    expect(await balancesOf(orderId)).toEqual([
      { account: 'held', cents: 0 },
      { account: 'receivable', cents: 0 },
    ]);
    expect(await effectsOf(orderId)).toEqual([{ command: authorizePayment.type }, { command: voidPayment.type }]);
  });

  it('succeeds when nothing is held', async () => {
    const orderId = v7();
    expect(await payment.orchestrator.send(voidPayment, { orderId })).toMatchObject({ outcome: 'success' });
    expect(await effectsOf(orderId)).toEqual([]);
  });
});

describe('the ledger', () => {
  const insert = `INSERT INTO ledger_entry (posting_id, order_id, account, amount_cents, currency)`;

  it('rejects a posting whose entries do not sum to zero', async () => {
    const posting = `${insert} VALUES ($1, $1, 'held', -100, 'EUR'), ($1, $1, 'revenue', 99, 'EUR')`;
    await expect(payment.sql(posting, [v7()])).rejects.toThrow('must sum to zero');
  });

  it.each(['UPDATE ledger_entry SET amount_cents = 1', 'DELETE FROM ledger_entry', 'TRUNCATE ledger_entry'])(
    'rejects %s',
    async (change) => {
      await expect(payment.sql(change)).rejects.toThrow('append-only');
    },
  );
});

describe('GET /payments', () => {
  it.each([
    ['a missing order id', {}],
    ['a malformed order id', { orderId: '42' }],
  ])('answers 400 for %s', async (_what, query) => {
    const { body, type } = await http().get('/payments').query(query).expect(400);
    expect(type).toBe('application/problem+json');
    expect(body.errors).toEqual([expect.objectContaining({ field: 'orderId' })]);
  });
});

describe('a captured payment', () => {
  const reverse = (orderId: string, amountCents: number): Promise<Reply> =>
    payment.orchestrator.send(reversePayment, { orderId, amountCents });
  const refund = (orderId: string, attributes: Partial<Command> = {}): Promise<Reply> =>
    payment.orchestrator.send(refundPayment, { orderId }, attributes);

  async function taken(token?: string): Promise<string> {
    const orderId = v7();
    await capture(orderId, await authorize(orderId, token));
    return orderId;
  }

  it('refunds a captured payment once with payment.refund', async () => {
    const orderId = await taken();
    expect(await refund(orderId)).toMatchObject({ outcome: 'success' });
    expect(await balancesOf(orderId)).toEqual([
      { account: 'held', cents: 0 },
      { account: 'receivable', cents: 0 },
      { account: 'revenue', cents: 0 },
    ]);
    expect(await refund(orderId)).toMatchObject({ outcome: 'refusal', data: { reason: 'not-refundable' } });
  });

  it('refunds a captured payment in part with payment.reverse, the newest capture first', async () => {
    const orderId = await taken();
    await capture(orderId, await authorize(orderId));
    expect(await reverse(orderId, 3_000)).toMatchObject({ outcome: 'success' });
    expect(await balancesOf(orderId)).toContainEqual({ account: 'revenue', cents: -2_198 });
    const rows = await payment.sql(
      'SELECT refunded_cents::int AS cents FROM card_authorization WHERE order_id = $1 ORDER BY id',
      [orderId],
    );
    expect(rows).toEqual([{ cents: 401 }, { cents: 2_599 }]);
    expect((await effectsOf(orderId)).at(-1)).toEqual({ command: 'payment.reverse.v1' });
    expect(await refund(orderId)).toMatchObject({ outcome: 'success' });
  });

  it('fails to refund more than was captured, and posts nothing', async () => {
    const orderId = await taken();
    expect(await reverse(orderId, 2_600)).toMatchObject({ outcome: 'failure' });
    expect(await balancesOf(orderId)).toContainEqual({ account: 'revenue', cents: -2_599 });
  });

  it('refuses payment.refund when the gateway does not pay back, and owes the amount after payment.reverse', async () => {
    const orderId = await taken('tok_final');
    expect(await refund(orderId)).toMatchObject({ outcome: 'refusal', data: { reason: 'not-refundable' } });
    expect(await balancesOf(orderId)).not.toContainEqual(expect.objectContaining({ account: 'payable' }));
    expect(await reverse(orderId, 1)).toMatchObject({ outcome: 'success' });
    expect(await balancesOf(orderId)).toContainEqual({ account: 'payable', cents: -1 });
  });

  it('refunds a payment of two captures as far as the gateway pays back, and owes the rest', async () => {
    const orderId = await taken('tok_final');
    await capture(orderId, await authorize(orderId));
    expect(await refund(orderId)).toMatchObject({ outcome: 'success' });
    expect(await paymentsOf(orderId)).toMatchObject([
      { refundedCents: 0, owedCents: 2_599 },
      { refundedCents: 2_599, owedCents: 0 },
    ]);
    expect(await balancesOf(orderId)).toEqual([
      { account: 'held', cents: 0 },
      { account: 'payable', cents: -2_599 },
      { account: 'receivable', cents: 2_599 },
      { account: 'revenue', cents: 0 },
    ]);
  });

  it('refunds each of two captures once, although the gateway fails between them', async () => {
    const orderId = await taken('tok_flaky_refund');
    await capture(orderId, await authorize(orderId));
    const refunds = (): number => gatewayBooks(directory).refundsOf(orderId);
    const step = { sagaid: v7(), sagastep: 'refund' };
    expect(await refund(orderId, step)).toMatchObject({ outcome: 'failure', data: { unfinished: true } });
    expect(refunds()).toBe(1);
    expect(await differencesToGateway()).toEqual([expect.stringContaining(`order ${orderId}`)]);
    expect(await refund(orderId, { ...step, sagaattempt: 2 })).toMatchObject({ outcome: 'failure' });
    expect(await refund(orderId, { ...step, sagaattempt: 3 })).toMatchObject({ outcome: 'success' });
    expect(refunds()).toBe(2);
    expect(await paymentsOf(orderId)).toMatchObject([{ refundedCents: 2_599 }, { refundedCents: 2_599 }]);
  });
});
