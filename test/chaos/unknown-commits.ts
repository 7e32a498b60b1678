import { waitUntil } from '@palinode/testing-support/wait-until';
import type { CommitCuts } from './commit-cuts';
import { printLine } from './print-line';
import type { ShopUnderLoad } from './shop-under-load';
import { Operators } from './operators';
import { kindNames } from './transaction-kinds';

/** Cuts this many commits of every kind of transaction while customers order and operators act. */
export async function loseAnswers(shop: ShopUnderLoad, cuts: CommitCuts, commits: number): Promise<void> {
  await shop.during('lost answers to COMMIT', async () => {
    const operators = Operators.start(shop.client, shop.shop.stack.adminUrl);
    cuts.arm(Math.ceil(commits / kindNames.length));
    try {
      // At a handful a second, with as much again for a busy machine.
      await waitUntil('every kind of transaction to be cut', () => enough(cuts, commits), {
        deadlineMs: 60_000 + commits * 1_000,
        everyMs: 50,
      });
    } finally {
      cuts.disarm();
      await operators.stop();
    }
  });
  for (const kind of kindNames) {
    const { after, before } = cuts.byKind[kind];
    printLine(
      `  ${kind.padEnd(36)}${after.committed} committed, ${after['rolled-back']} rolled back, ${before} never sent`,
    );
  }
  printLine(`  ${cuts.total} in all`);
}

function enough({ missing, total }: CommitCuts, wanted: number): boolean {
  if (Object.keys(missing).length > 0) throw new Error(`Too few: ${JSON.stringify(missing)}`);
  return total >= wanted;
}
