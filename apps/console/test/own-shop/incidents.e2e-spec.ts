/*
 * The incidents of docs/operations/incidents.md on the running shop, in the console. The operator has its first screen
 * open, and needs as many clicks as the page says.
 */
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Locator } from 'playwright-core';
import { printLine } from '../../../../test/chaos/print-line';
import { DEAD_LETTERS, PAUSED, ShopOnCall } from '../../../../test/incidents/shop-on-call';
import { describeInBrowser } from '../in-browser';
import { OperatorAtConsole } from '../operator-at-console';

/** While servers are away, requests fail. */
const expected = [/Failed to load resource/];

describeInBrowser('incidents in the console', (inBrowser) => {
  let shop: ShopOnCall;
  let operator: OperatorAtConsole;

  beforeAll(async () => {
    shop = await ShopOnCall.start();
    inBrowser.useOrchestrator(shop.services.orchestrator.url);
  });

  beforeEach(async () => {
    operator = new OperatorAtConsole(await inBrowser.open('', { expected }));
  });

  afterAll(async () => {
    await shop?.stop();
  });

  /** Fails when the incident took another number of clicks than the page says. */
  function expectClicks(count: number): void {
    const { clicks, fields } = operator.acts;
    printLine(`${expect.getState().currentTestName}: ${clicks} clicks, ${fields} fields`);
    expect(clicks).toBe(count);
  }

  const banner = (text: string | RegExp): Locator =>
    operator.page.getByRole('status', { name: 'How it is' }).locator('.banner').filter({ hasText: text });
  const incident = (reason: string): Locator =>
    operator.page.getByRole('article', { name: `Incident: ${reason}`, exact: false });
  const button = (name: string): Locator => operator.page.getByRole('button', { name, exact: true });
  const now = (): Locator => operator.page.getByRole('link', { name: 'Now', exact: true });
  /** Resolves when nothing needs a person any more. */
  const allIsWell = (): Promise<unknown> =>
    waitUntil('all to be well', async () => {
      const banners = await operator.page.locator('.banner').allInnerTexts();
      return banners.some((text) => text.includes('All is well')) || Promise.reject(new Error(banners.join('\n')));
    });
  /** Resolves when the first screen has no banner of this any more. */
  const gone = (text: string | RegExp): Promise<void> => banner(text).waitFor({ state: 'hidden' });

  it('tells a customer who has half an order number why the order was not delivered', async () => {
    const [order] = await shop.orders(1, { paymentToken: 'tok_declined' });
    await shop.statusesOf([order!]);
    const { page } = operator;
    await operator.press('ControlOrMeta+k');
    await operator.type(page.getByRole('textbox', { name: 'Find' }), order!.orderId.slice(0, 18));
    await operator.click(page.getByRole('button', { name: order!.orderId }));
    const why = page.getByRole('region', { name: 'Why it stands here' });
    await why.getByText('card-declined').first().waitFor();
    await operator.click(page.getByRole('link', { name: 'Shop', exact: true }));
    await operator.click(page.getByRole('button', { name: /^Place the order/ }));
    await page.getByRole('region', { name: 'Your order' }).getByText('completed').first().waitFor();
    expectClicks(4);
  });

  it('says that the disk is slow, and when it is quicker again', async () => {
    const least = await shop.slowDownDisk();
    const slow = await shop.commitsTake('slow', (ms) => ms >= least);
    await operator.see(banner(/PostgreSQL takes \d+ ms to commit.*see that its disk/));
    await shop.repairDisk();
    await shop.commitsTake('quicker', (ms) => ms < slow);
    await gone('PostgreSQL takes');
    expectClicks(0);
  });

  it('finds a participant that is silent, and ends what silences it', async () => {
    expect(await shop.leaveIncidents()).toEqual({ code: 0, text: expect.stringContaining('a participant is silent') });
    await operator.see(banner(/1 hold in force.*inventory\S* has not replied/));
    await operator.click(banner('1 fault armed').getByRole('button', { name: 'Disarm all' }));
    await gone('in force');
    await gone('armed');
    expectClicks(1);
  });

  it('resumes 40 sagas that are paused for three reasons', async () => {
    await operator.see(banner('40 sagas paused, for 3 reasons'));
    for (const [reason, count] of Object.entries(PAUSED))
      await operator.see(incident(reason).filter({ hasText: `${count} sagas` }));
    await operator.click(button('Resume all 40'));
    await operator.page.getByRole('group', { name: 'What it would do' }).getByText('40 sagas').waitFor();
    await operator.confirm('Resume', 'OPS-15');
    await operator.see(operator.page.getByText('40 of 40', { exact: true }));
    await operator.click(now());
    await gone('paused');
    expectClicks(3);
  });

  it('decides on 30 dead letters of several reasons', async () => {
    await operator.click(banner('30 open dead letters').getByRole('link'));
    for (const [reason, count] of Object.entries(DEAD_LETTERS))
      expect(await operator.see(operator.page.getByRole('article', { name: `Dead letters: ${reason}` }))).toContain(
        `${count} letters`,
      );
    await operator.click(button('Discard all 30'));
    await operator.page.getByRole('group', { name: 'What it would do' }).getByText('30 dead letters').waitFor();
    await operator.confirm('Discard', 'another team tests, OPS-16');
    await operator.see(operator.page.getByText('30 of 30', { exact: true }));
    await operator.click(now());
    await allIsWell();
    expectClicks(4);
  });

  it('bridges an outage of payment with 100 orders', async () => {
    const orders = await shop.ordersWithoutPayment(100);
    await operator.see(banner(/in force, \d+ sagas waiting.*payment\S* has not replied/));
    await shop.services.payment.restart();
    expect(await shop.statusesOf(orders)).toEqual(new Set(['COMPLETED']));
    await allIsWell();
    expectClicks(0);
  });

  it('explains a handler that hangs', async () => {
    const orders = await shop.ordersWithHangingHandler(6);
    await operator.see(banner(/in force.*capture fails in several sagas: handler-timeout/));
    await operator.click(banner('1 fault armed').getByRole('button', { name: 'Disarm all' }));
    expect(await shop.statusesOf(orders)).toEqual(new Set(['COMPLETED']));
    await allIsWell();
    expectClicks(1);
  });

  it('says that the broker is away, and that orders go on when it is back', async () => {
    await shop.killBroker();
    const orders = await shop.orders(3);
    await operator.see(banner(/Sagas do not advance/));
    await operator.see(banner(shop.broker.address).first());
    await shop.broker.restart();
    expect(await shop.statusesOf(orders)).toEqual(new Set(['COMPLETED']));
    await allIsWell();
    expectClicks(0);
  });

  it('says that the database is away, and that sagas go on when it is back', async () => {
    const orders = await shop.orders(10);
    await shop.postgres.kill();
    await operator.see(operator.page.getByRole('alert').filter({ hasText: 'The database does not answer' }));
    await shop.postgres.restart();
    expect(await shop.statusesOf(orders)).toEqual(new Set(['COMPLETED']));
    await operator.page.getByRole('alert').waitFor({ state: 'hidden' });
    await allIsWell();
    expectClicks(0);
  });

  it('continues the sagas that a bug of a payload mapper has paused, once it is fixed', async () => {
    const orders = await shop.ordersWithMapperBug(5);
    expect(await operator.see(incident('invalid-payload'))).toContain('Cannot read properties of undefined');
    await shop.deploy('usual');
    await operator.click(incident('invalid-payload').getByRole('button', { name: 'Resume 5' }));
    await operator.confirm('Resume', 'OPS-17');
    expect(await shop.statusesOf(orders)).toEqual(new Set(['COMPLETED']));
    await operator.click(now());
    await allIsWell();
    expectClicks(3);
  });

  it('continues the sagas of a version that was rolled out and back, once it is there again', async () => {
    const orders = await shop.ordersOfMissingVersion(3);
    // The last of them may still be on its way to the incident.
    await operator.see(incident('definition-missing').filter({ hasText: /3 sagas.*Register this version/s }));
    await shop.deploy('with-version-2');
    expect(await shop.statusesOf(orders)).toEqual(new Set(['COMPLETED']));
    await incident('definition-missing').waitFor({ state: 'hidden' });
    await allIsWell();
    expectClicks(0);
  });
});
