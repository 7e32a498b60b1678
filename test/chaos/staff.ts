/* Operators who pause sagas and let them go on, and somebody who arms faults: what the admin API writes while orders go on. */
import { setTimeout as pause } from 'node:timers/promises';
import { waitUntil } from '@palinode/test-support/wait-until';
import type { ShopClient } from '../end-to-end/shop-client';

/** Strikes without harm: what counts is that the hit is written down. */
const HARMLESS = {
  service: 'payment',
  command: 'payment.authorize',
  point: 'before-handler',
  effect: { type: 'delay', ms: 1 },
};

export class Staff {
  private readonly working: Promise<void>[];
  private stopped = false;

  private constructor(
    private readonly shop: ShopClient,
    private readonly adminUrl: string,
  ) {
    this.working = [this.operate(), this.breakThings()];
  }

  static start(shop: ShopClient, adminUrl: string): Staff {
    return new Staff(shop, adminUrl);
  }

  /** Nothing is armed any more and no saga is left paused. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.working);
    const leave = { everyMs: 200 };
    await waitUntil('faults to be disarmed', () => this.asks('/v1/faults/reset', 'POST'), leave);
    await waitUntil('every saga to be resumed', async () => (await this.resumeAll()) === 0, leave);
  }

  private async operate(): Promise<void> {
    while (!this.stopped) {
      const [saga] = await this.sagas('RUNNING');
      if (saga) await this.shop.operate(saga.id, 'pause').catch(() => undefined);
      await this.resumeAll().catch(() => undefined);
      await pause(50);
    }
  }

  private async resumeAll(): Promise<number> {
    const paused = await this.sagas('PAUSED', true);
    for (const { id } of paused) await this.shop.operate(id, 'resume');
    return paused.length;
  }

  /** The newest ones. Where nobody answers there are none, unless it must be known. */
  private async sagas(status: string, mustKnow = false): Promise<readonly { id: string }[]> {
    const page = await this.shop
      .admin<{ items: { id: string }[] }>(`/v1/sagas?status=${status}&limit=20`)
      .catch(() => undefined);
    if (page?.status === 200) return page.body.items;
    if (mustKnow) throw new Error(`The orchestrator does not list sagas: ${page?.status}.`);
    return [];
  }

  private async breakThings(): Promise<void> {
    while (!this.stopped) {
      await this.asks('/v1/faults', 'POST', HARMLESS).catch(() => undefined);
      await pause(300);
      await this.asks('/v1/faults/reset', 'POST').catch(() => undefined);
    }
  }

  private async asks(path: string, method: string, body?: object): Promise<boolean> {
    const { ok } = await fetch(`${this.adminUrl}${path}`, {
      method,
      signal: AbortSignal.timeout(5_000),
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
    return ok;
  }
}
