import { readFile } from 'node:fs/promises';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { SecuredKafka } from '@palinode/test-support/kafka/secured-kafka';
import type { Certificate } from '@palinode/test-support/tls/certificates';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { RecordingLog } from '../../../test/recording-log';
import { ConfigurationError } from '../../contract';
import type { KafkaConnectionOptions } from './kafka-connection';
import { KafkaOffsets } from './kafka-offsets';
import { KafkaTransport } from './kafka-transport';
import type { KafkaSasl } from './sasl';

const USER = { username: 'alice', password: 'first' };
/** A client authenticates again ten seconds before its session ends, so after two seconds. */
const SESSION_MS = 12_000;
/** A session ends with its token, if that is earlier. */
const TOKEN_SECONDS = 11;

describeWhenAvailable('a broker with TLS and SASL', SecuredKafka.missing(), () => {
  let kafka: SecuredKafka;
  let ca: string;
  let topics = 0;
  const open: KafkaTransport[] = [];

  beforeAll(async () => {
    kafka = await SecuredKafka.start({
      users: { [USER.username]: USER.password },
      sessionMs: SESSION_MS,
      settings: { 'allow.everyone.if.no.acl.found': true },
    });
    ca = await kafka.authority.ca();
  });

  afterEach(async () => {
    for (const transport of open.splice(0)) await transport.close();
  });

  afterAll(() => kafka?.stop());

  const secured = (sasl: KafkaSasl): KafkaConnectionOptions => ({ brokers: [kafka.address], ssl: { ca }, sasl });

  function connect(connection: KafkaConnectionOptions): KafkaTransport {
    const transport = new KafkaTransport({ partitions: 1, ...connection }, new RecordingLog());
    open.push(transport);
    return transport;
  }

  /** A topic that the transport publishes to, and what it has read of it. */
  async function line(transport: KafkaTransport): Promise<{ topic: string; read: string[] }> {
    const topic = `topic-${(topics += 1)}`;
    const read: string[] = [];
    await transport.ensureTopics([topic]);
    await transport.subscribe({
      group: topic,
      topics: [topic],
      handle: async (messages) => void read.push(...messages.map(({ value }) => String(value))),
    });
    return { topic, read };
  }

  async function carries(connection: KafkaConnectionOptions): Promise<void> {
    const transport = connect(connection);
    const { topic, read } = await line(transport);
    await transport.publish([{ topic, key: null, value: 'a message' }]);
    await waitUntil('the message is read', () => read.includes('a message'));
    expect(await new KafkaOffsets(connection).of(topic)).toEqual([{ partition: 0, first: 0n, end: 1n }]);
  }

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('carries messages of a client with %s', (mechanism) =>
    carries(secured({ mechanism, ...USER })),
  );

  it('carries messages of a client whose credentials come from a function', () =>
    carries(secured({ mechanism: 'scram-sha-512', credentials: async () => USER })));

  it('carries messages of a client with an authenticator of its own', async () => {
    const encode = (): Buffer => {
      const secret = Buffer.from(`\0${USER.username}\0${USER.password}`);
      return Buffer.concat([Buffer.from([0, 0, 0, secret.length]), secret]);
    };
    await carries(
      secured({
        mechanism: 'PLAIN',
        authenticationProvider: ({ saslAuthenticate }) => ({
          authenticate: async () => void (await saslAuthenticate({ request: { encode } })),
        }),
      }),
    );
  });

  it('carries messages of a client with a certificate, which is read for every connection', async () => {
    const certificate = await kafka.authority.issue('service');
    const { cert, key } = await pem(certificate);
    let reads = 0;
    const ssl = (): { ca: string; cert: string; key: string } => {
      reads += 1;
      return { ca, cert, key };
    };
    await carries({ brokers: [kafka.certificateAddress], ssl });
    expect(reads).toBeGreaterThan(3);
  });

  it.each<[string, () => KafkaConnectionOptions, RegExp]>([
    [
      'a wrong password',
      () => secured({ mechanism: 'scram-sha-512', ...USER, password: 'no' }),
      /refuses the credentials .*correct kafka\.sasl/,
    ],
    [
      'a wrong password of PLAIN',
      () => secured({ mechanism: 'plain', ...USER, password: 'no' }),
      /refuses the credentials .*correct kafka\.sasl/,
    ],
    [
      'an expired token',
      () => secured({ mechanism: 'oauthbearer', oauthBearerProvider: async () => token(-5) }),
      /refuses the credentials .*correct kafka\.sasl/,
    ],
    [
      'a mechanism that it does not offer',
      () => secured({ mechanism: 'GSSAPI', authenticationProvider: () => ({ authenticate: async () => undefined }) }),
      /does not offer the SASL mechanism/,
    ],
    [
      'no CA',
      () => ({ brokers: [kafka.address], ssl: true, sasl: { mechanism: 'plain', ...USER } }),
      /verify the first certificate.*name the CA that signed its certificate in kafka\.ssl/,
    ],
    [
      'no client certificate',
      () => ({ brokers: [kafka.certificateAddress], ssl: { ca } }),
      /client certificate that the server asks for in kafka\.ssl/,
    ],
  ])('fails the start of a client with %s, with the remedy', async (_, connection, remedy) => {
    const starting = connect(connection()).ensureTopics(['any']);
    await expect(starting).rejects.toThrow(ConfigurationError);
    await expect(starting).rejects.toThrow(remedy);
  });

  it('fails the start of a client with SASL on a port without, with the remedy', async () => {
    const starting = connect({ brokers: [kafka.broker.address], sasl: { mechanism: 'plain', ...USER } }).ensureTopics([
      'any',
    ]);
    await expect(starting).rejects.toThrow(ConfigurationError);
    await expect(starting).rejects.toThrow(/no SASL on this port; correct the port in kafka\.brokers/);
  });

  it.each<[string, () => KafkaConnectionOptions, string]>([
    ['TLS', () => ({ brokers: [kafka.address] }), 'does the broker expect TLS on this port?'],
    ['SASL', () => ({ brokers: [kafka.address], ssl: { ca } }), 'does the broker expect SASL?'],
    ['no TLS', () => ({ brokers: [kafka.broker.address], ssl: { ca } }), 'does the broker have TLS on this port?'],
  ])('logs a hint for a client when the port has %s', async (_, connection, hint) => {
    const log = new RecordingLog();
    const transport = new KafkaTransport(connection(), log);
    const starting = transport.ensureTopics(['any']).catch(() => undefined);
    await waitUntil('the hint is logged', () => log.lines.some((line) => line.includes(hint)));
    await transport.close();
    await starting;
  });

  it('asks for a new token before the old one expires, and loses no message', async () => {
    let asked = 0;
    const oauthBearerProvider = async (): Promise<{ value: string }> => {
      asked += 1;
      return token(TOKEN_SECONDS);
    };
    const transport = connect(secured({ mechanism: 'oauthbearer', oauthBearerProvider }));
    const { topic, read } = await line(transport);
    const atFirst = asked;
    const sent = await publishUntil(transport, topic, () => asked >= atFirst + 4);
    await waitUntil('all messages are read', () => read.length >= sent.length);
    expect(read).toEqual(sent);
  });

  it('loses no message while the password of its user changes', async () => {
    let password = USER.password;
    const credentials = (): typeof USER => ({ ...USER, password });
    const transport = connect(secured({ mechanism: 'scram-sha-512', credentials }));
    const { topic, read } = await line(transport);
    let asked = 0;
    const changed = kafka.broker.setPassword(USER.username, 'second').then(() => (password = 'second'));
    const sent = await publishUntil(transport, topic, async () => {
      asked += 1;
      await changed;
      return asked > 1 && (await isNewConnectionPossible(secured({ mechanism: 'scram-sha-512', credentials })));
    });
    await waitUntil('all messages are read', () => new Set(read).size === sent.length);
    expect([...new Set(read)]).toEqual(sent);
    await expect(connect(secured({ mechanism: 'scram-sha-512', ...USER })).ensureTopics(['any'])).rejects.toThrow(
      /refuses the credentials/,
    );
  });

  async function isNewConnectionPossible(connection: KafkaConnectionOptions): Promise<boolean> {
    return connect(connection)
      .listTopics()
      .then(
        () => true,
        () => false,
      );
  }
});

async function publishUntil(
  transport: KafkaTransport,
  topic: string,
  isEnough: () => boolean | Promise<boolean>,
): Promise<string[]> {
  const sent: string[] = [];
  await waitUntil('enough is published', async () => {
    const value = String(sent.length);
    await transport.publish([{ topic, key: null, value }]);
    sent.push(value);
    return isEnough();
  });
  return sent;
}

async function pem({ certFile, keyFile }: Certificate): Promise<{ cert: string; key: string }> {
  return { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
}

/** An unsecured token, as only a broker for tests accepts it. */
function token(seconds: number): { value: string } {
  const now = Math.floor(Date.now() / 1_000);
  const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
  return { value: `${part({ alg: 'none' })}.${part({ sub: 'alice', iat: now - 60, exp: now + seconds })}.` };
}
