import type { DataSource } from 'typeorm';
import { WiringError } from '../contract';
import { Transactions } from './transactions';

it('refuses a pool that has no connection for a guard', () => {
  const dataSource = { driver: { master: { options: { max: 1 } } } } as unknown as DataSource;
  expect(() => new Transactions(dataSource, 'shop')).toThrow(WiringError);
});
