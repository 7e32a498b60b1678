/* `npm run latency`: one order at a time through the shop's real processes, from POST to the end of its saga. */
import { oneOf, wholeNumber } from '@palinode/test-support/command-line';
import { brokerKinds } from '@palinode/test-support/kafka/broker';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { median, quantile } from '../measure/quantile';
import { running, subcommand, using } from '../run';
import { Shop } from '../shop';

interface Saga {
  readonly endedAt?: string;
  readonly history: readonly {
    readonly at: string;
    readonly event: { readonly kind: string; readonly step?: string };
  }[];
}

interface Timed {
  readonly endedMs: number;
  /** From POST to each entry of the saga's history. */
  readonly hops: readonly { readonly name: string; readonly ms: number }[];
}

export const latency = subcommand('latency', 'Places one order at a time in the shop, and reports where the time goes.')
  .option('--broker <kind>', brokerKinds.join(', '), oneOf(...brokerKinds), 'embedded')
  .option('--orders <number>', 'how many', wholeNumber(1), 100)
  .option('--warm-up <number>', 'warm-up orders, which are not counted', wholeNumber(), 20)
  .action(
    running(async ({ broker, orders, warmUp }, run) => {
      const timed: Timed[] = [];
      await using(Shop.start({ broker }), async (shop) => {
        for (let n = 0; n < warmUp; n += 1) await timeOrder(shop);
        for (let n = 0; n < orders; n += 1) timed.push(await timeOrder(shop));
      });
      const ended = timed.map(({ endedMs }) => endedMs);
      const [p50Ms, p95Ms] = [median(ended), quantile(ended, 0.95)];
      const hops = (timed[0]?.hops ?? []).map(({ name }) => {
        const ms = timed.flatMap((each) => each.hops.filter((hop) => hop.name === name).map((hop) => hop.ms));
        return { name, p50Ms: median(ms) };
      });
      run.print(
        [
          `${broker} broker, ${orders} orders one at a time`,
          `POST to COMPLETED: p50 ${p50Ms} ms, p95 ${p95Ms} ms`,
          ...hops.map((hop) => `  ${hop.name.padEnd(24)} p50 after ${hop.p50Ms} ms`),
        ].join('\n'),
      );
      run.record({ p50Ms, p95Ms, hops });
    }),
  );

async function timeOrder(shop: Shop): Promise<Timed> {
  const postedAt = Date.now();
  const { body } = await shop.order({ prefer: 'wait=20' });
  const { sagaId } = JSON.parse(body) as { sagaId: string };
  const saga = await waitUntil(`saga ${sagaId} to end`, async () => {
    const read = await shop.client.ask(`${shop.stack.adminUrl}/v1/sagas/${sagaId}`);
    const found = JSON.parse(read.body) as Saga;
    return found.endedAt !== undefined && found;
  });
  const msUntil = (at = ''): number => Date.parse(at) - postedAt;
  return {
    endedMs: msUntil(saga.endedAt),
    hops: saga.history.map(({ at, event }) => ({ name: `${event.kind} ${event.step ?? ''}`, ms: msUntil(at) })),
  };
}
