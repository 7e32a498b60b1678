import { createRequire } from 'node:module';

const KNOWN_VERSION = '2.2.4';

/** Whether the installed kafkajs is the version whose internals the library was written for. */
export function isKnownKafkajs(): boolean {
  return (load()('./package.json') as { version: string }).version === KNOWN_VERSION;
}

/**
 * Returns an internal module of kafkajs. Never change it: the application's own clients use the same one. Throws for a
 * version of kafkajs that has no such module.
 */
export function internalOfKafkajs(path: string): unknown {
  return load()(`./src/${path}`);
}

const load = (): NodeJS.Require => createRequire(require.resolve('kafkajs/package.json'));
