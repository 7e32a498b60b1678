import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SaslPassword } from '@palinode/saga/participant';
import { readEnvironment } from './read-environment';
import { connectionOf, kafkaOf, ServiceEnvironment } from './service-environment';

type Variables = Readonly<Record<string, string>>;

const directory = mkdtempSync(join(tmpdir(), 'palinode-settings-'));
const file = (name: string, content: string): string => {
  writeFileSync(join(directory, name), content);
  return join(directory, name);
};
const secret = file('secret', 'first\n');

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const read = (variables: Variables): ServiceEnvironment =>
  readEnvironment(ServiceEnvironment, {
    DATABASE_URL: 'postgres://127.0.0.1/order',
    KAFKA_BROKERS: 'kafka:9092',
    ...variables,
  });

describe('the settings of a secured Kafka', () => {
  it('are off by default', () => {
    expect(kafkaOf(read({}))).toMatchObject({ ssl: false, sasl: undefined });
  });

  it.each<[Variables, RegExp]>([
    [{ KAFKA_SSL: 'yes' }, /KAFKA_SSL must be one of/],
    [{ KAFKA_SSL_CA_FILE: secret }, /KAFKA_SSL_CA_FILE must be set only together with KAFKA_SSL=on/],
    [
      { KAFKA_SSL: 'on', KAFKA_SSL_CA_FILE: '/nowhere/ca.pem' },
      /KAFKA_SSL_CA_FILE must name a file that the service may read/,
    ],
    [
      { KAFKA_SSL: 'on', KAFKA_SSL_CERT_FILE: secret },
      /KAFKA_SSL_KEY_FILE must name a file .* together with KAFKA_SSL_CERT_FILE \(it is not set\)/,
    ],
    [{ KAFKA_SASL_USERNAME: 'order' }, /KAFKA_SASL_MECHANISM must be one of .* \(it is not set\)/],
    [{ KAFKA_SASL_MECHANISM: 'gssapi' }, /KAFKA_SASL_MECHANISM must be one of .*plain, scram-sha-256/],
    [{ KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_PASSWORD: 'a' }, /KAFKA_SASL_USERNAME must be the name of the user/],
    [
      { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'a' },
      /KAFKA_SASL_PASSWORD or KAFKA_SASL_PASSWORD_FILE must be set/,
    ],
    [
      {
        KAFKA_SASL_MECHANISM: 'plain',
        KAFKA_SASL_USERNAME: 'a',
        KAFKA_SASL_PASSWORD: 'b',
        KAFKA_SASL_PASSWORD_FILE: secret,
      },
      /KAFKA_SASL_PASSWORD_FILE must not be set together with KAFKA_SASL_PASSWORD/,
    ],
    [{ KAFKA_SASL_MECHANISM: 'oauthbearer' }, /KAFKA_SASL_TOKEN_FILE must name a file with the token/],
    [{ DATABASE_PASSWORD_FILE: '/nowhere' }, /DATABASE_PASSWORD_FILE must name a file that the service may read/],
  ])('are rejected with %j, and the error names the variable', (variables, message) => {
    expect(() => read(variables)).toThrow(message);
  });

  it('read the files of TLS for each connection', () => {
    const [ca, cert, key] = [file('ca', 'the CA'), file('cert', 'the certificate'), file('key', 'the key')];
    const { ssl } = kafkaOf(
      read({ KAFKA_SSL: 'on', KAFKA_SSL_CA_FILE: ca, KAFKA_SSL_CERT_FILE: cert, KAFKA_SSL_KEY_FILE: key }),
    );
    file('cert', 'a renewed certificate');
    expect((ssl as () => object)()).toEqual({
      ca: Buffer.from('the CA'),
      cert: Buffer.from('a renewed certificate'),
      key: Buffer.from('the key'),
    });
  });

  it('read a password from its file for each authentication, and take mechanisms as Kafka writes them', async () => {
    const password = file('password', 'first\n');
    const { sasl } = kafkaOf(
      read({ KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512', KAFKA_SASL_USERNAME: 'order', KAFKA_SASL_PASSWORD_FILE: password }),
    );
    expect(sasl).toMatchObject({ mechanism: 'scram-sha-512' });
    file('password', 'second');
    const { credentials } = sasl as { credentials: () => Promise<SaslPassword> };
    expect(await credentials()).toEqual({ username: 'order', password: 'second' });
  });

  it('read a token from its file for each authentication', async () => {
    const { sasl } = kafkaOf(
      read({ KAFKA_SASL_MECHANISM: 'OAUTHBEARER', KAFKA_SASL_TOKEN_FILE: file('token', 'old') }),
    );
    file('token', 'new\n');
    const { oauthBearerProvider } = sasl as { oauthBearerProvider: () => Promise<{ value: string }> };
    expect(await oauthBearerProvider()).toEqual({ value: 'new' });
  });

  it('read the password of the database from its file for each connection', async () => {
    const { password } = connectionOf(read({ DATABASE_PASSWORD_FILE: secret }));
    expect(await (password as () => Promise<string>)()).toBe('first');
  });
});
