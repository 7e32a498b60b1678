/* Sagas of definitions that the shop does not have: with many branches, and with a signal. */
import { ConsoleModule } from '@palinode/console';
import { CONSOLE_PAGES } from '@palinode/test-support/shop/console-pages';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { AddressInfo } from 'node:net';
import type { Locator, Page } from 'playwright-core';
import { AdminUnderTest } from '../../../libs/saga/test/admin-under-test';
import { aStart } from '../../../libs/saga/test/messages';
import { aTrip, bookHotel, bookTrip } from '../../../libs/saga/test/sample-shapes';
import { describeInBrowser } from './in-browser';
import { hasFocus, KeyboardOnly } from './keyboard-only';

const BRANCHES = 200;
const MOST_ROWS = 80;
/** This orchestrator has no faults on demand. */
const expected = [/status of 404 .*\/v1\/faults/];

describeInBrowser('the page of a saga of another definition', (inBrowser) => {
  let admin: AdminUnderTest;
  beforeAll(async () => {
    admin = await AdminUnderTest.start([bookTrip, bookHotel], {
      imports: [ConsoleModule.forRoot({ pages: CONSOLE_PAGES })],
    });
    await admin.app.listen(0, '127.0.0.1');
    inBrowser.useOrchestrator(`http://127.0.0.1:${(admin.app.getHttpServer().address() as AddressInfo).port}`);
  });
  afterAll(() => admin?.stop());

  const begun = async (legs: number): Promise<string> => {
    const start = aStart('book-trip', aTrip({ legs: Array.from({ length: legs }, (_, n) => `leg ${n}`) }));
    await admin.begin(start);
    return start.sagaid;
  };
  const steps = (page: Page): Locator => page.getByRole('table', { name: 'The steps' }).getByRole('row');

  it('shows the branches of a forEach as one row, unfolds them on request, and finds one', async () => {
    const id = await begun(BRANCHES);
    for (let n = 0; n < 3; n += 1) await admin.answer(id, { rail: { seat: `${n}A` } });
    const page = await inBrowser.open(`sagas/${id}?tab=steps`, { expected });
    const branches = page.getByRole('button', { name: `seats, ${BRANCHES} branches` });
    await branches.waitFor();
    const folded = await steps(page).count();
    expect(folded).toBeLessThan(10);
    expect(await steps(page).filter({ has: branches }).textContent()).toMatch(/2 invoked.*3 done.*195 pending/s);
    await branches.click();
    await steps(page)
      .nth(folded + 10)
      .waitFor();
    expect(await steps(page).count()).toBeLessThan(MOST_ROWS);
    await page.getByRole('searchbox', { name: 'Find steps' }).fill('seats[123]');
    await page.getByRole('cell', { name: 'seats[123]' }).waitFor();
    expect(await steps(page).count()).toBe(2);
  });

  it('sends a signal that the saga waits for, and says what is wrong with its data', async () => {
    const page = await inBrowser.open(`sagas/${await begun(0)}`, { expected: [...expected, /status of 400/] });
    await page.getByRole('button', { name: 'Send traveller-consent' }).click();
    const dialog = page.getByRole('dialog', { name: 'Send the signal traveller-consent' });
    await dialog.getByLabel('Its data').fill('{ "given": "yes" }');
    await dialog.getByLabel('Reason').fill('she called');
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await dialog.getByRole('alert').getByText(/given/).waitFor();
    await dialog.getByLabel('Its data').fill('{ "given": true }');
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Send traveller-consent' }).waitFor({ state: 'hidden' });
    await page.getByRole('option', { name: /signal traveller-consent/ }).waitFor();
  });

  it('keeps the focus when the button for a signal goes away with the signal, by the keyboard alone', async () => {
    const page = await inBrowser.open(`sagas/${await begun(0)}`, { expected });
    const keyboard = new KeyboardOnly(page);
    const send = page.getByRole('button', { name: 'Send traveller-consent' });
    await keyboard.use(send);
    const dialog = page.getByRole('dialog', { name: 'Send the signal traveller-consent' });
    await dialog.getByLabel('Its data').fill('{ "given": true }');
    await dialog.getByLabel('Reason').fill('she called');
    await keyboard.use(dialog.getByRole('button', { name: 'Send', exact: true }));
    await dialog.waitFor({ state: 'hidden' });
    await send.waitFor({ state: 'hidden' });
    await waitUntil('the heading to have the focus', () => hasFocus(page.getByRole('heading', { level: 1 })));
  });

  it('says that it is not known whether a signal was taken when no answer comes', async () => {
    const page = await inBrowser.open(`sagas/${await begun(0)}`, { expected: [...expected, /ERR_CONNECTION_RESET/] });
    await page.route('**/signals/*', (route) => route.abort('connectionreset'));
    await page.getByRole('button', { name: 'Send traveller-consent' }).click();
    const dialog = page.getByRole('dialog', { name: 'Send the signal traveller-consent' });
    await dialog.getByLabel('Its data').fill('{ "given": true }');
    await dialog.getByLabel('Reason').fill('she called');
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await dialog.getByRole('alert').getByText('Whether the action was taken is not known').waitFor();
  });

  it('offers no fault where the orchestrator has none', async () => {
    const page = await inBrowser.open(`sagas/${await begun(1)}`, { expected });
    await page
      .getByRole('option', { name: /book-seat/ })
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: 'Break rail' }).count()).toBe(0);
  });
});
