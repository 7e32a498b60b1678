import type { TestStack } from '@palinode/testing-support';
import { concurrently, type ConcurrentlyCommandInput, type ConcurrentlyResult } from 'concurrently';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { services } from './services.js';

export type Service = keyof typeof services;
export const serviceNames = Object.keys(services) as Service[];

interface RunOptions {
  readonly ports?: Readonly<Record<Service, number>>;
  /** Compiles when a source changes, and restarts the services that contain it. @default false */
  readonly watch?: boolean;
  /** @default standard output */
  readonly output?: Writable;
}

/** Runs each service in a process of its own. SIGINT and SIGTERM end them all; so does one that ends, except in `watch`. */
export function runServices(
  stack: TestStack<Service>,
  { ports = services, watch = false, output = process.stdout }: RunOptions = {},
): ConcurrentlyResult {
  const commands: ConcurrentlyCommandInput[] = serviceNames.map((name) => ({
    name,
    command: watch ? restartedOnChange(name) : `node --enable-source-maps ${entryOf(name)}`,
    env: { DATABASE_URL: stack.databaseUrl(name), KAFKA_BROKERS: stack.brokers.join(','), PORT: ports[name] },
  }));
  if (watch)
    commands.push({ name: 'build', command: 'tsc --project tsconfig.build.json --watch --preserveWatchOutput' });
  return concurrently(commands, {
    killOthersOn: ['failure', 'success'],
    prefixColors: 'auto',
    padPrefix: true,
    outputStream: output,
  });
}

const entryOf = (name: Service): string => join('dist', name, 'main.js');

function restartedOnChange(name: Service): string {
  const watched = [name, 'contracts', 'service'].map((folder) => `--watch ${join('dist', folder)}`);
  return `nodemon --quiet --signal SIGTERM ${watched.join(' ')} --enable-source-maps ${entryOf(name)}`;
}
