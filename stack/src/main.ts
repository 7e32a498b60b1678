import { mkdirSync } from 'node:fs';
import { buildConsole } from '@palinode/test-support/shop/console-pages';
import { commandLine } from '@palinode/test-support/command-line';
import { firstOrder } from './first-order';
import { externalServers } from './external-servers';
import { Stack } from '@palinode/test-support/shop/stack';
import { stateDirectory } from '@palinode/test-support/repository';

const elsewhere = `
KAFKA_BROKERS and DATABASE_URL_ORCHESTRATOR, _ORDER, _PAYMENT, _INVENTORY, _NOTIFICATIONS, _REPORTING name servers to use instead of the embedded ones.`;

/** `npm start`: runs the whole system in the foreground, until Ctrl-C. */
async function main(): Promise<void> {
  const { fresh } = commandLine('npm start --', 'Runs the whole system in the foreground, until Ctrl-C.')
    .option('--fresh', 'start with empty databases and an empty broker', false)
    .addHelpText('after', elsewhere)
    .parse()
    .opts();
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());
  // The reader of the output may have ended; the stack must still shut down in order.
  process.stdout.on('error', () => interrupted.abort());
  mkdirSync(stateDirectory, { recursive: true });
  // Its pages are served from the files, so the stack need not wait for them.
  const pages = buildConsole();
  // A failure is thrown below, once the stack has started; until then it is not unhandled.
  pages.catch(() => {});
  const stack = await Stack.start({
    directory: stateDirectory,
    ports: 'usual',
    quiet: false,
    fresh,
    signal: interrupted.signal,
    ...externalServers(process.env),
  });
  await pages;
  console.log(firstOrder(stack));
  const reason = await stack.failure;
  const wanted = interrupted.signal.aborted;
  console.log(wanted ? '\nStopping.' : reason.message);
  await stack.stop();
  process.exitCode = wanted ? 0 : 1;
}

main().catch((error: Error) => {
  const interrupted = error.name === 'AbortError';
  console.error(interrupted ? 'Stopped.' : error.message);
  process.exit(interrupted ? 130 : 1);
});
