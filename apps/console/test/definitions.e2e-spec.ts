/* Definitions: the graph, the same as a table, and what changed between versions. */
import { describeInBrowser } from './in-browser';

describeInBrowser('definitions in the console', (inBrowser) => {
  it('draws each step, and has the same as a table', async () => {
    const page = await inBrowser.open('definitions');
    await page.getByRole('link', { name: 'place-order', exact: true }).click();
    const steps = ['order', 'stock', 'payment', 'capture', 'confirmation', 'sale'];
    for (const step of steps) await page.locator('.react-flow__node').getByText(step, { exact: true }).waitFor();
    await page.getByText('Table', { exact: true }).click();
    for (const step of steps) await page.getByRole('button', { name: step, exact: true }).waitFor();
  });

  it('shows what changed between two versions', async () => {
    const page = await inBrowser.open('definitions/revise-order?version=2');
    await page.getByRole('heading', { name: 'What changed since' }).waitFor();
    await page.getByRole('table', { name: 'From v1 to v2' }).getByRole('row').first().waitFor();
  });

  it('is found by ⌘K, like a saga and an order', async () => {
    const page = await inBrowser.open('');
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('textbox', { name: 'Find' }).fill('place-o');
    await page
      .getByRole('button', { name: /place-order/ })
      .first()
      .waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'place-order' }).waitFor();
    // Once it is closed, it has also forgotten what was entered.
    await page.getByRole('textbox', { name: 'Find' }).waitFor({ state: 'hidden' });
    const { body } = await inBrowser.shop.place({
      customerId: 'grace',
      lines: [{ sku: 'SKU-CUP', quantity: 1 }],
      paymentToken: 'tok_ok',
    });
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('textbox', { name: 'Find' }).fill(body.orderId);
    await page.getByRole('button', { name: `Order ${body.orderId}` }).click();
    await page.getByRole('heading', { level: 1, name: 'Order' }).waitFor();
  });
});
