/* Faults on demand: armed on a definition's graph, told as a story, and disarmed. */
import { anOrder } from '../../../test/end-to-end/shop-client';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { describeInBrowser } from './in-browser';
import { hasFocus, KeyboardOnly } from './keyboard-only';

/** The saga of a new order is asked for until its start has arrived. */
const expected = [/status of 404 .*\/v1\/sagas\//];

describeInBrowser('faults in the console', (inBrowser) => {
  afterEach(async () => {
    const page = await inBrowser.open('faults', { expected });
    const nothing = page.getByText('Nothing is broken on purpose.');
    const armed = page.getByRole('region', { name: 'Armed', exact: true }).getByRole('table');
    await armed.or(nothing).waitFor();
    if (await armed.isVisible()) await page.getByRole('button', { name: 'Disarm all' }).click();
    await nothing.waitFor();
  });

  it('arms a fault at a step that was chosen on the graph, and shows what it struck', async () => {
    const page = await inBrowser.open('faults', { expected });
    await page.locator('.react-flow__node', { hasText: 'payment.capture' }).click();
    const panel = page.getByRole('dialog', { name: 'Step capture' });
    await panel.getByRole('button', { name: 'Arm the fault' }).click();
    await page.getByText('payment.capture loses its reply as the reply leaves').first().waitFor();
    expect(page.url()).toContain('definition=place-order');
    const { body } = await inBrowser.shop.place(anOrder());
    const hits = page.getByRole('region', { name: 'Latest hits' });
    await hits.getByRole('cell', { name: body.orderId }).waitFor();
    await page.getByRole('cell', { name: '1 of 1' }).waitFor();
  });

  it('does not say that there are none when it cannot ask', async () => {
    const page = await inBrowser.open('', { expected: [...expected, /status of 500/] });
    await page.route('**/v1/faults/catalog', (route) =>
      route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"title":"Something went wrong"}' }),
    );
    await inBrowser.go(page, 'faults');
    await page.getByRole('alert').getByText('Something went wrong').first().waitFor();
    expect(await page.getByText('Faults cannot be armed here').count()).toBe(0);
  });

  it('can be armed by the keyboard alone', async () => {
    const page = await inBrowser.open('faults', { expected });
    await page.locator('.react-flow__node', { hasText: 'inventory.reserve-stock' }).focus();
    await page.keyboard.press('Enter');
    const arm = page.getByRole('dialog', { name: 'Step stock' }).getByRole('button', { name: 'Arm the fault' });
    await arm.focus();
    await page.keyboard.press('Enter');
    await page.getByText('inventory.reserve-stock loses its reply').first().waitFor();
  });

  it('keeps the focus when the banner or the row of what is disarmed goes away', async () => {
    const arm = async (): Promise<void> => {
      const response = await fetch(new URL('/v1/faults', inBrowser.address()), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ service: 'payment', point: 'received', effect: { type: 'delay', ms: 1 } }),
      });
      expect(response.status).toBe(201);
    };
    await arm();
    const page = await inBrowser.open('', { expected });
    const keyboard = new KeyboardOnly(page);
    const disarmAll = page.getByRole('button', { name: 'Disarm all' });
    await keyboard.use(disarmAll);
    await disarmAll.waitFor({ state: 'hidden' });
    await waitUntil('the heading to have the focus', () => hasFocus(page.getByRole('heading', { level: 1 })));

    await arm();
    await inBrowser.go(page, 'faults');
    const armed = page.getByRole('region', { name: 'Armed', exact: true });
    await keyboard.use(armed.getByRole('button', { name: 'Disarm', exact: true }));
    await armed.getByText('Nothing is broken on purpose.').waitFor();
    await waitUntil('the heading to have the focus', () => hasFocus(armed.getByRole('heading', { name: 'Armed' })));
    // Why nothing can be disarmed is told to the keyboard.
    await keyboard.tabTo(disarmAll);
    await page.getByRole('tooltip', { name: 'No fault is armed' }).waitFor();
  });

  it('tells a scenario as it happens', async () => {
    const page = await inBrowser.open('faults', { expected });
    const card = page.getByRole('region', { name: 'Scenarios' });
    await card.getByRole('button', { name: 'Run it' }).nth(3).click();
    const story = page.getByRole('region', { name: 'Poison', exact: true });
    await story.getByText('completed').first().waitFor();
    await story
      .getByRole('option', { name: /authorize/ })
      .first()
      .waitFor();
  });
});
