/* The shop and the browser that all files of the suite share. */
import { missingBrowser } from '@palinode/test-support/chromium';
import { startSharedServer } from '@palinode/test-support/jest/shared-server';
import { Stack } from '@palinode/test-support/shop/stack';
import type { ServiceName } from '@palinode/test-support/shop/services';
import { startSharedBrowser } from './shared-browser';

export interface SharedStack {
  /** The directory of the stack, for its stack.json and logs. */
  readonly directory: string;
  readonly services: Readonly<Record<ServiceName, string>>;
}

const VARIABLE = 'PALINODE_CONSOLE_TESTS';

/** Starts a browser, the shop, and a PostgreSQL for consoles of other definitions. Resolves with what stops them. */
export async function startSharedStack(): Promise<() => Promise<void>> {
  if (missingBrowser !== undefined) return async () => {};
  const started: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of started.toReversed()) await each();
  };
  try {
    started.push(await startSharedBrowser());
    const stack = await Stack.start();
    started.push(() => stack.stop());
    started.push(await startSharedServer());
    const services = Object.fromEntries(Object.entries(stack.services).map(([name, { url }]) => [name, url]));
    process.env[VARIABLE] = JSON.stringify({ directory: stack.directory, services });
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The stack that {@link startSharedStack} has started. */
export function sharedStack(): SharedStack {
  const text = process.env[VARIABLE];
  if (text === undefined) throw new Error('No shop runs for these tests: run them as the suite console of jest.');
  return JSON.parse(text) as SharedStack;
}
