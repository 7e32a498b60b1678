import type { DataSource } from 'typeorm';
import { ConfigurationError } from '../contract';
import { Transactions } from './transactions';

it.each([1, 2, 4])('a pool of %s connections, which could all wait for each other, is rejected', (max) => {
  const dataSource = { driver: { master: { options: { max } } } } as unknown as DataSource;
  expect(() => new Transactions(dataSource, 'shop')).toThrow(ConfigurationError);
  expect(() => new Transactions(dataSource, 'shop')).toThrow(`has a pool of ${max} connections and needs 5 or more`);
});
