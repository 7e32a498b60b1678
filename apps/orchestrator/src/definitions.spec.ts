import { expectAsShipped } from '@palinode/saga/testing';
import { join } from 'node:path';
import { definitions } from './definitions';

it('every definition is as it was shipped', () => {
  expectAsShipped(definitions, join(__dirname, '../definitions'));
});
