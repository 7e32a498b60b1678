/* Participants that are suspended beyond their session timeout, and a group with constant rebalances. */
import { join } from 'node:path';
import { freePort } from '@palinode/testing-support/ports';
import { Service } from '@palinode/test-support/shop/service';
import { builtEntry, eachService, environmentOf, type ServiceName } from '@palinode/test-support/shop/services';
import { Groups } from './groups';
import { printLine } from './print-line';
import type { ShopUnderLoad } from './shop-under-load';

/**
 * Suspends each of these services (SIGSTOP) until its group has removed it, then resumes it. Returns how many were removed.
 */
export async function suspendBeyondSessionTimeout(shop: ShopUnderLoad, names: readonly ServiceName[]): Promise<number> {
  const { stack } = shop.shop;
  const groups = await Groups.of(stack.brokers);
  let removed = 0;
  try {
    await shop.during('suspended participants', async (load) => {
      for (const name of names) {
        await shop.moreOrders(load, 5);
        const pid = stack.services[name].pid as number;
        process.kill(pid, 'SIGSTOP');
        try {
          await groups.haveMembers(name, 0);
          removed += 1;
        } finally {
          process.kill(pid, 'SIGCONT');
        }
        await groups.haveMembers(name, 1);
        await shop.moreOrders(load, 5);
      }
    });
  } finally {
    await groups.close();
  }
  return removed;
}

/**
 * Lets a second instance of a participant join and leave its group, alternately in order and by SIGKILL. Returns how often
 * it was a member.
 */
export async function churnGroup(shop: ShopUnderLoad, name: ServiceName, times: number): Promise<number> {
  const { stack } = shop.shop;
  const groups = await Groups.of(stack.brokers);
  let joined = 0;
  try {
    await shop.during('constant rebalances', async (load) => {
      for (let n = 0; n < times; n += 1) {
        const second = await another(shop, name);
        try {
          await second.start();
          await groups.haveMembers(name, 2);
          joined += 1;
          await shop.moreOrders(load, 1);
        } finally {
          if (n % 2 === 0) await second.kill();
          await second.stop();
        }
        await groups.haveMembers(name, 1);
      }
      await shop.moreOrders(load, 5);
    });
  } finally {
    await groups.close();
  }
  printLine(`  ${joined} times a second ${name}`);
  return joined;
}

async function another({ shop: { stack, environment } }: ShopUnderLoad, name: ServiceName): Promise<Service> {
  const ports = {
    ...eachService((each) => Number(new URL(stack.services[each].url).port)),
    inventoryGrpc: await freePort(),
  };
  const port = await freePort();
  const around = { ports, databases: stack.databases, brokers: stack.brokers, environment };
  return new Service({
    name,
    url: `http://127.0.0.1:${port}`,
    entry: builtEntry(name),
    environment: { ...environmentOf(name, around), PORT: String(port) },
    logFile: join(stack.directory, 'logs', `second-${name}.log`),
    restarts: false,
    onLine: () => {},
    onStart: () => {},
    onGivingUp: () => {},
  });
}
