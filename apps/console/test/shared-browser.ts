/* The browser that all files of a suite share, and the pages that it shows. */
import { CHROMIUM, missingBrowser } from '@palinode/test-support/chromium';
import { buildConsole } from '@palinode/test-support/shop/console-pages';
import { chromium } from 'playwright-core';

const VARIABLE = 'PALINODE_TEST_BROWSER';

/** Builds the console's pages and starts a browser, if there is one. Resolves with what stops it. */
export async function startSharedBrowser(): Promise<() => Promise<void>> {
  if (missingBrowser !== undefined) return async () => {};
  await buildConsole();
  const browser = await chromium.launchServer({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  process.env[VARIABLE] = browser.wsEndpoint();
  return () => browser.close();
}

/** The Playwright server of the browser that {@link startSharedBrowser} has started. */
export function sharedBrowser(): string {
  const address = process.env[VARIABLE];
  if (address === undefined) throw new Error('No browser runs for these tests: run them with jest.config.js.');
  return address;
}
