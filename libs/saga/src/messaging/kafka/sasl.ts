/*
 * Authentication with SASL. kafkajs 2.2.4 has the mechanisms; this adds four things:
 *
 * 1. Credentials may come from a function, which is called for every authentication, so that a changed password needs no
 *    restart.
 * 2. An error says whether the broker refused the credentials or the connection broke.
 * 3. A refused token is noticed; kafkajs takes it for a success.
 * 4. An authentication has a time limit.
 */
import type { AuthenticationProviderArgs, Authenticator, Mechanism, SaslAuthenticateArgs, SASLOptions } from 'kafkajs';
import { ConfigurationError } from '../../contract';
import { sleep } from '../sleep';
import { internalOfKafkajs } from './internal';

/** A user and a password, for `plain` and SCRAM. */
export interface SaslPassword {
  readonly username: string;
  readonly password: string;
}

/** Keys for kafkajs' mechanism `aws`. */
export interface SaslAwsKeys {
  readonly authorizationIdentity: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A SASL mechanism with a user and a password. */
export type PasswordMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

/**
 * Credentials that are asked for at every authentication: for each connection, and again when the broker limits the time
 * of a session (`connections.max.reauth.ms`). When they reject, the connection is tried again later.
 */
export type SaslCredentials =
  | {
      readonly mechanism: PasswordMechanism;
      /** Called for every authentication. */
      readonly credentials: () => SaslPassword | Promise<SaslPassword>;
    }
  | {
      readonly mechanism: 'aws';
      /** Called for every authentication. */
      readonly credentials: () => SaslAwsKeys | Promise<SaslAwsKeys>;
    };

/** `sasl` of kafkajs with fixed credentials, a token provider or an authenticator of your own; or {@link SaslCredentials}. */
export type KafkaSasl =
  SASLOptions | Mechanism | ({ readonly mechanism: PasswordMechanism } & SaslPassword) | SaslCredentials;

type Authenticate = Mechanism['authenticationProvider'];
type Fields = Readonly<Record<string, unknown>>;

/** As kafkajs' own `authenticationTimeout`. */
const AUTHENTICATED_WITHIN_MS = 10_000;

/** Where kafkajs has its mechanisms, and what each needs. */
const BUILT_IN: Readonly<Record<string, { readonly module: string; readonly needs: readonly string[] }>> = {
  plain: { module: 'plain', needs: ['username', 'password'] },
  'scram-sha-256': { module: 'scram256', needs: ['username', 'password'] },
  'scram-sha-512': { module: 'scram512', needs: ['username', 'password'] },
  oauthbearer: { module: 'oauthBearer', needs: ['oauthBearerProvider'] },
  aws: { module: 'awsIam', needs: ['authorizationIdentity', 'accessKeyId', 'secretAccessKey'] },
};

/**
 * The mechanism for kafkajs. Leaves the options as they are.
 *
 * @throws ConfigurationError for an unknown mechanism, or when something that it needs is missing
 */
export function saslMechanism(sasl: KafkaSasl, withinMs = AUTHENTICATED_WITHIN_MS): Mechanism {
  const authenticate = explaining(sasl.mechanism, authenticateBy(sasl));
  return {
    mechanism: sasl.mechanism,
    authenticationProvider: (args) => ({ authenticate: () => inTime(authenticate(args).authenticate(), withinMs) }),
  };
}

/** kafkajs would wait for ever for a function that gives no credentials, and no other connection would be tried. */
async function inTime(authentication: Promise<void>, withinMs: number): Promise<void> {
  const ended = new AbortController();
  const late = sleep(withinMs, ended.signal).then(() => {
    if (!ended.signal.aborted) throw new Error(`No authentication with the broker within ${withinMs} ms.`);
  });
  try {
    await Promise.race([authentication, late]);
  } finally {
    ended.abort();
  }
}

function authenticateBy(sasl: KafkaSasl): Authenticate {
  if ('authenticationProvider' in sasl) return sasl.authenticationProvider;
  const name = sasl.mechanism.toLowerCase();
  const mechanism = BUILT_IN[name];
  if (mechanism === undefined)
    throw new ConfigurationError(
      `There is no SASL mechanism "${sasl.mechanism}"; use one of ${Object.keys(BUILT_IN).join(', ')}, or give an authenticationProvider.`,
    );
  const create = internalOfKafkajs(`broker/saslAuthenticator/${mechanism.module}`) as (fields: Fields) => Authenticate;
  const withFields = (fields: Fields): Authenticate => {
    const missing = mechanism.needs.filter((field) => !fields[field]);
    if (missing.length > 0)
      throw new ConfigurationError(`The SASL mechanism ${name} needs ${missing.join(' and ')} in kafka.sasl.`);
    return create({ ...fields });
  };
  if (!('credentials' in sasl)) return withFields(sasl as unknown as Fields);
  const { credentials } = sasl;
  if (!mechanism.needs.includes('oauthBearerProvider') && typeof credentials === 'function')
    return (args) => ({
      authenticate: async () => withFields((await credentials()) as unknown as Fields)(args).authenticate(),
    });
  throw new ConfigurationError(
    `kafka.sasl.credentials of the mechanism ${name} must be a function; oauthbearer takes oauthBearerProvider.`,
  );
}

/**
 * Lets an authentication reject with the error of the broker or the connection. kafkajs replaces both by an error
 * without a cause, and does not retry it.
 */
function explaining(mechanism: string, authenticate: Authenticate): Authenticate {
  const finish = mechanism.toLowerCase() === 'oauthbearer' ? finishRefusedToken : undefined;
  return (args): Authenticator => ({
    authenticate: async () => {
      let failure: unknown;
      const saslAuthenticate: AuthenticationProviderArgs['saslAuthenticate'] = async (request) => {
        try {
          return await (finish === undefined ? args.saslAuthenticate(request) : finish(args.saslAuthenticate, request));
        } catch (error) {
          failure = error;
          throw error;
        }
      };
      try {
        await authenticate({ ...args, saslAuthenticate }).authenticate();
      } catch (error) {
        throw failure ?? error;
      }
    },
  });
}

/** What a client answers to the refusal of its token (RFC 7628), with its length. */
const END_OF_EXCHANGE = Buffer.from([0, 0, 0, 1, 1]);

/** A broker that refuses a token sends the reason, and the error only after another message. kafkajs expects neither. */
async function finishRefusedToken<T>(
  send: AuthenticationProviderArgs['saslAuthenticate'],
  { request }: SaslAuthenticateArgs<T>,
): Promise<undefined> {
  const response = { decode: (bytes: Buffer) => bytes, parse: (bytes: Buffer) => bytes.subarray(4) };
  const reason = await send({ request, response });
  if (reason !== undefined && reason.length > 0) await send({ request: { encode: () => END_OF_EXCHANGE } });
}
