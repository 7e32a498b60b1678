import { readEnvironment } from './read-environment';
import { ServiceEnvironment } from './service-environment';

const complete = { DATABASE_URL: 'postgres://127.0.0.1/order', KAFKA_BROKERS: '127.0.0.1:9092,127.0.0.1:9093' };

describe('the environment of a service', () => {
  it('reads the environment with default values', () => {
    const environment = readEnvironment(ServiceEnvironment, { ...complete, PORT: '4001', LOG_LEVEL: '' });
    expect(environment).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 4001,
      LOG_LEVEL: 'info',
      KAFKA_BROKERS: ['127.0.0.1:9092', '127.0.0.1:9093'],
    });
  });

  it.each([
    ['DATABASE_URL', undefined, /DATABASE_URL must be the URL of a PostgreSQL database, such as .* \(it is not set\)/],
    ['DATABASE_URL', 'mysql://x', /DATABASE_URL .* \(its value does not fit\)/],
    ['KAFKA_BROKERS', undefined, /KAFKA_BROKERS/],
    ['KAFKA_BROKERS', 'localhost', /KAFKA_BROKERS must name brokers as host:port/],
    ['KAFKA_BROKERS', 'kafka:9092, other:9092', /KAFKA_BROKERS must name brokers as host:port/],
    ['KAFKA_BROKERS', ',', /KAFKA_BROKERS/],
    ['KAFKA_CREATE_TOPICS', 'no', /KAFKA_CREATE_TOPICS must be one of .* true, false/],
    ['KAFKA_COMPRESSION', 'zstd', /KAFKA_COMPRESSION must be none or gzip; .* compression\.type of the topics/],
    ['PORT', 'http', /PORT must/],
    ['DATABASE_CONNECTIONS', '4', /DATABASE_CONNECTIONS must be 5 or more/],
    ['DATABASE_POOLER', 'pgbouncer', /DATABASE_POOLER must be one of/],
    ['LOG_LEVEL', 'loud', /LOG_LEVEL must be one of/],
  ])('rejects %s when it is %s, and names the variable', (name, value, message) => {
    expect(() => readEnvironment(ServiceEnvironment, { ...complete, [name]: value })).toThrow(message);
  });

  it('keeps values, which may hold a password, out of errors', () => {
    expect(() => readEnvironment(ServiceEnvironment, { ...complete, DATABASE_URL: 'secret' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});
