/*
 * `npm run false-holds`: what it costs when the orchestrator takes a healthy but slow participant for one that is away.
 * One order after the other is placed at a shop without automatic holds, and at one whose `HOLD_AFTER_SILENCE_MS` is so
 * short that a slow answer counts as silence.
 */
import { wholeNumber } from '@palinode/test-support/command-line';
import { mapValues, median } from '../measure/quantile';
import { running, subcommand, table, using } from '../run';
import { Shop } from '../shop';

/** Less than the slow participant needs for an answer. */
const SILENCE_MS = 1_000;

const SHOPS = {
  'no automatic holds': { AUTOMATIC_HOLDS: 'off' },
  'the default, 10 s': {},
  [`${SILENCE_MS} ms`]: { HOLD_AFTER_SILENCE_MS: String(SILENCE_MS) },
} as const;

interface Load {
  readonly orders: number;
  readonly delay: number;
}

interface ShopFigures {
  readonly medianMs: number;
  readonly longestMs: number;
  readonly holds: number;
  readonly rejected: number;
}

export const falseHolds = subcommand(
  'false-holds',
  'What it costs when a slow participant is taken for one that is away.',
)
  .option('--orders <number>', 'how many at each shop, one after the other', wholeNumber(1), 5)
  .option('--delay <ms>', 'how much longer payment takes for each authorization', wholeNumber(1), 8_000)
  .option('--rounds <number>', 'how often each shop is measured, in turns', wholeNumber(1), 3)
  .action(
    running(async ({ rounds, ...load }, run) => {
      const outcomes = mapValues(SHOPS, (): ShopFigures[] => []);
      for (let round = 0; round < rounds; round += 1) {
        for (const [name, settings] of Object.entries(SHOPS) as [keyof typeof SHOPS, Record<string, string>][]) {
          const outcome = await measure(settings, load);
          run.progress(`${name}: median ${outcome.medianMs.toFixed(0)} ms, ${outcome.holds} holds`);
          outcomes[name].push(outcome);
        }
      }
      run.record({ outcomes });
      const rows = Object.entries<ShopFigures[]>(outcomes).map(([name, all]) => ({ name, all }));
      const of = (field: keyof ShopFigures) => (row: (typeof rows)[number]) =>
        median(row.all.map((each) => each[field])).toFixed(0);
      run.print(
        `${load.orders} orders, payment takes ${load.delay} ms longer for each; medians of ${rounds} rounds`,
        table(rows, [
          ['held after a silence of', ({ name }) => name],
          ['an order ends after: median', (row) => `${of('medianMs')(row)} ms`],
          ['the longest', (row) => `${of('longestMs')(row)} ms`],
          ['false holds', of('holds')],
          ['rejected', of('rejected')],
        ]),
      );
    }),
  );

function measure(environment: Readonly<Record<string, string>>, { orders, delay }: Load): Promise<ShopFigures> {
  // With a limit of its time the slow handler would fail, and be an outage in truth.
  return using(Shop.start({ environment: { HANDLER_TIMEOUT_MS: '0', ...environment } }), async (shop) => {
    await timedOrder(shop);
    await shop.breakOn({
      service: 'payment',
      command: 'payment.authorize',
      point: 'before-handler',
      every: true,
      effect: { type: 'delay', ms: delay },
    });
    const before = { holds: await shop.holds(), rejected: await shop.count('REJECTED') };
    const times: number[] = [];
    for (let n = 0; n < orders; n += 1) times.push(await timedOrder(shop));
    return {
      medianMs: median(times),
      longestMs: Math.max(...times),
      holds: (await shop.holds()) - before.holds,
      rejected: (await shop.count('REJECTED')) - before.rejected,
    };
  });
}

/** From the request to the end of the order, in milliseconds. */
async function timedOrder(shop: Shop): Promise<number> {
  const beganAt = performance.now();
  await shop.order({ prefer: 'wait=30' });
  await shop.drained();
  return performance.now() - beganAt;
}
