/*
 * The incidents on the running shop, as docs/operations/incidents.md tells them. The person on call has only the command
 * line, and needs three commands at most to know, to explain, to put right and to prove.
 */
import { waitUntil } from '@palinode/testing-support/wait-until';
import { printLine } from '../chaos/print-line';
import { PersonOnCall } from './person-on-call';
import { DEAD_LETTERS, PAUSED, ShopOnCall } from './shop-on-call';

const MOST_COMMANDS = 3;

let shop: ShopOnCall;
let person: PersonOnCall;

beforeAll(async () => {
  shop = await ShopOnCall.start();
  person = new PersonOnCall(shop.place);
});

afterEach(() => {
  const commands = person.takeCommands();
  printLine(`${expect.getState().currentTestName}: ${commands.map((each) => `palinode ${each}`).join('; ')}`);
  expect(commands.length).toBeLessThanOrEqual(MOST_COMMANDS);
});

afterAll(async () => {
  await shop?.stop();
});

it('tells a customer who has half an order number why the order was not delivered', async () => {
  const [order] = await shop.orders(1, { paymentToken: 'tok_declined' });
  await shop.statusesOf([order!]);
  const why = await person.palinode('why', order!.orderId.slice(0, 18));
  expect(why).toEqual({ code: 2, text: expect.stringContaining('refusal of payment: card-declined') });
  const again = await person.palinode('order', '--sku', 'SKU-CUP', '--token', 'tok_ok', '--watch');
  expect(again).toEqual({ code: 0, text: expect.stringMatching(/started → [^]*\nCOMPLETED/) });
});

it('says that the disk is slow, and when it is quicker again', async () => {
  const least = await shop.slowDownDisk();
  const slow = await shop.commitsTake('slow', (ms) => ms >= least);
  const status = await person.palinode('status');
  expect(status).toEqual({
    code: 3,
    text: expect.stringMatching(/PostgreSQL takes \d+ ms to commit, which slows every saga: see that its disk/),
  });
  await shop.repairDisk();
  await shop.commitsTake('quicker', (ms) => ms < slow);
  const after = await person.palinode('status');
  expect(after.text).toMatch(/^Sagas advance\.\nPostgreSQL takes \d+ ms to commit/);
});

it('finds a participant that is silent, and ends what silences it', async () => {
  expect(await shop.leaveIncidents()).toEqual({ code: 0, text: expect.stringContaining('a participant is silent') });
  const held = await person.palinode('holds');
  expect(held.text).toMatch(/inventory\S* +\d+ +.*inventory\S* has not replied/);
  const disarmed = await person.palinode('faults', 'disarm', '--all');
  expect(disarmed).toEqual({ code: 0, text: expect.stringContaining('Disarmed: 1.') });
  const watched = await person.palinode('holds', '--watch');
  expect(watched).toEqual({ code: 0, text: expect.stringContaining('Nothing is held.') });
});

it('resumes 40 sagas that are paused for three reasons', async () => {
  const listed = await person.palinode('incidents');
  expect(listed.code).toBe(3);
  for (const [reason, count] of Object.entries(PAUSED))
    expect(listed.text).toMatch(new RegExp(String.raw`^[ABC] +${count} +${reason} `, 'm'));
  const all = ['--where', 'status=PAUSED', '--expect', '40', '--canary', '3', '--reason', 'OPS-15'];
  const resumed = await person.palinode('resume', ...all);
  expect(resumed).toEqual({ code: 0, text: expect.stringContaining('40 of 40: 40 done, 0 skipped, 0 failed') });
  const after = await person.palinode('incidents');
  expect(after).toEqual({ code: 0, text: expect.stringContaining('No saga is PAUSED.') });
});

it('decides on 30 dead letters of several reasons', async () => {
  const listed = await person.palinode('dead-letters');
  for (const [reason, count] of Object.entries(DEAD_LETTERS))
    expect(listed.text).toMatch(new RegExp(String.raw` +${count} +${reason} `, 'm'));
  const discarded = await person.palinode(
    'discard',
    '--where',
    'youngerThan=1h',
    '--expect',
    '30',
    '--reason',
    'another team tests, OPS-16',
  );
  expect(discarded).toEqual({ code: 0, text: expect.stringContaining('30 of 30: 30 done, 0 skipped, 0 failed') });
  const after = await person.palinode('dead-letters');
  expect(after.text).toContain('No dead letter is open.');
});

it('bridges an outage of payment with 100 orders', async () => {
  const orders = await shop.ordersWithoutPayment(100);
  const holds = await person.palinode('holds');
  expect(holds.text).toMatch(/payment\S* +\d+ +.*payment\S* has not replied/);
  await shop.services.payment.restart();
  const watched = await person.palinode('holds', '--watch');
  expect(watched).toEqual({ code: 0, text: expect.stringContaining('Nothing is held.') });
  expect(await shop.statusesOf(orders)).toEqual(new Set(['COMPLETED']));
  const status = await person.palinode('status');
  expect(status.text).toMatch(/^Sagas advance\.[^]*\n0 sagas are paused/);
});

it('explains a handler that hangs', async () => {
  const orders = await shop.ordersWithHangingHandler(6);
  const why = await person.palinode('why', orders[0]!.orderId);
  expect(why.text).toMatch(/handler-timeout/);
  const disarmed = await person.palinode('faults', 'disarm', '--all');
  expect(disarmed.code).toBe(0);
  const watched = await person.palinode('holds', '--watch');
  expect(watched).toEqual({ code: 0, text: expect.stringContaining('Nothing is held.') });
  expect(await shop.statusesOf(orders)).toEqual(new Set(['COMPLETED']));
});

it('says that the broker is away, and that orders go on when it is back', async () => {
  await shop.killBroker();
  const orders = await shop.orders(3);
  await waitUntil('the orchestrator to notice', async () => (await shop.health()).status === 'error');
  const away = await person.palinode('status');
  expect(away).toEqual({
    code: 3,
    text: expect.stringMatching(new RegExp(`Sagas do not advance: .*its broker is ${shop.broker.address}`)),
  });
  await shop.broker.restart();
  expect(await shop.statusesOf(orders)).toEqual(new Set(['COMPLETED']));
  await waitUntil('the orchestrator to be well', async () => (await shop.health()).status === 'ok');
  const back = await person.palinode('status');
  expect(back.text).toMatch(/^Sagas advance\./);
});

it('says that the database is away, and that sagas go on when it is back', async () => {
  const orders = await shop.orders(10);
  await shop.postgres.kill();
  const away = await person.palinode('status');
  expect(away).toEqual({ code: 3, text: expect.stringContaining('The database does not answer') });
  await shop.postgres.restart();
  expect(await shop.statusesOf(orders)).toEqual(new Set(['COMPLETED']));
  const back = await person.palinode('status');
  expect(back.text).toMatch(/^Sagas advance\./);
});

it('continues the sagas that a bug of a payload mapper has paused, once it is fixed', async () => {
  const orders = await shop.ordersWithMapperBug(5);
  const listed = await person.palinode('incidents');
  expect(listed.text).toMatch(/^A +5 +invalid-payload +place-order \/ sale .*Cannot read properties of undefined/m);
  await shop.deploy('usual');
  const resumed = await person.palinode('resume', 'A', '--expect', '5', '--canary', '1', '--reason', 'OPS-17');
  expect(resumed).toEqual({ code: 0, text: expect.stringContaining('5 ended as meant, 0 otherwise') });
  expect(await shop.statusesOf(orders)).toEqual(new Set(['COMPLETED']));
  const after = await person.palinode('incidents');
  expect(after).toEqual({ code: 0, text: expect.stringContaining('No saga is PAUSED.') });
});

it('continues the sagas of a version that was rolled out and back, once it is there again', async () => {
  const orders = await shop.ordersOfMissingVersion(3);
  const listed = await person.palinode('incidents');
  expect(listed.text).toMatch(/^A +3 +definition-missing [^]*A: Register this version/m);
  await shop.deploy('with-version-2');
  expect(await shop.statusesOf(orders)).toEqual(new Set(['COMPLETED']));
  const after = await person.palinode('incidents');
  expect(after).toEqual({ code: 0, text: expect.stringContaining('No saga is PAUSED.') });
});
