import { expectAsShipped } from '@palinode/saga/testing';
import { join } from 'node:path';
import { definitions } from './definitions';

it('keeps every saga definition equal to its shipped version', () => {
  expectAsShipped(definitions, join(__dirname, '../definitions'));
});
