import { externalServers } from './external-servers';

const databases = {
  DATABASE_URL_ORCHESTRATOR: 'postgres://a',
  DATABASE_URL_ORDER: 'postgres://b',
  DATABASE_URL_PAYMENT: 'postgres://c',
  DATABASE_URL_INVENTORY: 'postgres://d',
  DATABASE_URL_NOTIFICATIONS: 'postgres://e',
  DATABASE_URL_REPORTING: 'postgres://f',
};

describe('the external servers of the environment', () => {
  it('uses no external servers by default', () => {
    expect(externalServers({ KAFKA_BROKERS: '' })).toEqual({});
  });

  it('accepts several external brokers', () => {
    expect(externalServers({ KAFKA_BROKERS: 'a:9092, b:9092' })).toEqual({ broker: { brokers: ['a:9092', 'b:9092'] } });
  });

  it('accepts an external database for each service', () => {
    expect(externalServers(databases).databases).toEqual({
      orchestrator: 'postgres://a',
      order: 'postgres://b',
      payment: 'postgres://c',
      inventory: 'postgres://d',
      notifications: 'postgres://e',
      reporting: 'postgres://f',
    });
  });

  it('requires external databases for every service or for none', () => {
    expect(() => externalServers({ ...databases, DATABASE_URL_PAYMENT: undefined })).toThrow('DATABASE_URL_PAYMENT');
  });
});
