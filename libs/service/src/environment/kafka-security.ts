import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { KafkaOptions } from '@palinode/saga/participant';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, ValidateIf } from 'class-validator';
import { IsReadableFile, MayBeSetWhen } from './environment-rules';

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'] as const;

const hasTls = ({ KAFKA_SSL }: KafkaSecurity): boolean => KAFKA_SSL === 'on';
const hasCertificate = ({ KAFKA_SSL_KEY_FILE: key, KAFKA_SSL_CERT_FILE: cert }: KafkaSecurity): boolean =>
  (key ?? cert) !== undefined;
const hasPassword = ({ KAFKA_SASL_MECHANISM: mechanism }: KafkaSecurity): boolean =>
  mechanism !== undefined && mechanism !== 'oauthbearer';
const hasToken = ({ KAFKA_SASL_MECHANISM: mechanism }: KafkaSecurity): boolean => mechanism === 'oauthbearer';

const WITH_TLS = 'must be set only together with KAFKA_SSL=on';
const WITH_PASSWORD = 'must be set only with a KAFKA_SASL_MECHANISM that has passwords';

/** How a service connects to a secured Kafka. Files are read anew for each connection. */
export class KafkaSecurity {
  /** Whether connections use TLS. */
  @IsIn(['on', 'off'])
  KAFKA_SSL: string = 'off';

  /** The certificates of the CAs that the brokers' certificates are signed by, in PEM; by default those that Node trusts. */
  @IsOptional()
  @MayBeSetWhen(hasTls, WITH_TLS)
  @IsReadableFile()
  KAFKA_SSL_CA_FILE?: string;

  /** The service's own certificate, where brokers ask for one… */
  @ValidateIf(hasCertificate)
  @MayBeSetWhen(hasTls, WITH_TLS)
  @IsReadableFile({ message: 'must name a file that the service may read, together with KAFKA_SSL_KEY_FILE' })
  KAFKA_SSL_CERT_FILE?: string;

  /** …and its key. */
  @ValidateIf(hasCertificate)
  @MayBeSetWhen(hasTls, WITH_TLS)
  @IsReadableFile({ message: 'must name a file that the service may read, together with KAFKA_SSL_CERT_FILE' })
  KAFKA_SSL_KEY_FILE?: string;

  /** How the service authenticates; by default not at all. */
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value))
  @ValidateIf((environment: KafkaSecurity) =>
    Object.entries(environment).some(([name, value]) => name.startsWith('KAFKA_SASL_') && value !== undefined),
  )
  @IsIn(MECHANISMS)
  KAFKA_SASL_MECHANISM?: (typeof MECHANISMS)[number];

  @ValidateIf(hasPassword)
  @IsString({ message: 'must be the name of the user, because KAFKA_SASL_MECHANISM is set' })
  KAFKA_SASL_USERNAME?: string;

  @ValidateIf(
    (environment: KafkaSecurity) => hasPassword(environment) && environment.KAFKA_SASL_PASSWORD_FILE === undefined,
  )
  @IsString({ message: 'or KAFKA_SASL_PASSWORD_FILE must be set, because KAFKA_SASL_MECHANISM is' })
  KAFKA_SASL_PASSWORD?: string;

  /** A file with the password, without a restart when it changes. */
  @IsOptional()
  @MayBeSetWhen(hasPassword, WITH_PASSWORD)
  @MayBeSetWhen(
    ({ KAFKA_SASL_PASSWORD }: KafkaSecurity) => KAFKA_SASL_PASSWORD === undefined,
    'must not be set together with KAFKA_SASL_PASSWORD',
  )
  @IsReadableFile()
  KAFKA_SASL_PASSWORD_FILE?: string;

  /** A file with an access token that another program renews, such as a projected token of Kubernetes. */
  @ValidateIf(hasToken)
  @IsReadableFile({ message: 'must name a file with the token, because KAFKA_SASL_MECHANISM is oauthbearer' })
  KAFKA_SASL_TOKEN_FILE?: string;
}

/** The options of TLS and SASL for the library's modules. */
export function kafkaSecurityOf(environment: KafkaSecurity): Pick<KafkaOptions, 'ssl' | 'sasl'> {
  return { ssl: hasTls(environment) ? () => certificatesOf(environment) : false, sasl: saslOf(environment) };
}

function certificatesOf({
  KAFKA_SSL_CA_FILE: ca,
  KAFKA_SSL_CERT_FILE: cert,
  KAFKA_SSL_KEY_FILE: key,
}: KafkaSecurity): Record<string, Buffer> {
  const files = Object.entries({ ca, cert, key });
  return Object.fromEntries(files.flatMap(([name, file]) => (file === undefined ? [] : [[name, readFileSync(file)]])));
}

function saslOf(environment: KafkaSecurity): KafkaOptions['sasl'] {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username = '' } = environment;
  const { KAFKA_SASL_PASSWORD: password, KAFKA_SASL_PASSWORD_FILE: file, KAFKA_SASL_TOKEN_FILE: token } = environment;
  if (mechanism === undefined) return undefined;
  if (mechanism === 'oauthbearer')
    return { mechanism, oauthBearerProvider: async () => ({ value: await readSecret(String(token)) }) };
  return { mechanism, credentials: async () => ({ username, password: password ?? (await readSecret(String(file))) }) };
}

/** The secret in a file, without the end of its line. */
export async function readSecret(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
}
