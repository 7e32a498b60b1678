/* The page of one saga. */
import type { Locator, Page } from 'playwright-core';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { anOrder } from '../../../test/end-to-end/shop-client';
import { accessibilityProblems, describeInBrowser, themes } from './in-browser';

const TABS = ['diagram', 'steps', 'graph', 'history', 'messages', 'dead-letters', 'audit', 'family'];

describeInBrowser('the page of a saga', (inBrowser) => {
  const rows = (page: Page): Locator => page.getByRole('listbox', { name: /entry by entry/ }).getByRole('option');
  const textsOf = async (page: Page): Promise<string> =>
    (await rows(page).evaluateAll((all) => all.map((row) => row.firstElementChild?.textContent))).join('\n');

  /** An order whose card is declined; resolves with its saga once that is compensated. */
  const compensated = async (): Promise<string> => {
    const { body } = await inBrowser.shop.place(anOrder({ paymentToken: 'tok_declined' }));
    await inBrowser.shop.endedSaga(body.sagaId);
    return body.sagaId;
  };

  const holds = async (init?: RequestInit, path = '', query = ''): Promise<{ readonly id: string }> => {
    const url = new URL(`/v1/holds${path}${query}`, inBrowser.address());
    const response = await fetch(url, { ...init, headers: { 'content-type': 'application/json' } });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as { readonly id: string };
  };
  let hold: string | undefined;
  afterEach(async () => {
    if (hold !== undefined) await holds({ method: 'DELETE' }, `/${hold}`, '?reason=over');
    hold = undefined;
  });

  /** An order whose payment is held; resolves with its saga once it stands still. */
  const standing = async (): Promise<string> => {
    const where = { service: 'payment' };
    hold = (await holds({ method: 'POST', body: JSON.stringify({ where, reason: 'for a test' }) })).id;
    const { body } = await inBrowser.shop.place(anOrder());
    await waitUntil('the saga to stand', async () => {
      const { steps } = await inBrowser.shop.saga(body.sagaId);
      return steps.find(({ name }) => name === 'stock')?.status === 'DONE';
    });
    return body.sagaId;
  };

  it('draws the refusal of a card and the compensation that follows', async () => {
    const page = await inBrowser.open(`sagas/${await compensated()}`);
    const header = page.getByRole('group', { name: /^Between caller, orchestrator, / });
    expect(await header.getAttribute('aria-label')).toMatch(/inventory.*order|order.*inventory/);
    await rows(page).last().waitFor();
    const texts = await textsOf(page);
    expect(texts).toMatch(/command from orchestrator to inventory: reserve-stock/);
    expect(texts).toMatch(/reply from payment to orchestrator: authorize refused: card-declined/);
    expect(texts).toMatch(/compensat.*: a command was refused/);
    expect(texts).toMatch(/command from orchestrator to inventory: release-stock/);
    const back = page.locator('[data-kind=command][data-tone=compensating]').first();
    expect(await back.textContent()).toContain('↩');
  });

  it('is reached by a business key in the address', async () => {
    const { body } = await inBrowser.shop.place(anOrder());
    await inBrowser.shop.endedSaga(body.sagaId);
    const page = await inBrowser.open(`sagas/${body.orderId}`, { expected: [/status of 404/] });
    await page.getByRole('alert').getByText(`It is the business key of the saga ${body.sagaId}`).waitFor();
    await page.getByRole('table', { name: 'Sagas with this business key' }).getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: `place-order ${body.orderId}` }).waitFor();
  });

  it('plays a saga back by the keyboard, with the state at each entry beside it and in the address', async () => {
    const page = await inBrowser.open(`sagas/${await compensated()}`);
    const state = page.getByRole('region', { name: 'The state after the selected entry' });
    expect(await state.textContent()).toContain('compensated');
    await page.getByRole('listbox').focus();
    await page.keyboard.press('Home');
    await page.waitForURL(/at=1\b/);
    await state.getByText('After entry 1 of').waitFor();
    expect(await state.textContent()).toMatch(/running.*stock▶ invoked/s);
    await page.keyboard.press('ArrowDown');
    await page.waitForURL(/at=2\b/);
    await page.reload();
    await state.getByText('After entry 2 of').waitFor();
    expect(await rows(page).nth(1).getAttribute('aria-selected')).toBe('true');
  });

  it.each(themes)('is accessible on each tab in the %s theme', async (theme) => {
    const id = await compensated();
    const page = await inBrowser.open(`sagas/${id}`, { theme });
    const found: Record<string, readonly string[]> = {};
    for (const tab of TABS) {
      await inBrowser.go(page, `sagas/${id}?tab=${tab}`);
      const problems = await accessibilityProblems(page);
      if (problems.length > 0) found[tab] = problems;
    }
    expect(found).toEqual({});
  });

  it.each([320, 2_560])('fits a window that is %d px wide on each tab', async (width) => {
    const id = await compensated();
    const page = await inBrowser.open(`sagas/${id}`, { width });
    for (const tab of TABS) {
      await inBrowser.go(page, `sagas/${id}?tab=${tab}`);
      const widest = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect({ tab, widest }).toEqual({ tab, widest: width });
    }
  });

  it('says what an action would do, takes it, and shows it in the audit', async () => {
    const page = await inBrowser.open(`sagas/${await standing()}`, { expected: [/status of 412/] });
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/it is then paused/).waitFor();
    await dialog.getByLabel('Reason').fill('looking at the bank');
    await actAgain(dialog, 'Pause');
    await page
      .getByText(/‖\s*paused/)
      .first()
      .waitFor();
    await page.getByRole('tab', { name: 'Audit' }).click();
    await page.getByText('looking at the bank').first().waitFor();
  });

  it('arms a fault for this saga at a step of the service whose name was chosen in the diagram', async () => {
    const id = await standing();
    const page = await inBrowser.open(`sagas/${id}`);
    await page.getByRole('button', { name: 'Break inventory' }).press('Enter');
    const panel = page.getByRole('dialog', { name: 'Break inventory' });
    await panel.getByLabel('Step', { exact: true }).first().click();
    await page.getByRole('option', { name: 'sale', exact: true }).click();
    await panel.getByRole('button', { name: 'Arm the fault' }).click();
    await panel.waitFor({ state: 'hidden' });
    const read = async (path: string): Promise<unknown> =>
      (await fetch(new URL(`/v1/${path}`, inBrowser.address()))).json();
    const { subject } = (await read(`sagas/${id}`)) as { subject: string };
    const { items } = (await read('faults')) as { items: object[] };
    await fetch(new URL('/v1/faults/reset', inBrowser.address()), { method: 'POST' });
    expect(items).toMatchObject([{ service: 'inventory', command: 'inventory.commit-stock', subject }]);
  });

  it("says why an action is not possible, in the API's own words", async () => {
    const page = await inBrowser.open(`sagas/${await compensated()}`, { expected: [/status of 409/] });
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page
      .getByRole('dialog')
      .getByText(/which is final/)
      .first()
      .waitFor();
  });

  it('tells the second of two operators that somebody changed the saga', async () => {
    const id = await standing();
    const [first, second] = [
      await inBrowser.open(`sagas/${id}`),
      await inBrowser.open(`sagas/${id}`, { expected: [/status of (409|412)/] }),
    ];
    await second.getByRole('button', { name: 'Pause', exact: true }).click();
    await second
      .getByRole('dialog')
      .getByText(/it is then paused/)
      .waitFor();
    await first.getByRole('button', { name: 'Pause', exact: true }).click();
    await first.getByRole('dialog').getByLabel('Reason').fill('I was first');
    await actAgain(first.getByRole('dialog'), 'Pause');
    await second.getByRole('dialog').getByLabel('Reason').fill('I was second');
    await second.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await second.getByText('Somebody changed it; look again').waitFor();
  });

  /** Confirms; looks again as often as the saga has gone on by itself meanwhile. */
  async function actAgain(dialog: Locator, name: string): Promise<void> {
    await waitUntil(`the dialog of ${name} to be done`, async () => {
      const lookAgain = dialog.getByRole('button', { name: 'Look again' });
      if (await lookAgain.isVisible()) await lookAgain.click();
      const confirm = dialog.getByRole('button', { name, exact: true });
      if (await confirm.isEnabled({ timeout: 1_000 }).catch(() => false)) await confirm.click().catch(() => undefined);
      return !(await dialog.isVisible());
    });
  }
});
