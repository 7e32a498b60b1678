import { QueryFailedError, QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { isDatabaseAway, isDatabaseOutage } from './database-away';

const withCode = (code: string): Error => Object.assign(new Error('something'), { code });

describe('a database error', () => {
  const outages = ['08000', '08001', '08003', '08004', '08006', '08P01', '25006', '53000', '53100', '53200', '53300'];
  outages.push('57P01', '57P02', '57P03', '57P04', '57P05', '58000', '58030');
  const unreachable = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN'];

  it.each([...outages, ...unreachable, '25P03', '25P04'])(
    'means that the database is away when it has the code %s',
    (code) => expect(isDatabaseAway(withCode(code))).toBe(true),
  );

  it.each(outages)('is an outage that a server reports when it has the code %s, also when TypeORM wraps it', (code) => {
    expect(isDatabaseOutage(withCode(code))).toBe(true);
    expect(isDatabaseOutage(new QueryFailedError('SELECT 1', [], withCode(code)))).toBe(true);
  });

  it.each([...unreachable, '25P03', '25P04'])(
    'is not an outage that a server reports when it has the code %s',
    (code) => expect(isDatabaseOutage(withCode(code))).toBe(false),
  );

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Client was closed and is not queryable',
    'timeout expired',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Connection terminated',
    'Client has encountered a connection error and is not queryable',
  ])('means that the database is away when it has the message %s', (message) =>
    expect(isDatabaseAway(new Error(message))).toBe(true),
  );

  it.each([withCode('57P01'), new Error('Connection terminated unexpectedly')])(
    'means that the database is away when TypeORM wraps it: %p',
    (error) => expect(isDatabaseAway(new QueryFailedError('SELECT 1', [], error))).toBe(true),
  );

  it.each([new QueryRunnerAlreadyReleasedError(), new QueryRunnerProviderAlreadyReleasedError()])(
    'means that the database is away when TypeORM has released the connection that broke: %p',
    (error) => expect(isDatabaseAway(error)).toBe(true),
  );

  it('means that the database is away when it is one of several, as for a host with two addresses', () =>
    expect(isDatabaseAway(new AggregateError([withCode('ECONNREFUSED')]))).toBe(true));

  it.each([
    withCode('23505'),
    withCode('53400'),
    Object.assign(new Error('unsupported startup parameter: options'), { code: '08P01' }),
    withCode('55P03'),
    withCode('57014'),
    withCode('40001'),
    new Error('Cannot read properties of undefined'),
    'a string',
    null,
    undefined,
  ])('does not mean that the database is away when it is %p', (error) => expect(isDatabaseAway(error)).toBe(false));
});
