import type { AuthenticationProviderArgs } from 'kafkajs';
import { ConfigurationError } from '../../contract';
import { connectionTo } from './kafka-connection';
import { saslMechanism } from './sasl';

const brokers = ['kafka:9092'];
const connect = (options: object): unknown => connectionTo({ brokers, ...options });

describe('the connection to the brokers', () => {
  it.each([
    [
      { sasl: { mechanism: 'scram', username: 'a', password: 'b' } },
      /no SASL mechanism "scram"; use one of plain, scram-sha-256/,
    ],
    [{ sasl: { mechanism: 'plain', username: 'a' } }, /plain needs password in kafka\.sasl/],
    [
      { sasl: { mechanism: 'scram-sha-512', username: '', password: '' } },
      /needs username and password in kafka\.sasl/,
    ],
    [{ sasl: { mechanism: 'oauthbearer' } }, /oauthbearer needs oauthBearerProvider in kafka\.sasl/],
    [{ sasl: { mechanism: 'oauthbearer', credentials: () => ({}) } }, /oauthbearer takes oauthBearerProvider/],
    [{ sasl: { mechanism: 'plain', credentials: {} } }, /credentials of the mechanism plain must be a function/],
    [{ ssl: { ca: 'no certificate', cert: 'none' } }, /kafka\.ssl .*has certificates or keys that cannot be used/],
    [{ ssl: () => ({ key: 'no key' }) }, /kafka\.ssl .*has certificates or keys that cannot be used/],
  ])('rejects %j, and says what is missing', (options, message) => {
    expect(() => connect(options)).toThrow(ConfigurationError);
    expect(() => connect(options)).toThrow(message);
  });

  it('leaves the options of the application as they are', () => {
    const sasl = Object.freeze({ mechanism: 'plain', username: 'a', password: 'b' });
    const ssl = Object.freeze({ rejectUnauthorized: true });
    expect(() => connect({ sasl, ssl })).not.toThrow();
  });

  it('accepts the names of mechanisms in capitals, as Kafka writes them', () => {
    expect(() => connect({ sasl: { mechanism: 'SCRAM-SHA-512', username: 'a', password: 'b' } })).not.toThrow();
  });

  it('gives up an authentication whose credentials do not come', async () => {
    const credentials = (): Promise<never> => new Promise(() => undefined);
    const { authenticationProvider } = saslMechanism({ mechanism: 'plain', credentials }, 1);
    const { authenticate } = authenticationProvider({} as AuthenticationProviderArgs);
    await expect(authenticate()).rejects.toThrow('No authentication with the broker within 1 ms.');
  });
});
