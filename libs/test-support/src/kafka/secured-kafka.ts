import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@palinode/testing-support/ports';
import { CertificateAuthority } from '../tls/certificates';
import { ApacheKafka } from './apache-kafka';
import type { BrokerProperties } from './server-properties';

const JAAS = 'org.apache.kafka.common.security';
const LISTENER = 'listener.name.secured';

export interface SecuredKafkaOptions {
  /** Users and their passwords, for PLAIN and both kinds of SCRAM. A password of SCRAM may be changed. */
  readonly users: Readonly<Record<string, string>>;
  /** How long a connection may be used before it authenticates again. @default without limit */
  readonly sessionMs?: number;
  readonly settings?: BrokerProperties;
}

/**
 * An Apache Kafka with a listener that wants TLS and SASL, and one that wants a client certificate. It has ACLs: without
 * one nothing is allowed. The administration is on the listener without authentication, whose clients may do everything.
 */
export class SecuredKafka {
  static missing(): string | undefined {
    return ApacheKafka.missing() ?? CertificateAuthority.missing();
  }

  static async start({ users, sessionMs, settings }: SecuredKafkaOptions): Promise<SecuredKafka> {
    const directory = await mkdtemp(join(tmpdir(), 'palinode-certificates-'));
    try {
      const authority = await CertificateAuthority.create(directory);
      const [port, certificatePort] = [await freePort(), await freePort()];
      const kafka = await ApacheKafka.start({
        listeners: [
          { name: 'SECURED', protocol: 'SASL_SSL', port },
          { name: 'CERTIFIED', protocol: 'SSL', port: certificatePort },
        ],
        credentials: Object.entries(users).flatMap(([name, password]) =>
          ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map((kind) => `${kind}=[name=${name},password=${password}]`),
        ),
        settings: {
          ...(await tls(authority)),
          ...authentication(users),
          ...(sessionMs === undefined ? {} : { [`${LISTENER}.connections.max.reauth.ms`]: sessionMs }),
          'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
          'super.users': 'User:ANONYMOUS',
          ...settings,
        },
      });
      return new SecuredKafka(kafka, authority, directory, `127.0.0.1:${port}`, `127.0.0.1:${certificatePort}`);
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  private constructor(
    /** The broker; its address is that of the administration. */
    readonly broker: ApacheKafka,
    readonly authority: CertificateAuthority,
    private readonly directory: string,
    /** Of the listener with TLS and SASL. */
    readonly address: string,
    /** Of the listener with client certificates. */
    readonly certificateAddress: string,
  ) {}

  async stop(): Promise<void> {
    await this.broker.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function tls(authority: CertificateAuthority): Promise<BrokerProperties> {
  const { bothFile } = await authority.issue('broker');
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': bothFile,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': authority.caFile,
    'listener.name.certified.ssl.client.auth': 'required',
  };
}

function authentication(users: SecuredKafkaOptions['users']): BrokerProperties {
  const passwords = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`);
  const scram = `${JAAS}.scram.ScramLoginModule required;`;
  return {
    [`${LISTENER}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    [`${LISTENER}.plain.sasl.jaas.config`]: `${JAAS}.plain.PlainLoginModule required ${passwords.join(' ')};`,
    [`${LISTENER}.scram-sha-256.sasl.jaas.config`]: scram,
    [`${LISTENER}.scram-sha-512.sasl.jaas.config`]: scram,
    [`${LISTENER}.oauthbearer.sasl.jaas.config`]: `${JAAS}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    [`${LISTENER}.oauthbearer.sasl.server.callback.handler.class`]: `${JAAS}.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler`,
  };
}
