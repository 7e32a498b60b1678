import { Logger } from '@nestjs/common';
import { Problem } from '@palinode/service';
import { Admission, type Limits } from './admission';
import { PendingOrders } from './pending-orders';

/** The instance learns of other instances' orders only by reading the table after the interval. */
class Shop {
  inTable = 0;
  looks = 0;
  nowMs = 0;
  isOutage = false;
  readonly pending = new PendingOrders(
    async () => {
      this.looks += 1;
      return this.inTable;
    },
    () => this.nowMs,
  );
  readonly admission: Admission;

  constructor(limits: Partial<Limits>) {
    this.admission = new Admission(
      this.pending,
      { atOnce: 100, pending: 100, inOutage: 100, ...limits },
      () => this.isOutage,
    );
  }

  /** Places an order and tells whether it was admitted. */
  order(): Promise<boolean> {
    return this.admission
      .admit(async () => {
        this.inTable += 1;
        return { repeated: false };
      })
      .then(
        () => true,
        (problem: Problem) => {
          expect(problem.getStatus()).toBe(429);
          return false;
        },
      );
  }
}

const settled = (): Promise<void> => new Promise(setImmediate);

describe('the admission of orders', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('turns away an order above the concurrency limit without starting it', async () => {
    const { admission } = new Shop({ atOnce: 2 });
    const begun: string[] = [];
    const commits: (() => void)[] = [];
    const place = (name: string): Promise<{ name: string }> =>
      admission.admit(async () => {
        begun.push(name);
        await new Promise<void>((resolve) => commits.push(resolve));
        return { name, repeated: false };
      });
    const first = [place('a'), place('b')];
    await expect(place('c')).rejects.toMatchObject({ code: 'too-many-orders', retryAfterSeconds: 1 });
    expect(begun).toEqual(['a', 'b']);
    for (const commit of commits.splice(0)) commit();
    expect((await Promise.all(first)).map(({ name }) => name)).toEqual(['a', 'b']);
    const later = place('d');
    commits[0]?.();
    expect(await later).toMatchObject({ name: 'd' });
  });

  it('frees the slot of an order whose placing failed', async () => {
    const { admission } = new Shop({ atOnce: 1 });
    const broken = admission.admit(() => Promise.reject(new Error('the database is unreachable')));
    await expect(broken).rejects.toThrow('the database is unreachable');
    expect(await admission.admit(async () => ({ repeated: false }))).toEqual({ repeated: false });
  });

  it('admits one order for each that ends while the PENDING limit is reached', async () => {
    const shop = new Shop({ pending: 2 });
    expect([await shop.order(), await shop.order(), await shop.order()]).toEqual([true, true, false]);
    shop.pending.ended();
    shop.inTable -= 1;
    expect([await shop.order(), await shop.order()]).toEqual([true, false]);
  });

  it('refuses a new order by its method and path, and no other request', async () => {
    const shop = new Shop({ pending: 1 });
    const { admission } = shop;
    expect(admission.refusal({ method: 'POST', path: '/orders' })).toBeUndefined();
    await shop.order();
    expect(admission.refusal({ method: 'POST', path: '/orders' })).toMatchObject({ code: 'too-many-orders' });
    expect(admission.refusal({ method: 'GET', path: '/orders' })).toBeUndefined();
    expect(admission.refusal({ method: 'POST', path: '/orders/1/cancellation' })).toBeUndefined();
  });

  it('admits more orders during an outage, and until the backlog is processed', async () => {
    const shop = new Shop({ pending: 1, inOutage: 3 });
    shop.isOutage = true;
    expect([await shop.order(), await shop.order()]).toEqual([true, true]);
    shop.isOutage = false;
    expect([await shop.order(), await shop.order()]).toEqual([true, false]);
    expect(shop.admission.check()).toMatch('3 are PENDING (PENDING_ORDERS_IN_OUTAGE)');
    for (let n = 0; n < 3; n += 1) shop.pending.ended();
    expect([await shop.order(), await shop.order()]).toEqual([true, false]);
    shop.admission.onModuleDestroy();
  });

  it('counts orders that are being placed as PENDING', async () => {
    const shop = new Shop({ pending: 2 });
    expect(await Promise.all([shop.order(), shop.order(), shop.order()])).toEqual([true, true, false]);
  });

  it('does not count a repeated answer as a new order', async () => {
    const shop = new Shop({ pending: 1 });
    await shop.admission.admit(async () => ({ repeated: true }));
    expect([await shop.order(), await shop.order()]).toEqual([true, false]);
  });

  it('counts PENDING orders from before its start and from other instances', async () => {
    const shop = new Shop({ pending: 2 });
    shop.inTable = 2;
    await shop.admission.onApplicationBootstrap();
    expect(await shop.order()).toBe(false);
    shop.admission.onModuleDestroy();
  });

  it('rereads the table while it turns orders away, but not for each order', async () => {
    const shop = new Shop({ pending: 1 });
    await shop.order();
    expect(await shop.order()).toBe(false);
    await settled();
    // Another instance ended it.
    shop.inTable = 0;
    for (let n = 0; n < 50; n += 1) expect(await shop.order()).toBe(false);
    expect(shop.looks).toBe(1);
    shop.nowMs += 10_000;
    expect(await shop.order()).toBe(false);
    await settled();
    expect(await shop.order()).toBe(true);
    expect(shop.looks).toBe(2);
  });

  it('counts orders that are placed or ended while the table is read', async () => {
    let answer: (count: number) => void = () => undefined;
    const pending = new PendingOrders(() => new Promise((resolve) => (answer = resolve)));
    const look = pending.recount({ olderThanMs: 0 });
    pending.placed();
    pending.placed();
    pending.ended();
    answer(7);
    await look;
    expect(pending.count).toBe(8);
  });

  it('uses its own count when the table cannot be read', async () => {
    const pending = new PendingOrders(() => Promise.reject(new Error('the database is unreachable')));
    const admission = new Admission(pending, { atOnce: 1, pending: 1, inOutage: 1 });
    await admission.onApplicationBootstrap();
    await admission.admit(async () => ({ repeated: false }));
    await expect(admission.admit(async () => ({ repeated: false }))).rejects.toThrow(Problem);
    admission.onModuleDestroy();
  });

  it('reports when and why it began to turn orders away', async () => {
    const shop = new Shop({ pending: 1 });
    await shop.order();
    expect(shop.admission.check()).toBeUndefined();
    await shop.order();
    expect(shop.admission.check()).toMatch(
      /^orders have been turned away since 20.*: 1 are PENDING \(PENDING_ORDERS\)$/,
    );
    shop.admission.onModuleDestroy();
  });
});
