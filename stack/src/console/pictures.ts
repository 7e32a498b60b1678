/* `npm run console:pictures`: the console's screens as pictures, of a shop in which things have happened. */
import { CHROMIUM } from '@palinode/test-support/chromium';
import { commandLine } from '@palinode/test-support/command-line';
import { repositoryRoot } from '@palinode/test-support/repository';
import { buildConsole } from '@palinode/test-support/shop/console-pages';
import { Stack } from '@palinode/test-support/shop/stack';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { seedShop, type Seeded } from '@palinode/test-support/shop/seed-shop';

interface Screen {
  readonly path: string;
  /** The buttons to press first, such as that of a dialog. */
  readonly press?: readonly string[];
}

const WIDTHS = { '': 1_440, '-narrow': 390 } as const;

/** The screens by the names of their pictures. */
function screensOf(seeded: Seeded): Readonly<Record<string, Screen>> {
  const { sagaId, orderId, compensatedSagaId, pausedSagaId, waitingSagaId, letterId, bulkActionId } = seeded;
  const paths = {
    now: '',
    sagas: 'sagas',
    saga: `sagas/${compensatedSagaId}`,
    'saga-paused': `sagas/${pausedSagaId}`,
    'saga-waiting': `sagas/${waitingSagaId}`,
    'saga-steps': `sagas/${sagaId}?tab=steps`,
    'saga-graph': `sagas/${compensatedSagaId}?tab=graph`,
    'saga-history': `sagas/${compensatedSagaId}?tab=history`,
    'saga-messages': `sagas/${compensatedSagaId}?tab=messages`,
    incidents: 'incidents',
    definitions: 'definitions',
    definition: 'definitions/place-order',
    'definition-versions': 'definitions/revise-order',
    'dead-letters': 'dead-letters',
    'dead-letters-each': 'dead-letters?view=letters',
    'dead-letter': `dead-letters/${letterId}`,
    holds: 'holds',
    'bulk-actions': 'bulk-actions',
    'bulk-action': `bulk-actions/${bulkActionId}`,
    audit: 'audit',
    instances: 'instances',
    faults: 'faults',
    shop: `shop?order=${orderId}`,
    order: `shop/orders/${orderId}`,
    about: 'about',
  };
  return {
    ...Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, { path }])),
    'dialog-action': { path: `sagas/${pausedSagaId}`, press: ['Resume'] },
    'dialog-signal': { path: `sagas/${waitingSagaId}`, press: ['Send customer-consent'] },
    'dialog-hold': { path: 'holds', press: ['Hold commands …'] },
    'dialog-fault': { path: `sagas/${compensatedSagaId}`, press: ['Break payment'] },
    'dialog-bulk': { path: 'incidents', press: ['Resume 1'] },
  };
}

async function main(): Promise<void> {
  const { to, only } = commandLine(
    'npm run console:pictures --',
    'Starts a shop, lets things happen in it, and makes pictures of every screen of the console in both themes, wide and narrow.',
  )
    .option('--to <folder>', 'where the pictures are written', join(repositoryRoot, 'dist/console-pictures'))
    .option('--only <text>', 'pictures whose name has this text', '')
    .parse()
    .opts();
  const folder = resolve(to);
  mkdirSync(folder, { recursive: true });
  await buildConsole();
  const stack = await Stack.start();
  try {
    await takePictures(stack, folder, only);
  } finally {
    await stack.stop();
  }
}

async function takePictures(stack: Stack, folder: string, only: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const all = screensOf(await seedShop(stack));
    const screens = Object.fromEntries(Object.entries(all).filter(([name]) => name.includes(only)));
    for (const theme of ['light', 'dark'] as const) {
      for (const [name, screen] of Object.entries(screens)) {
        for (const [suffix, width] of Object.entries(WIDTHS)) {
          const file = join(folder, `${name}-${theme}${suffix}.png`);
          await takePicture(browser, `${stack.adminUrl}/console/`, { ...screen, theme, width, file });
          console.log(file);
        }
      }
    }
  } finally {
    await browser.close();
  }
}

interface Picture extends Screen {
  readonly theme: 'light' | 'dark';
  readonly width: number;
  readonly file: string;
}

async function takePicture(browser: Browser, base: string, picture: Picture): Promise<void> {
  const { path, press = [], theme, width, file } = picture;
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: theme });
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.goto(new URL(path, base).href);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  // Lazy parts and what they read have come when nothing is requested any more, other than the stream.
  const hasCome = (): Promise<void> =>
    page
      .locator('[role=status][aria-label=Loading], .mantine-Skeleton-root, [aria-busy=true]')
      .first()
      .waitFor({ state: 'detached' });
  await hasCome();
  for (const name of press) {
    await page.getByRole('button', { name, exact: true }).first().click();
    await page.getByRole('dialog').waitFor();
    await hasCome();
  }
  await page.evaluate('document.fonts.ready');
  await page.screenshot({ path: file });
  await page.close();
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
