import { expectAsShipped } from '@palinode/saga/testing';
import { join } from 'node:path';
import { definitions } from './definitions';

it('every saga definition matches its shipped version', () => {
  expectAsShipped(definitions, join(__dirname, '../definitions'));
});
