import { readFileSync } from 'node:fs';
import { measured, plans, rowOf } from '../test/measured';

it('npm run growth compares databases of two sizes', async () => {
  const { printed } = await measured('growth.js', '--open', '1000,2000', '--herd', '1000', '--plans', plans);
  expect(printed).toMatch(rowOf('find and claim 100 due timers'));
  expect(printed).toMatch(rowOf('one saga with its history'));
  expect(readFileSync(plans, 'utf8')).toContain('Index Scan');
});
