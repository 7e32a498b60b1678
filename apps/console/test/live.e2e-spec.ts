/* The live stream: lost and found again. Texts of others: shown as they are, and never as markup. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackDescription } from '@palinode/test-support/shop/stack-file';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { anOrder } from '../../../test/end-to-end/shop-client';
import { describeInBrowser } from './in-browser';
import { sharedStack } from './shared-stack';

const HOSTILE = `<img src="https://evil.example/x.png" onerror="document.title='owned'"> ‮gnitirw ${'x'.repeat(400)}`;

describeInBrowser('what the console shows live', (inBrowser) => {
  it('says that the connection is lost while the orchestrator is away, and goes on without a reload', async () => {
    const page = await inBrowser.open('shop', { expected: [/Failed to load resource/] });
    const connection = page.getByRole('status').filter({ hasText: 'Connection' });
    await connection.filter({ hasText: 'Live' }).waitFor();
    const stack = JSON.parse(readFileSync(join(sharedStack().directory, 'stack.json'), 'utf8')) as StackDescription;
    // The stack starts it again.
    process.kill(stack.services.orchestrator.pid ?? Number.NaN, 'SIGKILL');
    await connection.filter({ hasText: 'Connection lost' }).waitFor();
    await connection.filter({ hasText: 'Live' }).waitFor({ timeout: 120_000 });
    const order = await waitUntil('an order to be taken', async () => {
      const { status, body } = await inBrowser.shop.place(anOrder({ lines: [{ sku: 'SKU-KETTLE', quantity: 7 }] }));
      return status === 202 && body;
    });
    await page.locator(`a[href$="/shop/orders/${order.orderId}"]`).waitFor();
  });

  it('shows texts of others as texts, however hostile, in its width', async () => {
    const { body } = await inBrowser.shop.place(anOrder(), { 'x-saga-fault': 'payment.capture=hang;ms=60000' });
    const admin = sharedStack().services.orchestrator;
    await waitUntil('the saga to be paused', async () => {
      const response = await fetch(`${admin}/v1/sagas/${body.sagaId}/pause`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'if-match': '*', 'x-operator': 'mallory' },
        body: JSON.stringify({ reason: HOSTILE }),
      });
      if (response.status === 422 || response.status === 400) throw new Error(await response.text());
      return response.ok;
    });
    const page = await inBrowser.open(`sagas/${body.sagaId}`);
    for (const path of [`sagas/${body.sagaId}`, 'audit', 'sagas', 'incidents']) {
      await inBrowser.go(page, path);
      expect(await page.title()).toContain('Palinode');
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(1_280);
    }
    await inBrowser.go(page, 'audit');
    await page.getByText('<img src=').first().waitFor();
  });
});
