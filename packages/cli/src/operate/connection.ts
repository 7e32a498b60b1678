import { userInfo } from 'node:os';
import { CliError } from '../cli-error';
import { stackAround } from './running-stack';

/** How to reach the admin API of an orchestrator. */
export interface Connection {
  /** Without the path of the API: `http://localhost:3000`. */
  readonly url: string;
  /** Sent as a bearer token, where a proxy in front of the API asks for one. */
  readonly key: string | undefined;
  /** The name under which actions are recorded. */
  readonly operator: string;
}

export interface ConnectionOptions {
  readonly url?: string;
  readonly operator?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The connection that the options and the environment name, or that of the stack which runs in this directory or one
 * above it.
 *
 * @throws CliError when none is named and none runs, or the URL is not one
 */
export function connectionOf(options: ConnectionOptions, environment: Environment, directory: string): Connection {
  const url = options.url ?? environment['PALINODE_URL'] ?? stackAround(directory)?.adminUrl;
  if (url === undefined) {
    throw new CliError(
      'No orchestrator is named. Give its admin API as --url http://host:port or in PALINODE_URL, or run the command where a stack runs.',
    );
  }
  return {
    url: httpUrl(url, 'an admin API'),
    key: keyIn(environment),
    operator: options.operator ?? environment['PALINODE_OPERATOR'] ?? userInfo().username,
  };
}

/** The key, without the line break that a file has at its end. */
function keyIn(environment: Environment): string | undefined {
  const key = environment['PALINODE_KEY']?.trim();
  // The error must not show it.
  if (key !== undefined && !/^[\x21-\x7e]*$/.test(key))
    throw new CliError('PALINODE_KEY is no key: it has spaces, line breaks or characters beyond ASCII.');
  return key === '' ? undefined : key;
}

/** Without a slash at its end. */
export function httpUrl(url: string, what: string): string {
  const { protocol = '', username, password } = URL.canParse(url) ? new URL(url) : {};
  if (!/^https?:$/.test(protocol)) throw new CliError(`${url} is no URL of ${what}; write http://host:port.`);
  if (username || password)
    throw new CliError(
      `A URL of ${what} has no name and no password; write http://host:port, and put a key in PALINODE_KEY.`,
    );
  return url.replace(/\/+$/, '');
}
