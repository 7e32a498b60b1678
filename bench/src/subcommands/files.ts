/*
 * `npm run bench -- files` lists the files to read to follow an order from POST to COMPLETED. A file counts when one of
 * its functions is called, or a value that it exports is read, at least once per order. Code that also runs without
 * orders, such as polling, is subtracted. An `index.ts` only re-exports and does not count.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { wholeNumber } from '@palinode/test-support/command-line';
import { repositoryRoot } from '@palinode/test-support/repository';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { running, subcommand, table, using } from '../run';
import { Shop } from '../shop';

type Calls = Readonly<Record<string, number>>;

const SERVICES = ['order', 'payment', 'inventory', 'orchestrator'] as const;

export const files = subcommand('files', 'Counts the files of this repository whose code every order runs.')
  .option('--orders <number>', 'how many are placed, one at a time', wholeNumber(1), 20)
  .option('--functions', 'list the functions of each file too', false)
  .action(
    running(async ({ orders, functions }, run) => {
      const directory = join(run.directory, 'calls');
      mkdirSync(directory);
      recordCalls(directory);
      const found = await using(Shop.start(), async (shop) => {
        for (let n = 0; n < orders; n += 1) await completeOrder(shop);
        const pids = SERVICES.map((service) => shop.pids[service] as number);
        const calls = (): Promise<Calls> => callsOf(directory, pids);
        await calls();
        const startedAt = performance.now();
        // With pauses, so that work that follows an order later also runs once per order.
        for (let n = 0; n < orders; n += 1) {
          await completeOrder(shop);
          await sleep(500);
        }
        const busyMs = performance.now() - startedAt;
        const withOrders = await calls();
        await sleep(busyMs);
        return onTheWay(withOrders, await calls(), orders);
      });
      const lines = [...found].map(([file, names]) => ({ file, names, lines: linesOf(file) }));
      run.print(
        table(lines, [
          ['file', ({ file }) => file],
          ['lines', (each) => each.lines],
          ...(functions ? [['functions', ({ names }: { names: string[] }) => names.join(', ')] as const] : []),
        ]),
        `${found.size} files, ${lines.reduce((sum, each) => sum + each.lines, 0)} lines, from POST /orders to COMPLETED`,
      );
      run.record({ files: [...found.keys()] });
    }),
  );

/** Must be called before the processes start. Production mode, so that fault injection is off. */
function recordCalls(directory: string): void {
  process.env['NODE_ENV'] = 'production';
  process.env['BENCH_CALLS'] = directory;
  const recorder = join(__dirname, '../measure/call-recorder.js');
  process.env['NODE_OPTIONS'] = `${process.env['NODE_OPTIONS'] ?? ''} --require ${recorder}`.trim();
}

async function completeOrder(shop: Shop): Promise<void> {
  const id = await shop.place();
  if (id === undefined) throw new Error('The shop did not accept an order.');
  await shop.drained();
  await shop.sagasEnded();
}

/** The calls in all processes since the previous call of this function. */
async function callsOf(directory: string, pids: readonly number[]): Promise<Calls> {
  const sum: Record<string, number> = {};
  for (const pid of pids) {
    const file = join(directory, `${pid}.json`);
    process.kill(pid, 'SIGIO');
    await waitUntil(`The calls of process ${pid}`, () => existsSync(file));
    const calls = JSON.parse(readFileSync(file, 'utf8')) as Calls;
    rmSync(file);
    for (const [name, count] of Object.entries(calls)) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}

/** The functions, by file, that ran at least once per order, not counting what also runs without orders. */
function onTheWay(withOrders: Calls, without: Calls, orders: number): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [place, count] of Object.entries(withOrders).toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    const [file = '', name = ''] = place.split(' ');
    if (file.endsWith('/index.ts')) continue;
    if (count - (without[place] ?? 0) >= orders) found.set(file, [...(found.get(file) ?? []), name]);
  }
  return found;
}

function linesOf(file: string): number {
  return readFileSync(join(repositoryRoot, file), 'utf8').split('\n').length - 1;
}
