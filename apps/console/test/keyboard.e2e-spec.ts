/* The console by the keyboard alone. */
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Locator, Page } from 'playwright-core';
import { anOrder } from '../../../test/end-to-end/shop-client';
import { describeInBrowser } from './in-browser';
import { hasFocus, KeyboardOnly } from './keyboard-only';

/** The saga of a new order is asked for until its start has arrived. */
const expected = [/status of 404 .*\/v1\/sagas\//];

describeInBrowser('the console by the keyboard alone', (inBrowser) => {
  let holds: string[] = [];
  const ofHolds = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(new URL(`/v1/holds${path}`, inBrowser.address()), {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return response.json();
  };
  /** From now on orders wait for their payment. */
  const holdPayment = async (): Promise<void> => {
    const hold = await ofHolds('POST', '', { where: { service: 'payment' }, reason: 'for a test' });
    holds.push((hold as { readonly id: string }).id);
  };
  afterEach(async () => {
    for (const id of holds) await ofHolds('DELETE', `/${id}?reason=over`);
    holds = [];
  });

  const theOrder = (page: Page): Locator => page.getByRole('region', { name: 'Your order' });
  /** Resolves when this has the focus. */
  const focusOn = (what: string, target: Locator): Promise<unknown> =>
    waitUntil(`${what} to have the focus`, () => hasFocus(target));

  it('lets a newcomer place orders, have a card declined, and break a service', async () => {
    const page = await inBrowser.open('', { expected });
    const keyboard = new KeyboardOnly(page);
    await keyboard.use(page.getByRole('link', { name: 'Shop', exact: true }));
    await page.getByRole('heading', { level: 1, name: 'Shop' }).waitFor();
    const place = page.getByRole('button', { name: /^Place the order/ });
    await keyboard.use(place);
    await theOrder(page).getByText('completed').first().waitFor();
    await keyboard.focused();

    const card = page.getByRole('combobox', { name: 'Paid by' });
    await keyboard.tabTo(card, 'Shift+Tab');
    const declined = page.getByRole('option', { name: 'A card that is declined', exact: true });
    await page.keyboard.press('Enter');
    await declined.waitFor();
    await waitUntil('the card to be chosen', async () => {
      if ((await declined.getAttribute('data-combobox-selected')) === 'true') return true;
      await page.keyboard.press('ArrowDown');
      return false;
    });
    await page.keyboard.press('Enter');
    await declined.waitFor({ state: 'hidden' });
    await focusOn('the choice of the card', card);
    await keyboard.use(place);
    await theOrder(page).getByText('Compensated because of card-declined in the step payment.').waitFor();

    const stopped = page.getByRole('switch', { name: 'payment: stopped' });
    await keyboard.use(stopped, ' ');
    await page.getByRole('switch', { name: 'payment: stopped', checked: true }).waitFor();
    await keyboard.focused();
    await page.keyboard.press(' ');
    await page.getByRole('switch', { name: 'payment: stopped', checked: false }).waitFor();
  });

  it('finds an order by ⌘K, lists the keys by ?, and gives the focus back after Escape', async () => {
    const { body } = await inBrowser.shop.place(anOrder());
    await inBrowser.shop.endedSaga(body.sagaId);
    const page = await inBrowser.open('sagas', { expected });
    const keyboard = new KeyboardOnly(page);
    const link = page.getByRole('link', { name: 'Audit' });
    await keyboard.tabTo(link);
    await page.keyboard.press('Shift+?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
    await focusOn('the link from before', link);
    const find = page.getByRole('textbox', { name: 'Find' });
    await page.keyboard.press('ControlOrMeta+k');
    await focusOn('the search', find);
    await page.keyboard.press('Escape');
    await find.waitFor({ state: 'hidden' });
    await focusOn('the link from before', link);
    await page.keyboard.press('ControlOrMeta+k');
    await focusOn('the search', find);
    await page.keyboard.type(body.orderId.slice(0, 18));
    const found = page.getByRole('button', { name: body.orderId });
    await found.waitFor();
    await waitUntil('the order to be chosen', async () => {
      if ((await found.getAttribute('data-selected')) === 'true') return true;
      await page.keyboard.press('ArrowDown');
      return false;
    });
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /^place-order/ }).waitFor();
    await find.waitFor({ state: 'hidden' });
    await keyboard.focused();
  });

  it('pauses several sagas at once', async () => {
    await holdPayment();
    const orders = await Promise.all([1, 2, 3].map(async () => (await inBrowser.shop.place(anOrder())).body));
    for (const { sagaId } of orders)
      await waitUntil(`saga ${sagaId} to be held`, async () =>
        (await inBrowser.shop.saga(sagaId)).steps.some(({ name, status }) => name === 'stock' && status === 'DONE'),
      );
    const page = await inBrowser.open('sagas?status=RUNNING');
    const keyboard = new KeyboardOnly(page);
    const rows = page.getByRole('grid', { name: 'sagas' }).locator('[role=row][data-index]');
    await keyboard.tabTo(rows.first());
    await page.keyboard.press(' ');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await focusOn('the third row', rows.nth(2));
    await page.getByText('3 sagas selected').waitFor();
    const act = page.getByRole('button', { name: 'Act', exact: true });
    await keyboard.tabTo(act, 'Shift+Tab');
    const pause = page.getByRole('menuitem', { name: 'Pause …' });
    const choosePause = async (): Promise<void> => {
      await page.keyboard.press('Enter');
      await pause.waitFor();
      await waitUntil('the menu to be at Pause', async () => {
        if (await hasFocus(pause)) return true;
        await page.keyboard.press('ArrowDown');
        return false;
      });
      await page.keyboard.press('Enter');
    };
    await choosePause();
    const dialog = page.getByRole('dialog', { name: 'Pause 3 sagas' });
    await focusOn('the reason', dialog.getByLabel('Reason'));
    // Leaving the dialog returns the focus to what opened it.
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await focusOn('the button that opened the dialog', act);
    await choosePause();
    await focusOn('the reason', dialog.getByLabel('Reason'));
    await page.keyboard.type('OPS-21');
    await dialog.getByRole('group', { name: 'What it would do' }).getByText('3 sagas').waitFor();
    await keyboard.use(dialog.getByRole('button', { name: 'Pause', exact: true }));
    await page.getByRole('heading', { level: 1, name: 'Pause 3 sagas' }).waitFor();
    await page.getByText('3 of 3', { exact: true }).waitFor();
    await waitUntil('something to have the focus', () => keyboard.focused());
  });

  it('reads the diagram entry by entry, and the graph as a table', async () => {
    const { body } = await inBrowser.shop.place(anOrder());
    await inBrowser.shop.endedSaga(body.sagaId);
    const page = await inBrowser.open(`sagas/${body.sagaId}`);
    const keyboard = new KeyboardOnly(page);
    const entries = page.getByRole('listbox', { name: /entry by entry/ });
    await keyboard.tabTo(entries);
    await page.keyboard.press('Home');
    await page.getByText('After entry 1 of').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.getByText('After entry 2 of').waitFor();
    // The whole screen can be left again.
    const first = page.getByRole('link', { name: 'Palinode' });
    await keyboard.tabTo(first);
    await keyboard.tabTo(page.getByRole('tab', { name: 'Diagram' }));
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.locator('.react-flow__node').first().waitFor();
    await inBrowser.go(page, 'definitions/place-order');
    await keyboard.tabTo(page.getByRole('radio', { name: 'Graph' }));
    await page.keyboard.press('ArrowRight');
    const step = page.getByRole('button', { name: 'payment', exact: true });
    await keyboard.use(step);
    const panel = page.getByRole('dialog', { name: 'Step payment' });
    await panel.waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'hidden' });
    await focusOn('the step that was opened', step);
  });
});
