/*
 * `npm run bench -- find --sagas 1000000`: how long each filter and search of the list of sagas takes among this many, by the
 * code of the admin API. Each is the first page of 50 with the number of sagas, unless it says otherwise.
 */
import { writeFileSync } from 'node:fs';
import { cursorOf } from '@palinode/saga/internal';
import { wholeNumber } from '@palinode/test-support/command-line';
import { SearchableSagas } from '../find/searchable-sagas';
import { searches, type Search } from '../find/searches';
import { LOGS_PLANS, planDocument, plansDuring, planSection } from '../measure/plans';
import { databaseOf } from '../measure/postgres';
import { quantile } from '../measure/quantile';
import { running, subcommand, table, using } from '../run';

/** Only reads are measured. */
const FILLS_FAST = { fsync: 'off', full_page_writes: 'off', max_wal_size: '4GB' };
const PAGE = 50;
const WARM_UPS = 5;
const MOST_MS = 50;

export const find = subcommand('find', 'Measures how long operators wait for what they look for.')
  .option('--sagas <number>', 'how many sagas are stored', wholeNumber(1_000), 1_000_000)
  .option('--times <number>', 'how often each is looked for', wholeNumber(1), 200)
  .option('--only <text>', 'only what has this in its name', '')
  .option('--plans <file>', 'where to write how PostgreSQL ran every statement')
  .option('--no-limits', 'succeed however long it takes')
  .action(
    running(async ({ sagas: count, times, only, plans, limits }, run) =>
      using(run.postgres({ ...FILLS_FAST, ...(plans ? LOGS_PLANS : {}) }), async ({ adminUrl }) => {
        const sagas = await SearchableSagas.with(count, adminUrl);
        try {
          run.progress(`filled with ${count} sagas`);
          const wanted = searches.filter(({ name }) => name.includes(only));
          const found: Found[] = [];
          for (const search of wanted) found.push(await timed(search, sagas, times));
          run.print(
            table(found, [
              ['', ({ name }) => name],
              ['sagas', ({ total }) => total],
              ['p50, p99 ms', ({ p50, p99 }) => `${p50.toFixed(1)}, ${p99.toFixed(1)}`],
            ]),
          );
          run.record({ found });
          if (plans) await writePlans(wanted, sagas, adminUrl, plans);
          if (limits)
            run.breaks(
              found
                .filter(({ p99, mostMs }) => p99 > mostMs)
                .map(({ name, p99, mostMs }) => `${name}: p99 ${p99.toFixed(0)} ms, more than ${mostMs}`),
            );
        } finally {
          await sagas.close();
        }
      }),
    ),
  );

interface Found {
  readonly name: string;
  /** How many sagas the last run found. */
  readonly total: string;
  readonly p50: number;
  readonly p99: number;
  readonly mostMs: number;
}

type Page = Awaited<ReturnType<SearchableSagas['reader']['list']>>;

async function timed(search: Search, sagas: SearchableSagas, times: number): Promise<Found> {
  const ms: number[] = [];
  let last: Page | undefined;
  for (let time = -WARM_UPS; time < times; time += 1) {
    const look = lookFor(search, sagas);
    const begunAt = performance.now();
    last = await look();
    if (time >= 0) ms.push(performance.now() - begunAt);
  }
  const { total } = last ?? {};
  const text = total ? `${total.count}${total.atLeast ? '+' : ''}` : `${last?.items.length ?? 0} on the page`;
  const { name, mostMs = MOST_MS } = search;
  return { name, mostMs, total: text, p50: quantile(ms, 0.5), p99: quantile(ms, 0.99) };
}

function lookFor({ filter, sort, anywhere }: Search, sagas: SearchableSagas): () => Promise<Page> {
  const n = Math.floor(Math.random() * sagas.count);
  const cursor = anywhere ? cursorOf({ id: sagas.idOf(n), at: String(1_000 * sagas.startOf(n)) }) : undefined;
  const wanted = filter(sagas, n);
  return () => sagas.reader.list(wanted, { ...(sort && { sort }), cursor, limit: PAGE });
}

async function writePlans(
  wanted: readonly Search[],
  sagas: SearchableSagas,
  adminUrl: string,
  file: string,
): Promise<void> {
  const sections: string[] = [];
  for (const search of wanted) {
    const plans = await plansDuring(adminUrl, lookFor(search, sagas));
    sections.push(
      planSection(
        search.name,
        plans.filter(({ database }) => database === databaseOf(sagas.databaseUrl)),
      ),
    );
  }
  writeFileSync(
    file,
    planDocument(
      `Plans of searches among ${sagas.count.toLocaleString('en')} sagas`,
      'npm run bench -- find --plans FILE',
      sections,
    ),
  );
}
