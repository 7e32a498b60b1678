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
  /** New sagas that are paused; while payment is held, they cannot end before. */
  const pausedSagas = async (count: number): Promise<string[]> => {
    const orders = await Promise.all(Array.from({ length: count }, placed));
    const ids = orders.map(({ sagaId }) => sagaId);
    for (const id of ids) await waitUntil(`saga ${id} to begin`, async () => (await inBrowser.shop.saga(id)).status);
    for (const id of ids)
      await api(`/v1/sagas/${id}/pause`, { method: 'POST', body: JSON.stringify({ reason: 'for a test' }) });
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

  it('resumes an incident from the first screen, after showing what would be sent, and follows its progress', async () => {
    await hold();
    await pausedSagas(2);
    const page = await inBrowser.open();
    const incident = page.getByRole('article').filter({ hasText: 'for a test' });
    await incident.getByRole('button', { name: 'Resume 2' }).click();
    const preview = page.getByRole('group', { name: 'What it would do' });
    await preview.getByText('2 sagas').waitFor();
    await sign(page, 'Resume');
    await page.waitForURL(/bulk-actions\//);
    await page.getByText('completed', { exact: true }).waitFor();
    await page.getByRole('row').nth(2).waitFor();
  }, 60_000);

  it('draws a new saga without a reload', async () => {
    const page = await inBrowser.open('sagas');
    const { orderId } = await placed();
    await page.getByRole('link', { name: orderId }).waitFor();
  }, 60_000);
});
