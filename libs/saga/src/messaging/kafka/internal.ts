import { createRequire } from 'node:module';

const KNOWN_VERSION = '2.2.4';

/** A module of kafkajs' own, to be mended in place; undefined for a version of kafkajs that was not looked at. */
export function internalOfKafkajs(path: string): unknown {
  const load = createRequire(require.resolve('kafkajs/package.json'));
  if ((load('./package.json') as { version: string }).version !== KNOWN_VERSION) return undefined;
  return load(`./src/${path}`);
}
