/* The shop's screen: what a newcomer does in the first minute, and how a service is broken and mended. */
import type { Page } from 'playwright-core';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { describeInBrowser } from './in-browser';

const place = (page: Page): Promise<void> => page.getByRole('button', { name: /^Place the order/ }).click();
const theOrder = (page: Page) => page.getByRole('region', { name: 'Your order' });
const entries = (page: Page) => theOrder(page).getByRole('listbox', { name: 'What happened, entry by entry' });

/** Opens the page of the newest order. The shop's page has fields with the same names, so the other one is waited for. */
async function openNewest(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Newest orders' }).getByRole('link').first().click();
  await page.getByRole('heading', { level: 1, name: 'Order' }).waitFor();
}

async function payBy(page: Page, card: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Paid by' }).click();
  await page.getByRole('option', { name: card, exact: true }).click();
}

/** The saga of a new order is asked for until its start has arrived. */
const expected = [/status of 404 .*\/v1\/sagas\//];

describeInBrowser('the shop in the console', (inBrowser) => {
  it('shows a newcomer an order that travels, and how the stock comes back when the card is declined', async () => {
    const page = await inBrowser.open('', { expected });
    await page.getByRole('link', { name: 'Shop' }).click();
    // No other test orders a kettle.
    await page.getByLabel('How many: Porcelain cup').fill('0');
    await page.getByLabel('How many: Gooseneck kettle').fill('1');
    await place(page);
    await theOrder(page).getByText('completed').first().waitFor();
    for (const what of ['reserve-stock', 'authorize', 'capture', 'confirm', 'commit-stock'])
      await entries(page).getByRole('option', { name: what }).first().waitFor();

    await payBy(page, 'A card that is declined');
    await place(page);
    await theOrder(page).getByText('Compensated because of card-declined in the step payment.').waitFor();
    for (const what of [/authorize.*refused/, /release-stock/, /reject/])
      await entries(page).getByRole('option', { name: what }).first().waitFor();
    await page.getByRole('region', { name: 'Newest orders' }).getByText('card-declined').first().waitFor();
    const kettle = page.getByRole('region', { name: 'Stock' }).getByRole('row', { name: /Gooseneck kettle/ });
    await waitUntil(
      'the reserved stock is back',
      async () => (await kettle.getByRole('cell').last().innerText()) === '0',
    );
  });

  it('places several orders at once', async () => {
    const page = await inBrowser.open('shop', { expected });
    await page.getByLabel('How many orders at once').fill('5');
    await page.getByRole('button', { name: 'Place 5 at once' }).click();
    await theOrder(page).waitFor();
    expect(await page.getByRole('region', { name: 'Newest orders' }).getByRole('link').count()).toBeGreaterThanOrEqual(
      5,
    );
  });

  it('cancels an order, and shows the saga that gives the money back', async () => {
    const page = await inBrowser.open('shop', { expected });
    await place(page);
    await theOrder(page).getByText('completed').first().waitFor();
    await openNewest(page);
    await page.getByRole('button', { name: 'Cancel the order' }).click();
    const cancellation = page.getByRole('region', { name: 'Its cancellation' });
    await cancellation.getByText('completed').first().waitFor();
    await page
      .getByText(/⟲\s*cancelled/)
      .first()
      .waitFor();
  });

  it('asks for consent to a higher price of a change', async () => {
    const page = await inBrowser.open('shop', { expected });
    await place(page);
    await theOrder(page).getByText('completed').first().waitFor();
    await openNewest(page);
    await page.getByLabel('How many: Porcelain cup').fill('3');
    await page.getByRole('button', { name: 'Change the order' }).click();
    await page.getByRole('button', { name: 'Accept €25.00' }).click();
    await page.getByRole('region', { name: 'A change of it' }).getByText('completed').first().waitFor();
    await page.getByText('3 × Porcelain cup').first().waitFor();
  });

  it('stops a service by one switch, and mends it by the same', async () => {
    const page = await inBrowser.open('shop', { expected });
    const stopped = page.getByRole('switch', { name: 'payment: stopped' });
    await stopped.click();
    await page.getByRole('switch', { name: 'payment: stopped', checked: true }).waitFor();
    await place(page);
    await theOrder(page).getByText('running').first().waitFor();
    await entries(page)
      .getByRole('option', { name: /authorize/ })
      .first()
      .waitFor();
    await stopped.click();
    await theOrder(page).getByText('completed').first().waitFor();
  });
});
