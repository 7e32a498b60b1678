/* The shop and the browser that all files of the suite share. */
import { buildConsole } from '@palinode/test-support/shop/console-pages';
import { Stack } from '@palinode/test-support/shop/stack';
import type { ServiceName } from '@palinode/test-support/shop/services';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Why no test of the console can run on this machine; undefined when they can. */
export const missingBrowser = existsSync(CHROMIUM)
  ? undefined
  : `There is no browser at ${CHROMIUM}: install chromium, or name one by CHROMIUM.`;

export interface SharedStack {
  /** The Playwright server of the browser. */
  readonly browser: string;
  /** The directory of the stack, for its stack.json and logs. */
  readonly directory: string;
  readonly services: Readonly<Record<ServiceName, string>>;
}

const VARIABLE = 'PALINODE_CONSOLE_TESTS';

/** Builds the pages, and starts the shop and a browser. Resolves with what stops both. */
export async function startSharedStack(): Promise<() => Promise<void>> {
  if (missingBrowser !== undefined) return async () => {};
  const [stack] = await Promise.all([Stack.start(), buildConsole()]);
  try {
    const browser = await chromium.launchServer({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    const services = Object.fromEntries(Object.entries(stack.services).map(([name, { url }]) => [name, url]));
    const shared = { browser: browser.wsEndpoint(), directory: stack.directory, services };
    process.env[VARIABLE] = JSON.stringify(shared);
    return async () => {
      await browser.close();
      await stack.stop();
    };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** The stack that {@link startSharedStack} has started. */
export function sharedStack(): SharedStack {
  const text = process.env[VARIABLE];
  if (text === undefined) throw new Error('No shop runs for these tests: run them as the suite console of jest.');
  return JSON.parse(text) as SharedStack;
}
