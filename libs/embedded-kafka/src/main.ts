#!/usr/bin/env node
import { readCommandLine, usage } from './command-line';
import { EmbeddedKafka } from './embedded-kafka';
import { InvalidSettingError } from './settings';

/** Runs a broker as a separate process; prints its address as one line of JSON when it listens. */
async function main(): Promise<void> {
  // The process that reads the output may have ended; that must not end the broker.
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', () => undefined);
  const { options, withParent } = readCommandLine(process.argv.slice(2));
  const broker = await EmbeddedKafka.start(options);
  const stop = (): void => {
    broker.close().then(() => process.exit(0), fail);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // The pipe closes when the parent ends, even by SIGKILL.
  if (withParent) process.stdin.once('close', stop).resume();
  console.log(JSON.stringify({ address: broker.address }));
}

function fail(error: Error): never {
  console.error(error instanceof InvalidSettingError ? `${error.message}\n${usage}` : error.message);
  process.exit(error instanceof InvalidSettingError ? 2 : 1);
}

main().catch(fail);
