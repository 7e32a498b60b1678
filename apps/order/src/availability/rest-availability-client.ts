import type { OrderLine } from '@palinode/contracts';
import type { AvailabilityClient } from './availability-client';

export class RestAvailabilityClient implements AvailabilityClient {
  /** `inventory` is the base URL of the inventory service, such as `http://127.0.0.1:3003`. */
  constructor(private readonly inventory: string) {}

  async ask(lines: readonly OrderLine[], signal: AbortSignal): Promise<unknown> {
    const response = await fetch(`${this.inventory}/stock/availability`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ lines: lines.map(({ sku, quantity }) => ({ sku, quantity })) }),
      redirect: 'error',
      signal,
    });
    if (response.status === 200) return response.json();
    await response.body?.cancel();
    throw new Error(`it answered with ${response.status}`);
  }

  close(): void {
    // The connections are those of the process, and end with it.
  }
}
