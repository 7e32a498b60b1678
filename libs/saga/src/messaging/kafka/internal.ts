import { createRequire } from 'node:module';
import { ConfigurationError } from '../../contract';

/** The version of kafkajs whose internals the library was written for; `package.json` asks for no other. */
const KNOWN_VERSION = '2.2.4';

/**
 * Another version would be used without the differences of this library's clients. Then a batch that kafkajs cannot
 * decode would stop its consumer for good.
 *
 * @throws ConfigurationError when another version is installed in place of the known one
 */
export function assertKafkajs(version = installedVersion()): void {
  if (version === KNOWN_VERSION) return;
  throw new ConfigurationError(
    `@palinode/saga needs kafkajs ${KNOWN_VERSION} and finds ${version}. Remove what replaces it, such as "overrides" or ` +
      '"resolutions" in your package.json; your application may have another version beside it.',
  );
}

const installedVersion = (): string => (load()('./package.json') as { version: string }).version;

/**
 * Returns an internal module of kafkajs. Never change it: the application's own clients use the same one.
 */
export function internalOfKafkajs(path: string): unknown {
  return load()(`./src/${path}`);
}

const load = (): NodeJS.Require => createRequire(require.resolve('kafkajs/package.json'));
