/* Definitions: the graph, the same as a table, and what changed between versions. */
import { waitUntil } from '@palinode/testing-support';
import { anOrder } from '../../../test/end-to-end/shop-client';
import { describeInBrowser, themes } from './in-browser';

/** In the browser: whether the first chart has the colour of what is completed. */
const HAS_COMPLETED_BAR = `(() => {
  const canvas = document.querySelector('.time-chart canvas');
  const color = getComputedStyle(canvas).getPropertyValue('--state-completed').trim();
  const wanted = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < data.length; at += 4)
    if (data[at + 3] === 255 && wanted.every((part, index) => data[at + index] === part)) return true;
  return false;
})()`;

describeInBrowser('definitions in the console', (inBrowser) => {
  it('draws each step, and has the same as a table', async () => {
    const page = await inBrowser.open('definitions');
    await page.getByRole('link', { name: 'place-order', exact: true }).click();
    const steps = ['order', 'stock', 'payment', 'capture', 'confirmation', 'sale'];
    for (const step of steps) await page.locator('.react-flow__node').getByText(step, { exact: true }).waitFor();
    await page.getByRole('radiogroup', { name: 'How the steps are shown' }).getByText('Table').click();
    for (const step of steps) await page.getByRole('button', { name: step, exact: true }).waitFor();
  });

  it.each(themes)(
    'draws what became of sagas over time, as it happens, and has the same as a table, %s',
    async (theme) => {
      const page = await inBrowser.open('definitions/place-order', { theme });
      const started = async (): Promise<number> => {
        const label = await page.getByRole('img', { name: /^Sagas per minute/ }).getAttribute('aria-label');
        return Number(/([\d,.]+) started/.exec(label ?? '')?.[1]?.replace(/\D/g, ''));
      };
      const before = await started();
      await inBrowser.shop.place(anOrder());
      await waitUntil('the saga to be in the chart', async () => (await started()) > before);
      await waitUntil('a bar in the colour of completed sagas', () => page.evaluate<boolean>(HAS_COMPLETED_BAR));
      await page.getByRole('radiogroup', { name: 'How the sagas are shown over time' }).getByText('Table').click();
      const table = page.getByRole('table', { name: 'Sagas per minute' });
      await table.getByRole('columnheader', { name: 'p99' }).waitFor();
      await table.getByRole('row').nth(1).waitFor();
    },
  );

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
