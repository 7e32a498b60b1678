import { waitUntil } from '@palinode/test-support/wait-until';
import type { CommitCuts } from './commit-cuts';
import { say } from './say';
import type { ShopUnderLoad } from './shop-under-load';
import { Staff } from './staff';
import { kindNames } from './transaction-kinds';

/** Lets so many commits of every kind of transaction lose their answer while customers order and the staff works. */
export async function loseAnswers(shop: ShopUnderLoad, cuts: CommitCuts, commits: number): Promise<void> {
  await shop.during('lost answers to COMMIT', async () => {
    const staff = Staff.start(shop.client, shop.shop.stack.adminUrl);
    cuts.arm(Math.ceil(commits / kindNames.length));
    try {
      // At a handful a second, with as much again for a busy machine.
      await waitUntil('every kind of transaction to be cut', () => enough(cuts, commits), {
        deadlineMs: 60_000 + commits * 1_000,
        everyMs: 50,
      });
    } finally {
      cuts.disarm();
      await staff.stop();
    }
  });
  for (const kind of kindNames) {
    const { after, before } = cuts.byKind[kind];
    say(`  ${kind.padEnd(36)}${after.committed} committed, ${after['rolled-back']} rolled back, ${before} never asked`);
  }
  say(`  ${cuts.total} in all`);
}

function enough({ missing, total }: CommitCuts, wanted: number): boolean {
  if (Object.keys(missing).length > 0) throw new Error(`Too few: ${JSON.stringify(missing)}`);
  return total >= wanted;
}
