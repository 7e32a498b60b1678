import { join } from 'node:path';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { extentOf } from './extent';
import { SmallDisk } from './full-disk';
import { printLine } from './print-line';
import { ShopOnProxies } from './shop-on-proxies';
import { ShopUnderLoad } from './shop-under-load';

describeWhenAvailable('a shop whose PostgreSQL has a small disk', SmallDisk.missing(), () => {
  const { seed } = extentOf('embedded');
  let disk: SmallDisk;
  let context: ShopOnProxies | undefined;

  beforeAll(async () => {
    disk = SmallDisk.mount();
    context = await ShopOnProxies.start({ data: join(disk.path, 'postgres') });
  });

  afterAll(async () => {
    await context?.stop();
    disk.unmount();
  });

  it('answers 503 when the disk is full, and recovers by itself when there is space again', async () => {
    const { postgres } = context!;
    const shop = new ShopUnderLoad(context!, seed);
    let filled = 0;
    let answers: readonly number[] = [];
    await shop.during('a full disk', async (load) => {
      await shop.moreOrders(load, 10);
      filled = disk.fill();
      try {
        await waitUntil(
          'an order to be answered 503',
          () => {
            // The free space in PostgreSQL's last blocks is used up as well.
            filled += disk.fill();
            return load.statuses.has(503);
          },
          { everyMs: 50 },
        );
        printLine(`  ${Math.round(filled / 1e6)} MB filled; orders were answered ${[...load.statuses].join(', ')}`);
      } finally {
        disk.empty();
      }
      // Without space for its WAL PostgreSQL ends itself, and must be restarted.
      if (postgres.pid === undefined) await postgres.restart();
      await shop.moreOrders(load, 10);
      answers = [...load.statuses];
    });
    expect(filled).toBeGreaterThan(0);
    expect(new Set(answers)).toEqual(new Set([202, 503]));
  });
});
