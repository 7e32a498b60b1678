/*
 * `npm run recovery`: how long the shop needs until an order completes after a part of it was killed (SIGKILL) and
 * restarted at once, and how long it needs for the orders that accumulated while a participant was down.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { listOf, oneOf, wholeNumber } from '@palinode/test-support/command-line';
import { ApacheKafka } from '@palinode/test-support/kafka/apache-kafka';
import { brokerKinds } from '@palinode/test-support/kafka/broker';
import { serviceNames, type ServiceName } from '@palinode/test-support/shop/services';
import { GiveUp, waitUntil } from '@palinode/testing-support/wait-until';
import { median } from '../measure/quantile';
import { running, subcommand, table, using } from '../run';
import { Shop } from '../shop';

type Part = ServiceName | 'PostgreSQL' | 'broker';
const PARTS: readonly Part[] = [...serviceNames, 'PostgreSQL', 'broker'];

interface Recovery {
  readonly part: string;
  /** Of each round, from the SIGKILL to the end of a saga whose order was placed after it. */
  readonly seconds: readonly number[];
}

export const recovery = subcommand('recovery', 'Measures how long the shop needs after a part of it was killed.')
  .option('--rounds <number>', 'the number of kills of each part', wholeNumber(1), 20)
  .option('--parts <names>', 'the parts to kill', listOf(oneOf(...PARTS)), PARTS)
  .option('--brokers <kinds>', brokerKinds.join(', '), listOf(oneOf(...brokerKinds)), brokerKinds)
  .option('--backlog <number>', 'orders that accumulate while payment is down; 0 skips it', wholeNumber(), 10_000)
  .action(
    running(async ({ rounds, brokers, parts, backlog }, run) => {
      const recoveries: Recovery[] = [];
      const backlogs: Backlog[] = [];
      for (const broker of brokers) {
        const missing = broker === 'apache' ? ApacheKafka.missing() : undefined;
        if (missing !== undefined) {
          run.progress(`Apache Kafka is skipped: ${missing}`);
          continue;
        }
        // With Apache Kafka only its own restart differs.
        const killed = broker === 'apache' ? parts.filter((part) => part === 'broker') : parts;
        await using(Shop.start({ broker, environment: { PENDING_ORDERS: '1000000' } }), async (shop) => {
          for (const part of killed) {
            const name = part === 'broker' ? `broker, ${broker}` : part;
            const seconds = await recoveriesOf(shop, part, rounds);
            run.progress(`${name}: ${seconds.map((each) => each.toFixed(2)).join(' ')}`);
            recoveries.push({ part: name, seconds });
            run.record({ recoveries });
          }
          if (broker === 'embedded' && backlog > 0) backlogs.push(await pileUp(shop, 'payment', backlog));
        });
      }
      run.print(
        `${rounds} rounds`,
        table(recoveries, [
          ['killed and restarted at once', ({ part }) => part],
          ['an order completes after: p50', ({ seconds }) => `${median(seconds).toFixed(2)} s`],
          ['worst', ({ seconds }) => `${Math.max(...seconds).toFixed(2)} s`],
        ]),
        ...backlogs.map(
          ({ orders, piledUpSeconds, drainSeconds, approved, rejected }) =>
            `${orders} orders, taken within ${piledUpSeconds.toFixed(0)} s while payment was down, had all ended ` +
            `${drainSeconds.toFixed(1)} s after its start: ${(orders / drainSeconds).toFixed(0)} a second, ` +
            `${approved} approved, ${rejected} rejected.`,
        ),
      );
      run.record({ recoveries, backlog: backlogs[0] });
    }),
  );

const WAIT = { deadlineMs: 120_000, everyMs: 10 };

/** Kills one part of the shop repeatedly and restarts it at once; measures the time until an order completes. */
async function recoveriesOf(shop: Shop, part: Part, rounds: number): Promise<number[]> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await shop.stack.ready();
    await orderThrough(shop);
    const killedAt = performance.now();
    const restarted = restart(shop, part);
    await Promise.all([orderThrough(shop), restarted]);
    seconds.push((performance.now() - killedAt) / 1_000);
    await shop.drained();
  }
  return seconds;
}

function restart({ stack }: Shop, part: Part): Promise<void> {
  if (part === 'PostgreSQL') return stack.restartPostgres();
  if (part === 'broker') return stack.restartBroker();
  return stack.services[part].restart();
}

/** Resolves when an order that is placed from now on is approved; repeats the request until the shop accepts one. */
async function orderThrough(shop: Shop): Promise<void> {
  const orderId = await waitUntil('an order to be accepted', () => shop.place(), WAIT);
  const isApproved = async (): Promise<boolean> => {
    const status = await shop.statusOf(orderId);
    if (status === 'REJECTED') throw new GiveUp(`The order ${orderId} was rejected.`);
    return status === 'APPROVED';
  };
  await waitUntil('the order to be approved', isApproved, WAIT);
}

type Backlog = Awaited<ReturnType<typeof pileUp>>;

const CUSTOMERS = 32;

/** Places this many orders while a participant is down, starts it, and waits until all of them have ended. */
async function pileUp(shop: Shop, participant: ServiceName, orders: number) {
  const service = shop.stack.services[participant];
  const [approved, rejected] = [await shop.count('APPROVED'), await shop.count('REJECTED')];
  await service.kill();
  const beganAt = performance.now();
  let begun = 0;
  const customer = async (): Promise<void> => {
    while ((begun += 1) <= orders) while ((await shop.place()) === undefined) await sleep(100);
  };
  await Promise.all(Array.from({ length: CUSTOMERS }, customer));
  const startedAt = performance.now();
  await service.restart();
  await shop.drained();
  const drainSeconds = (performance.now() - startedAt) / 1_000;
  await shop.stack.ready();
  return {
    orders,
    /** How long it took to accept them while the participant was down. */
    piledUpSeconds: (startedAt - beganAt) / 1_000,
    /** From the start of the participant until no order was PENDING any more. */
    drainSeconds,
    approved: (await shop.count('APPROVED')) - approved,
    rejected: (await shop.count('REJECTED')) - rejected,
  };
}
