/* `npm run console:pictures`: the console's screens as pictures, of a shop in which things have happened. */
import { commandLine } from '@palinode/test-support/command-line';
import { repositoryRoot } from '@palinode/test-support/repository';
import { buildConsole } from '@palinode/test-support/shop/console-pages';
import { Stack } from '@palinode/test-support/shop/stack';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { seedShop, type Seeded } from './seed-shop';

/** The screens by the names of their pictures. */
function screensOf({ sagaId, orderId, compensatedSagaId }: Seeded): Readonly<Record<string, string>> {
  return {
    now: '',
    sagas: 'sagas',
    saga: `sagas/${compensatedSagaId}`,
    'saga-steps': `sagas/${sagaId}?tab=steps`,
    'saga-graph': `sagas/${compensatedSagaId}?tab=graph`,
    incidents: 'incidents',
    definitions: 'definitions',
    definition: 'definitions/place-order',
    'dead-letters': 'dead-letters',
    holds: 'holds',
    'bulk-actions': 'bulk-actions',
    audit: 'audit',
    instances: 'instances',
    faults: 'faults',
    shop: `shop?order=${orderId}`,
    order: `shop/orders/${orderId}`,
    about: 'about',
  };
}

async function main(): Promise<void> {
  const { to } = commandLine(
    'npm run console:pictures --',
    'Starts a shop, lets things happen in it, and makes pictures of every screen of the console in both themes.',
  )
    .option('--to <folder>', 'where the pictures are written', join(repositoryRoot, 'dist/console-pictures'))
    .parse()
    .opts();
  const folder = resolve(to);
  mkdirSync(folder, { recursive: true });
  const [stack] = await Promise.all([Stack.start(), buildConsole()]);
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  try {
    const screens = screensOf(await seedShop(stack));
    for (const theme of ['light', 'dark'] as const) {
      for (const [name, path] of Object.entries(screens)) {
        const file = join(folder, `${name}-${theme}.png`);
        await takePicture(browser, { url: `${stack.adminUrl}/console/${path}`, theme, file });
        console.log(file);
      }
    }
  } finally {
    await browser.close();
    await stack.stop();
  }
}

async function takePicture(
  browser: Browser,
  { url, theme, file }: { readonly url: string; readonly theme: 'light' | 'dark'; readonly file: string },
): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1_440, height: 900 }, colorScheme: theme });
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.goto(url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  // Lazy parts and what they read have come when nothing is requested any more, other than the stream.
  await page
    .locator('[role=status][aria-label=Loading], .mantine-Skeleton-root')
    .first()
    .waitFor({ state: 'detached' });
  await page.evaluate('document.fonts.ready');
  await page.screenshot({ path: file });
  await page.close();
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
