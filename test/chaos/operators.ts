/* Operators who pause and resume sagas, and who arm faults: the writes of the admin API while orders continue. */
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { ShopClient } from '../end-to-end/shop-client';

/** Faults without an effect; only the record of the hit matters. */
const HARMLESS = {
  service: 'payment',
  command: 'payment.authorize',
  point: 'before-handler',
  effect: { type: 'delay', ms: 1 },
};

export class Operators {
  private readonly working: Promise<void>[];
  private stopped = false;

  private constructor(
    private readonly shop: ShopClient,
    private readonly adminUrl: string,
  ) {
    this.working = [this.operate(), this.armFaults()];
  }

  static start(shop: ShopClient, adminUrl: string): Operators {
    return new Operators(shop, adminUrl);
  }

  /** Disarms all faults and resumes all paused sagas. */
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
      await sleep(50);
    }
  }

  private async resumeAll(): Promise<number> {
    const paused = await this.sagas('PAUSED', true);
    for (const { id } of paused) await this.shop.operate(id, 'resume');
    return paused.length;
  }

  /** The newest sagas; none when the orchestrator does not answer, unless they are required. */
  private async sagas(status: string, isRequired = false): Promise<readonly { id: string }[]> {
    const page = await this.shop
      .admin<{ items: { id: string }[] }>(`/v1/sagas?status=${status}&limit=20`)
      .catch(() => undefined);
    if (page?.status === 200) return page.body.items;
    if (isRequired) throw new Error(`The orchestrator does not list sagas: ${page?.status}.`);
    return [];
  }

  private async armFaults(): Promise<void> {
    while (!this.stopped) {
      await this.asks('/v1/faults', 'POST', HARMLESS).catch(() => undefined);
      await sleep(300);
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
