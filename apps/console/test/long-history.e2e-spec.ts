/* A saga with a history of 500 entries, to which entries are added while the page is open. */
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Locator, Page } from 'playwright-core';
import { anOrder } from '../../../test/end-to-end/shop-client';
import { describeInBrowser } from './in-browser';

const ENTRIES = 500;
/** More than the window shows with its margins, and far fewer than there are. */
const MOST_ROWS = 80;
const SCROLLER = `document.querySelector('[role=listbox]').parentElement`;

describeInBrowser('the page of a saga with a long history', (inBrowser) => {
  const post = async <Body>(path: string, body: object): Promise<Body> => {
    const response = await fetch(new URL(`/v1/${path}`, inBrowser.address()), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-operator': 'ada', 'if-match': '*' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  };
  let id: string;
  let hold: string;
  let length = 0;
  let isPaused = false;
  /** Pauses and resumes by turns: each is an entry. Resolves with the length of the history. */
  const goOn = async (): Promise<number> => {
    const action = isPaused ? 'resume' : 'pause';
    const saga = await post<{ status: string; revision: number }>(`sagas/${id}/${action}`, { reason: 'for a test' });
    isPaused = saga.status === 'PAUSED';
    length = saga.revision;
    return length;
  };

  beforeAll(async () => {
    const where = { service: 'payment' };
    hold = (await post<{ id: string }>('holds', { where, reason: 'for a test' })).id;
    id = (await inBrowser.shop.place(anOrder())).body.sagaId;
    await waitUntil('the saga to stand', async () => {
      const { steps } = await inBrowser.shop.saga(id);
      return steps.find(({ name }) => name === 'stock')?.status === 'DONE';
    });
    await waitUntil('the history to be long', async () => (await goOn()) >= ENTRIES, { everyMs: 0 });
  }, 180_000);

  afterAll(async () => {
    await fetch(new URL(`/v1/holds/${hold}?reason=over`, inBrowser.address()), { method: 'DELETE' });
    if (isPaused) await goOn();
  });

  const rows = (page: Page): Locator => page.getByRole('listbox', { name: /entry by entry/ }).getByRole('option');
  const last = (page: Page): Locator => page.locator(`[role=option][aria-posinset="${length}"]`);
  const newest = (page: Page): Locator => page.getByRole('button', { name: 'Newest' });
  const scrolledTo = (page: Page): Promise<number> => page.evaluate(`${SCROLLER}.scrollTop`);
  const isInView = (page: Page): Promise<boolean> =>
    page.evaluate(`document.querySelector('[aria-posinset="${length}"]').getBoundingClientRect().bottom
      <= ${SCROLLER}.getBoundingClientRect().bottom + 1`);

  it('keeps few rows in the document, wherever the reader is', async () => {
    const page = await inBrowser.open(`sagas/${id}`);
    for (const key of ['Home', 'PageDown', 'End']) {
      await page.getByRole('listbox').press(key);
      await page.locator('[role=option][aria-selected=true]').waitFor();
      expect(await rows(page).count()).toBeLessThan(MOST_ROWS);
    }
    await page.getByRole('tab', { name: /^History/ }).click();
    const history = page.getByRole('table', { name: /^The history/ }).getByRole('row');
    await history.nth(1).waitFor();
    const before = await history.count();
    expect(before).toBeLessThan(MOST_ROWS);
    await page.getByRole('button', { name: /^Show more/ }).click();
    await history.nth(before).waitFor();
  });

  it('follows the newest entry, and does not move a reader who has scrolled away', async () => {
    const page = await inBrowser.open(`sagas/${id}`);
    await last(page).waitFor();
    await goOn();
    await last(page).waitFor();
    expect(await isInView(page)).toBe(true);
    expect(await newest(page).isVisible()).toBe(false);
    await page.evaluate(`${SCROLLER}.scrollTop = 0`);
    await newest(page).waitFor();
    await goOn();
    await page.getByText(`After entry ${length} of ${length}`).waitFor();
    expect(await scrolledTo(page)).toBe(0);
    await newest(page).click();
    await last(page).waitFor();
    expect(await isInView(page)).toBe(true);
    await newest(page).waitFor({ state: 'hidden' });
  });
});
