/* The screens that list things: their main ways. */
import { waitUntil } from '@palinode/testing-support';
import type { Page } from 'playwright-core';
import { anOrder } from '../../../test/end-to-end/shop-client';
import { describeInBrowser } from './in-browser';

const address = (path: string, base: string): string => new URL(path, base).href;

describeInBrowser('the lists of the console', (inBrowser) => {
  const api = async (path: string, init?: RequestInit): Promise<unknown> => {
    const response = await fetch(address(path, inBrowser.address()), {
      ...init,
      headers: { 'content-type': 'application/json', 'x-operator': 'ada', 'if-match': '*' },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const placed = async () => (await inBrowser.shop.place(anOrder())).body;
  /**
   * New sagas that are paused; while payment is held, they cannot end before. Each test has a reason of its own, in words,
   * since numbers are masked: so its incident has no sagas that another test's bulk action is about to resume.
   */
  const pausedSagas = async (count: number, reason: string): Promise<string[]> => {
    const orders = await Promise.all(Array.from({ length: count }, placed));
    const ids = orders.map(({ sagaId }) => sagaId);
    // The status of a saga that is not there yet is that of the answer, 404.
    for (const id of ids)
      await waitUntil(`saga ${id} to begin`, async () => typeof (await inBrowser.shop.saga(id)).status === 'string');
    for (const id of ids) await api(`/v1/sagas/${id}/pause`, { method: 'POST', body: JSON.stringify({ reason }) });
    return ids;
  };
  const hold = () =>
    api('/v1/holds', {
      method: 'POST',
      body: JSON.stringify({ reason: 'for a test', where: { service: 'payment' } }),
    }) as Promise<{ id: string }>;
  const release = async () => {
    const { items } = (await api('/v1/holds?status=in-force')) as { items: { id: string }[] };
    for (const { id } of items) await api(`/v1/holds/${id}?reason=over`, { method: 'DELETE' });
  };
  beforeEach(release);
  afterAll(release);

  const sign = async (page: Page, button: string): Promise<void> => {
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('OPS-15');
    await dialog.getByRole('button', { name: button, exact: true }).click();
  };

  /** The first screen with an incident of two sagas, and the dialog open that would resume them. */
  const resumingTwo = async (reason: string): Promise<Page> => {
    await hold();
    await pausedSagas(2, reason);
    const page = await inBrowser.open();
    const incident = page.getByRole('article').filter({ hasText: reason });
    await incident.getByRole('button', { name: 'Resume 2' }).click();
    await page.getByRole('group', { name: 'What it would do' }).getByText('2 sagas').waitFor();
    return page;
  };

  it('resumes an incident from the first screen, after showing what would be sent, and follows its progress', async () => {
    const page = await resumingTwo('to follow the progress');
    await sign(page, 'Resume');
    await page.waitForURL(/bulk-actions\//);
    // Read as it is drawn: on a busy machine Playwright's search by text does not always see that a badge has changed.
    await waitUntil('the bulk action to be completed', async () =>
      (await page.locator('main .state-badge').first().innerText()).endsWith('completed'),
    );
    await page.getByRole('row').nth(2).waitFor();
  });

  it('begins one bulk action on a double click, with a reason that was pasted with its line breaks', async () => {
    const page = await resumingTwo('to click twice');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('Clicked twice:\n  the bank is back');
    await dialog.getByRole('button', { name: 'Resume', exact: true }).dblclick();
    await page.waitForURL(/bulk-actions\//);
    const { items } = (await api('/v1/bulk-actions')) as { items: { reason: string }[] };
    expect(items.filter(({ reason }) => reason.startsWith('Clicked twice'))).toMatchObject([
      { reason: 'Clicked twice: the bank is back' },
    ]);
  }, 60_000);

  it('begins one bulk action when Enter is pressed twice', async () => {
    const page = await resumingTwo('to press Enter twice');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('Entered twice');
    // Both before React draws anything.
    await dialog.locator('form').evaluate((form: { requestSubmit(): void }) => {
      form.requestSubmit();
      form.requestSubmit();
    });
    await page.waitForURL(/bulk-actions\//);
    const { items } = (await api('/v1/bulk-actions')) as { items: { reason: string }[] };
    expect(items.filter(({ reason }) => reason === 'Entered twice')).toHaveLength(1);
  }, 60_000);

  it('does not take the page of a proxy for the answer to an action', async () => {
    await hold();
    await pausedSagas(1, 'to sign in at a proxy');
    const page = await inBrowser.open('', { expected: [/status of 502/] });
    const incident = page.getByRole('article').filter({ hasText: 'to sign in at a proxy' });
    await incident.getByRole('button', { name: 'Resume 1', exact: true }).click();
    await page.getByRole('group', { name: 'What it would do' }).getByText('1 saga').waitFor();
    for (const status of [200, 502]) {
      await page.route('**/v1/bulk-actions', (route) =>
        route.fulfill({ status, contentType: 'text/html', body: '<html>Sign in</html>' }),
      );
      await sign(page, 'Resume');
      const dialog = page.getByRole('dialog');
      await dialog.getByText(/Whether the action was taken is not known\. .*such as a proxy/).waitFor();
      await page.unrouteAll();
      await dialog.getByLabel('Reason').fill('');
    }
  }, 60_000);

  it('says what in the address is no filter, and removes it', async () => {
    const page = await inBrowser.open('sagas?state=PAUSED&status=COMPLETED');
    await page.getByRole('alert').getByText('state is no filter of this list').waitFor();
    await page.getByRole('button', { name: 'Remove state from the address' }).click();
    await page.waitForURL((url) => url.search === '?status=COMPLETED');
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });

  it('says that the orchestrator has not answered yet, and shows the answer when it comes', async () => {
    const page = await inBrowser.open('about');
    let answer!: () => void;
    const mayAnswer = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/v1/incidents?*', async (route) => {
      await mayAnswer;
      await route.continue();
    });
    await page.getByRole('link', { name: 'Incidents' }).click();
    const waiting = page.getByText('The orchestrator has not answered yet.');
    await waiting.waitFor();
    answer();
    await waiting.waitFor({ state: 'detached' });
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });

  it('draws a new saga without a reload', async () => {
    const page = await inBrowser.open('sagas');
    const { orderId } = await placed();
    await page.getByRole('link', { name: orderId }).waitFor();
  });
});
