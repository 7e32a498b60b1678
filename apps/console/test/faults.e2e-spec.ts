/* Faults on demand: armed on a definition's graph, told as a story, and disarmed. */
import { anOrder } from '../../../test/end-to-end/shop-client';
import { describeInBrowser } from './in-browser';

/** The saga of a new order is asked for until its start has arrived. */
const expected = [/status of 404 .*\/v1\/sagas\//];

describeInBrowser('faults in the console', (inBrowser) => {
  afterEach(async () => {
    const page = await inBrowser.open('faults', { expected });
    const all = page.getByRole('button', { name: 'Disarm all' });
    if (await all.isEnabled()) await all.click();
    await page.getByText('Nothing is broken on purpose.').waitFor();
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

  it('can be armed by the keyboard alone', async () => {
    const page = await inBrowser.open('faults', { expected });
    await page.locator('.react-flow__node', { hasText: 'inventory.reserve-stock' }).focus();
    await page.keyboard.press('Enter');
    const arm = page.getByRole('dialog', { name: 'Step stock' }).getByRole('button', { name: 'Arm the fault' });
    await arm.focus();
    await page.keyboard.press('Enter');
    await page.getByText('inventory.reserve-stock loses its reply').first().waitFor();
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
