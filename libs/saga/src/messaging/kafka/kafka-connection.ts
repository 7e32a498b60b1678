/* How clients of this library connect to the brokers: addresses, TLS, authentication. */
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type ConnectionOptions } from 'node:tls';
import type { ISocketFactory, KafkaConfig } from 'kafkajs';
import { ConfigurationError } from '../../contract';
import { tlsRefusal } from '../tls-refusal';
import { addressesOf, hostIn } from './broker-addresses';
import { isOfType, messageOfType } from './error-type';
import { saslMechanism, type KafkaSasl } from './sasl';

/** How the brokers are reached. */
export interface KafkaConnectionOptions {
  /** `host:port` of some brokers, one at least; an IPv6 address in brackets: `[::1]:9092`. */
  readonly brokers: readonly string[];
  /** Its name in the broker's logs, metrics and quotas. @default the name of the orchestrator, the service or the group */
  readonly clientId?: string;
  /**
   * TLS: `true` with the CAs that Node trusts, or options of `tls.connect`, such as `ca`, `cert` and `key`. A function is
   * called for every connection, so that a renewed certificate needs no restart. @default false
   */
  readonly ssl?: boolean | ConnectionOptions | (() => ConnectionOptions) | undefined;
  /** How the service authenticates. @default not at all */
  readonly sasl?: KafkaSasl | undefined;
}

const KEEP_ALIVE_MS = 60_000;

/**
 * The connection in the form of kafkajs.
 *
 * @throws ConfigurationError that names what is missing or wrong
 */
export function connectionTo({
  brokers,
  ssl = false,
  sasl,
}: KafkaConnectionOptions): Pick<KafkaConfig, 'brokers' | 'sasl' | 'socketFactory'> {
  assertTls(ssl);
  return {
    brokers: addressesOf(brokers),
    socketFactory: socketFactory(ssl),
    ...(sasl === undefined ? {} : { sasl: saslMechanism(sasl) }),
  };
}

/** Otherwise an unreadable certificate would be reported only by each connection. */
function assertTls(ssl: NonNullable<KafkaConnectionOptions['ssl']>): void {
  if (typeof ssl === 'boolean') return;
  try {
    createSecureContext(tlsOptions(ssl));
  } catch (error) {
    throw new ConfigurationError(
      `kafka.ssl (KAFKA_SSL_…) has certificates or keys that cannot be used: ${String(error)}`,
      {
        cause: error,
      },
    );
  }
}

function tlsOptions(ssl: NonNullable<KafkaConnectionOptions['ssl']>): ConnectionOptions {
  if (typeof ssl === 'boolean') return {};
  return typeof ssl === 'function' ? ssl() : ssl;
}

function socketFactory(ssl: NonNullable<KafkaConnectionOptions['ssl']>): ISocketFactory {
  return ({ host: written, port, onConnect }) => {
    const host = hostIn(written);
    const open = (): Socket => {
      if (ssl === false) return connect({ host, port }, onConnect);
      // A server name must not be an address.
      const servername = isIP(host) === 0 ? { servername: host } : {};
      return connectTls({ ...servername, ...tlsOptions(ssl), host, port }, onConnect);
    };
    return open().setKeepAlive(true, KEEP_ALIVE_MS);
  };
}

/**
 * Rethrows the error, as a ConfigurationError with the remedy when no connection is possible until a setting, credentials or
 * certificates are changed, and with a hint when that may be so.
 */
export function explainConnection(error: unknown, connection: KafkaConnectionOptions): never {
  const why = refusalOf(error);
  if (why !== undefined) throw new ConfigurationError(why, { cause: error });
  const hint = hintOf(String(error), connection);
  throw hint === undefined ? error : new Error(`${String(error)} (${hint})`, { cause: error });
}

function refusalOf(error: unknown): string | undefined {
  if (isOfType(error, 'SASL_AUTHENTICATION_FAILED'))
    return `The broker refuses the credentials of this service (${messageOfType(error, 'SASL_AUTHENTICATION_FAILED')}); correct kafka.sasl (KAFKA_SASL_…), or the user on the broker.`;
  if (isOfType(error, 'UNSUPPORTED_SASL_MECHANISM'))
    return 'The broker does not offer the SASL mechanism of this service; set kafka.sasl.mechanism (KAFKA_SASL_MECHANISM) to one of its sasl.enabled.mechanisms.';
  if (isOfType(error, 'ILLEGAL_SASL_STATE'))
    return 'The broker has no SASL on this port; correct the port in kafka.brokers (KAFKA_BROKERS), or omit kafka.sasl (KAFKA_SASL_…).';
  const tls = tlsRefusal(error);
  return tls === undefined
    ? undefined
    : `No TLS connection to the broker is possible (${tls.problem}); ${tls.remedy} in kafka.ssl (KAFKA_SSL_…).`;
}

/** A broker says no more, and it may as well be stopping. */
function hintOf(error: string, { ssl = false, sasl }: KafkaConnectionOptions): string | undefined {
  if (/before secure TLS connection was established/.test(error)) return 'does the broker have TLS on this port?';
  if (!/Closed connection/.test(error)) return undefined;
  if (ssl === false) return 'does the broker expect TLS on this port? See kafka.ssl (KAFKA_SSL)';
  return sasl === undefined ? 'does the broker expect SASL? See kafka.sasl (KAFKA_SASL_MECHANISM)' : undefined;
}
