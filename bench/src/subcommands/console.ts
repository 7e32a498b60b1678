/*
 * `npm run bench -- console`: how long the console takes in Chromium where there is much to show: a saga with a long
 * history, one with many branches, and a list of a million sagas. Chromium, the orchestrator and PostgreSQL share the machine.
 */
import { Logger } from '@nestjs/common';
import { wholeNumber } from '@palinode/test-support/command-line';
import type { Browser } from 'playwright-core';
import { LongSagas, pickEach } from '../console/long-sagas';
import { MeasuredPage, openBrowser, type Slowness } from '../console/measured-page';
import { ServedConsole } from '../console/served-console';
import { SearchableSagas } from '../find/searchable-sagas';
import { patientPurchase } from '../growth/definitions';
import { quantile } from '../measure/quantile';
import { running, subcommand, table, using, type Run } from '../run';

/** Durability is off while the database is filled, which is not measured. */
const FILLS_FAST = { fsync: 'off', full_page_writes: 'off', max_wal_size: '4GB' };
/** More rows than a screen shows, and far fewer than there are. */
const MOST_ROWS = 200;

const DIAGRAM = '[role=listbox]';
const DIAGRAM_ROW = `${DIAGRAM} [role=option]`;
const LIST_ROW = '[role=grid] [role=row][data-index]';
const STEP_ROW = '[aria-label="The steps"] tbody tr';

interface Sizes {
  readonly sagas: number;
  readonly entries: number;
  readonly branches: number;
  readonly pages: number;
  readonly steps: number;
  readonly live: number;
}

interface Figure {
  readonly what: string;
  readonly figure: string;
}

export const consoleInBrowser = subcommand('console', 'Measures how long the console takes with long sagas and lists.')
  .option('--sagas <number>', 'how many sagas the list has', wholeNumber(1_000), 1_000_000)
  .option('--entries <number>', 'how long the history of a saga is', wholeNumber(20), 500)
  .option('--branches <number>', 'how many branches a saga has', wholeNumber(4), 200)
  .option('--pages <number>', 'how many pages of the list are scrolled through', wholeNumber(2), 30)
  .option('--steps <number>', 'through how many entries of a saga the keyboard goes', wholeNumber(2), 60)
  .option('--live <number>', 'how many entries arrive while the page is open', wholeNumber(1), 20)
  .action(
    running(async ({ json: _json, ...sizes }, run) =>
      using(run.postgres(FILLS_FAST), async ({ adminUrl }) => {
        // The orchestrator would log each saga that is made.
        Logger.overrideLogger(['error', 'fatal']);
        const sagas = await SearchableSagas.with(sizes.sagas, adminUrl);
        const long = new LongSagas(sagas.store);
        try {
          run.progress(`filled with ${sizes.sagas} sagas`);
          const ids = { pausing: await long.pausing(sizes.entries), branching: await long.branching(sizes.branches) };
          const definitions = [patientPurchase, { ...patientPurchase, version: 2 }, pickEach];
          await using(
            ServedConsole.start(sagas.databaseUrl, definitions, `${run.directory}/broker`),
            async ({ url }) => {
              const browser = await openBrowser();
              try {
                await measure({ browser, url, long, sizes, run, ...ids });
              } finally {
                await browser.close();
              }
            },
          );
        } finally {
          await long.close();
          await sagas.close();
        }
      }),
    ),
  );

interface Measured {
  readonly browser: Browser;
  readonly url: string;
  readonly long: LongSagas;
  readonly sizes: Sizes;
  readonly run: Run;
  readonly pausing: string;
  readonly branching: string;
}

async function measure(measured: Measured): Promise<void> {
  const { run } = measured;
  const figures: Figure[] = [];
  for (const part of [firstLoad, longHistory, manyBranches, longList]) {
    const found = await part(await MeasuredPage.open(measured.browser, measured.url), measured);
    for (const { what, figure } of found) run.progress(`${what}: ${figure}`);
    figures.push(...found);
    run.record({ console: figures });
  }
  run.print(
    table(figures, [
      ['', ({ what }) => what],
      ['', ({ figure }) => figure],
    ]),
  );
}

async function firstLoad(page: MeasuredPage): Promise<Figure[]> {
  const ms = await page.show('', '[aria-label="Definitions"] tbody tr');
  const bytes = page.loadedBytes;
  await page.close();
  return [
    { what: 'first screen, nothing in the cache', figure: `${ms.toFixed(0)} ms` },
    { what: 'bytes of it over the wire, compressed', figure: `${(bytes / 1_024).toFixed(0)} KiB` },
  ];
}

async function longHistory(
  page: MeasuredPage,
  { pausing: id, sizes: { entries, steps, live }, long, run }: Measured,
): Promise<Figure[]> {
  const opened = await page.show(`sagas/${id}`, DIAGRAM_ROW);
  const rows = await page.count(DIAGRAM_ROW);
  run.breaks(atMost(MOST_ROWS, rows, 'rows of the diagram'));
  const arrivals: number[] = [];
  const watched = await page.watched(async () => {
    for (let entry = entries + 1; entry <= entries + live; entry += 1)
      arrivals.push(await page.until(() => long.goOn(id, entry), `text="After entry ${entry} of ${entry}"`));
  });
  await page.page.locator(DIAGRAM).focus();
  await page.until(() => page.page.keyboard.press('Home'), `${DIAGRAM_ROW}[aria-selected=true][aria-posinset="1"]`);
  const scrubbed = await page.watched(async () => {
    for (let row = 2; row <= steps; row += 1)
      await page.until(
        () => page.page.keyboard.press('ArrowDown'),
        `${DIAGRAM_ROW}[aria-selected=true][aria-posinset="${row}"]`,
      );
  });
  const tabs: Figure[] = [];
  for (const [tab, selector] of [
    ['Steps', STEP_ROW],
    ['History', '[aria-label^="The history"] tbody tr'],
    ['Messages', '[aria-label^="The commands"] tbody tr'],
    ['Diagram', DIAGRAM_ROW],
  ] as const) {
    const slow = await page.watched(() => page.until(() => clickTab(page, tab), selector));
    tabs.push({ what: `the tab ${tab} of it`, figure: slownessText(slow) });
  }
  await page.close();
  return [
    { what: `a saga with ${entries} entries is there`, figure: `${opened.toFixed(0)} ms` },
    { what: 'rows of its diagram in the document', figure: String(rows) },
    { what: 'a further entry is drawn', figure: `${msText(arrivals)}; ${slownessText(watched)}` },
    { what: 'an entry further by the keyboard', figure: slownessText(scrubbed) },
    ...tabs,
  ];
}

async function manyBranches(page: MeasuredPage, { branching: id, sizes: { branches } }: Measured): Promise<Figure[]> {
  const opened = await page.show(`sagas/${id}`, DIAGRAM_ROW);
  const diagram = await page.watched(() =>
    page.until(
      async () => {
        await page.page.locator(DIAGRAM).focus();
        await page.page.keyboard.press('End');
        await page.page.keyboard.press('Enter');
      },
      `${DIAGRAM_ROW}[aria-setsize="${1 + branches / 2}"]`,
    ),
  );
  const steps = await page.watched(() => page.until(() => clickTab(page, 'Steps'), STEP_ROW));
  const folded = await page.count(STEP_ROW);
  const unfold = page.page.getByRole('button', { name: /picking/ }).first();
  const unfolding = await page.watched(() => page.until(() => unfold.click(), `${STEP_ROW} >> nth=10`));
  const unfolded = await page.count(STEP_ROW);
  await page.close();
  return [
    { what: `a saga with ${branches} branches is there`, figure: `${opened.toFixed(0)} ms` },
    { what: 'its diagram is unfolded', figure: slownessText(diagram) },
    { what: 'its steps are shown', figure: `${slownessText(steps)}; ${folded} rows` },
    { what: 'its steps are unfolded', figure: `${slownessText(unfolding)}; ${unfolded} rows` },
  ];
}

async function longList(page: MeasuredPage, { sizes: { sagas, pages }, run }: Measured): Promise<Figure[]> {
  const opened = await page.show('sagas', LIST_ROW);
  let most = 0;
  const ms: number[] = [];
  const scrolled = await page.watched(async () => {
    for (let loaded = 1; loaded < pages; loaded += 1) {
      // The foot of the table says how many rows are loaded.
      ms.push(
        await page.until(() => scrollDown(page), `text=/^${((loaded + 1) * 100).toLocaleString('en')} sagas so far/`),
      );
      most = Math.max(most, await page.count(LIST_ROW));
    }
  });
  run.breaks(atMost(MOST_ROWS, most, 'rows of the list'));
  const search = page.page.getByRole('searchbox', { name: 'Find sagas' });
  await search.focus();
  const key = `order-${Math.floor(sagas / 2)}`;
  let found = 0;
  const typing = await page.watched(async () => {
    await page.page.keyboard.type(key.slice(0, -1));
    found = await page.until(() => page.page.keyboard.type(key.slice(-1)), '.data-table-foot >> text="1 saga"');
  });
  await page.close();
  return [
    { what: `the list of ${sagas.toLocaleString('en')} sagas is there`, figure: `${opened.toFixed(0)} ms` },
    { what: `a further page of 100, of ${pages}`, figure: `${msText(ms)}; ${slownessText(scrolled)}` },
    { what: 'rows of the list in the document, at most', figure: String(most) },
    { what: 'a search, from the last key to its result', figure: `${found.toFixed(0)} ms; ${slownessText(typing)}` },
  ];
}

const clickTab = (page: MeasuredPage, name: string): Promise<void> =>
  page.page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();

const scrollDown = (page: MeasuredPage): Promise<unknown> =>
  page.page.evaluate(`{ const list = document.querySelector('.data-table'); list.scrollTop = list.scrollHeight; }`);

function atMost(most: number, count: number, what: string): string[] {
  return count <= most ? [] : [`${count} ${what} are in the document, more than ${most}`];
}

const msText = (ms: readonly number[]): string =>
  `p50 ${quantile(ms, 0.5).toFixed(0)} ms, at most ${Math.max(...ms).toFixed(0)} ms`;

/** Interactions of less than 16 ms are not reported by Chromium. */
function slownessText({ interactionsMs, longTasksMs }: Slowness): string {
  const worst = interactionsMs.length === 0 ? 'painted within 16 ms' : `painted after ${msText(interactionsMs)}`;
  const long =
    longTasksMs.length === 0
      ? 'no long task'
      : `${longTasksMs.length} long tasks, at most ${Math.max(...longTasksMs)} ms`;
  return `${worst}, ${long}`;
}
