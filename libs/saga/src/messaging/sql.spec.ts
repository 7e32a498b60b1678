import { QueryFailedError } from 'typeorm';
import { isDatabaseAway } from './sql';

const withCode = (code: string): Error => Object.assign(new Error('something'), { code });

describe('a database error', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', '08006', '53100', '53300', '57P01', '57P03', '58030'])(
    'means that the database is away when it has the code %s',
    (code) => expect(isDatabaseAway(withCode(code))).toBe(true),
  );

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated',
    'Client has encountered a connection error and is not queryable',
  ])('means that the database is away when it has the message %s', (message) =>
    expect(isDatabaseAway(new Error(message))).toBe(true),
  );

  it.each([withCode('57P01'), new Error('Connection terminated unexpectedly')])(
    'means that the database is away when TypeORM wraps it: %p',
    (error) => expect(isDatabaseAway(new QueryFailedError('SELECT 1', [], error))).toBe(true),
  );

  it('means that the database is away when it is one of several, as for a host with two addresses', () =>
    expect(isDatabaseAway(new AggregateError([withCode('ECONNREFUSED')]))).toBe(true));

  it.each([
    withCode('23505'),
    withCode('40001'),
    new Error('Cannot read properties of undefined'),
    'a string',
    null,
    undefined,
  ])('does not mean that the database is away when it is %p', (error) => expect(isDatabaseAway(error)).toBe(false));
});
