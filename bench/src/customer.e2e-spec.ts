import { measured, rowOf } from '../test/measured';

it('npm run customer compares two ways to take an order while the inventory is slow or down', async () => {
  const { printed } = await measured('customer.js', '--rate', '2', '--seconds', '1', '--rounds', '1');
  for (const state of ['is well', 'takes 200 ms more', 'takes 3000 ms more', 'dies half-way', 'is down'])
    expect(printed).toMatch(rowOf(`inventory ${state}`));
});
