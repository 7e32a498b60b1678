import type { DataSource } from 'typeorm';
import { WiringError } from '../contract';
import { Transactions } from './transactions';

it('a pool without a connection for the command lock is rejected', () => {
  const dataSource = { driver: { master: { options: { max: 1 } } } } as unknown as DataSource;
  expect(() => new Transactions(dataSource, 'shop')).toThrow(WiringError);
});
